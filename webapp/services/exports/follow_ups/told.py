"""Why a file or note did not go, in words for the person who waits for it."""

from webapp.db import db
from webapp.domain.follow_ups import FollowUpKind, file_problem, note_text
from webapp.domain.problems import Problem
from webapp.models import FollowUp, FollowUpQueue, XeroSettings
from webapp.services.exports.follow_ups.plan import files_go
from webapp.services.exports.pausing import connection_of
from webapp.services.exports.record import record_name
from webapp.services.failures import explain
from webapp.xero.errors import PermissionMissing, XeroError

NOT_FOUND = 404
BY_THEMSELVES = "Files and notes then go on by themselves, and nothing is sent twice."
NO_ANSWER = (
    "Xero did not answer when a file or note was sent. It is looked up there before it is sent "
    "again."
)
SEND_AGAIN = "Then press Send again. The document itself is in Xero and stays as it is."


def name(row: FollowUp) -> str:
    """A file or note as a person names it."""
    document = record_name(row.document)
    if row.kind is FollowUpKind.NOTE:
        return f"The history note of {document}"
    return f"{row.file_name} of {document}"


def note(row: FollowUp, public_url: str) -> str:
    """The words of a History note (C12.3)."""
    batch = row.document.batch
    starter = row.run.started_by
    return note_text(
        document=f"{row.document.kind.value} {row.document.number}",
        batch=batch.number,
        reference=batch.reference or "",
        by=starter.name if starter else None,
        address=f"{public_url}/documents/{row.document.uid}",
    )


def unsendable(row: FollowUp, content: bytes | None) -> Problem | None:
    """Why no call is spent on it, as things stand now."""
    settings = db.session.get(XeroSettings, row.queue.fin_co_id)
    if settings is None or not _ticked(settings, row):
        return _problem(
            row,
            "not-ticked",
            "it was to go, but its box on the Xero Integration screen was unticked meanwhile.",
            f"Tick it there if it is to go. {SEND_AGAIN}",
        )
    if row.kind is FollowUpKind.NOTE:
        return None
    found = file_problem(
        document=record_name(row.document),
        file_name=row.file_name,
        size=row.size,
        place=row.place,
    )
    if found is not None or content is not None:
        return found
    return _problem(
        row,
        "file-gone",
        "the file that was attached when the document went is not there any more.",
        "Add the file to the document in Xero by hand.",
    )


def name_taken(row: FollowUp) -> Problem:
    """Another file of that name hangs on the record, and ours would replace it."""
    return _problem(
        row,
        "name-taken",
        "the document in Xero carries another file of that name, which this one would replace.",
        f"Rename or remove the file in Xero. {SEND_AGAIN}",
    )


def refused(row: FollowUp, error: XeroError) -> Problem:
    """Xero's refusal, or an answer of its that cannot be read."""
    said = "; ".join(problem.message for problem in getattr(error, "problems", ()))
    if error.status == NOT_FOUND:
        message = "Xero has no such document any more."
        way_out = "Ask whoever keeps the books in Xero what became of it."
    else:
        message = "Xero did not take it."
        way_out = f"Read Xero's words, and put right what they name. {SEND_AGAIN}"
    return _problem(
        row,
        "refused-by-xero",
        message,
        way_out,
        verbatim=said or error.message,
        request_id=error.correlation_id,
    )


def out_of_tries(row: FollowUp) -> Problem:
    """Xero never answered, and it was looked up each time and is not there."""
    return _problem(
        row,
        "xero-failed",
        f"Xero failed each of the {row.attempts} times it was sent. It was looked up afterwards "
        "and is not there.",
        f"Wait until Xero works again. {SEND_AGAIN}",
    )


def withheld(queue: FollowUpQueue, error: PermissionMissing) -> str:
    """Why nothing of its kind goes: the connection was not given the permission (C4.2)."""
    connection = connection_of(queue)
    organisation = connection.organisation_name if connection else "the organisation"
    reason = explain(error, organisation)
    return f"{reason.message} {reason.way_out} Documents go all the same. {BY_THEMSELVES}"


def _ticked(settings: XeroSettings, row: FollowUp) -> bool:
    if row.kind is FollowUpKind.NOTE:
        return settings.add_history_notes
    return files_go(settings, row.document.kind)


def _problem(
    row: FollowUp,
    code: str,
    message: str,
    way_out: str,
    *,
    verbatim: str | None = None,
    request_id: str | None = None,
) -> Problem:
    return Problem(
        code=code,
        record=name(row),
        message=f"{name(row)} was not sent: {message}",
        way_out=way_out,
        verbatim=verbatim,
        request_id=request_id,
    )
