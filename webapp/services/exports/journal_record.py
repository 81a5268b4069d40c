"""What is particular about journals once they are sent: parts, and accounts kept on lines."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from webapp.db import db
from webapp.domain.runs import ItemState
from webapp.mapping.exports.journal_parts import Part, Posting
from webapp.mapping.exports.journals import journal_parts
from webapp.models import ExportItem

JOURNALS = "ManualJournals"


def is_last_part(item: ExportItem) -> bool:
    """Whether all of the item's document is in Xero with it (R115).

    A run carries every part that was missing when it was planned, so it is enough to ask for the
    others of this run.
    """
    others = sa.select(
        sa.exists().where(
            ExportItem.run_id == item.run_id,
            ExportItem.document_id == item.document_id,
            ExportItem.id != item.id,
            ExportItem.state != ItemState.SENT,
        )
    )
    return not db.session.scalar(others)


def keep_accounts(items: Iterable[ExportItem], bodies: Sequence[Mapping[str, Any]]) -> None:
    """Let the lines of the journals that are in Xero keep the accounts they posted to (R93).

    Not before: an account on a journal line that is not in Xero yet is one that somebody gave it,
    and the activity's may still be mended. Read from the bytes that were sent: they are what was
    posted.
    """
    for item in items:
        if item.state is not ItemState.SENT or item.position is None:
            continue
        lines = {line.line_no: line for line in item.document.lines}
        sent = bodies[item.position]["JournalLines"]
        for entry, posted in zip(_part(item), sent, strict=True):
            line = lines[entry.line_no]
            if entry.on_credit_account:
                line.cr_gl_account = posted["AccountCode"]
            else:
                line.gl_account = posted["AccountCode"]


def lines_sent(item: ExportItem) -> tuple[int, ...]:
    """The number here of each line of the journal as it was sent."""
    return tuple(entry.line_no for entry in _part(item))


def _part(item: ExportItem) -> Part:
    document = item.document
    postings = (
        Posting(line.line_no, line.value_ex_gst, line.description or "") for line in document.lines
    )
    return journal_parts(document.batch.batch_type, postings)[item.part - 1]
