"""What hangs on one record of an organisation: its files and its history (xero-api d.11, d.12)."""

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote

from webapp.xero._answers import elements
from webapp.xero._send import Sender
from webapp.xero._values import identifier, money, text
from webapp.xero._wire import Answer
from webapp.xero.encoding import encode
from webapp.xero.errors import BadResponse, Call, OutcomeUnknown
from webapp.xero.records import DocumentKind, RemoteFile


class OnRecord:
    """The files and the history of one invoice, credit note or journal.

    Every method may raise the errors of `errors.py`; `OutcomeUnknown` comes from writes only, and
    `Refused` with status 404 says that the organisation has no such record.
    """

    def __init__(self, sender: Sender, kind: DocumentKind, xero_id: str) -> None:
        self._sender = sender
        self._path = f"{kind}/{quote(xero_id, safe='')}"

    def files(self) -> list[RemoteFile]:
        """Every file that hangs on it, whoever put it there."""
        path = f"{self._path}/Attachments"
        answer = self._sender.get(path, {})
        try:
            return [_file(row) for row in elements(answer, "Attachments")]
        except ValueError as odd:
            raise BadResponse(str(odd), call=_call("GET", path, answer)) from odd

    def attach(
        self,
        file_name: str,
        content: bytes,
        media_type: str,
        idempotency_key: str,
        last_look: Callable[[], bool] | None = None,
    ) -> RemoteFile:
        """Hang a file on it. One of the same name is replaced: look before it may be another's.

        `last_look` is asked when the call's turn has come; where it says no, nothing is sent. The
        file is not shown to customers with their online invoice.

        Raises:
            Withdrawn: `last_look` said no.
            OutcomeUnknown: look the files up before sending it again under another key.
            Refused: it was not taken.
        """
        path = f"{self._path}/Attachments/{quote(file_name, safe='')}"
        answer = self._sender.write(
            "PUT", path, {}, content, idempotency_key, last_look, content_type=media_type
        )
        try:
            (made,) = (_file(row) for row in elements(answer, "Attachments"))
        except ValueError as odd:
            raise OutcomeUnknown(
                "the answer cannot be read", call=_call("PUT", path, answer)
            ) from odd
        return made

    def notes(self) -> list[str]:
        """The words of every entry of its history that has any."""
        path = f"{self._path}/History"
        answer = self._sender.get(path, {})
        try:
            rows = elements(answer, "HistoryRecords")
            return [details for row in rows if (details := text(row.get("Details")))]
        except ValueError as odd:
            raise BadResponse(str(odd), call=_call("GET", path, answer)) from odd

    def add_note(
        self,
        details: str,
        idempotency_key: str,
        last_look: Callable[[], bool] | None = None,
    ) -> None:
        """Add an entry to its history, of up to 2,500 characters. It can never be taken off.

        Raises:
            Withdrawn: `last_look` said no.
            OutcomeUnknown: look the notes up before sending it again under another key.
            Refused: it was not taken.
        """
        body = encode({"HistoryRecords": [{"Details": details}]})
        self._sender.write("PUT", f"{self._path}/History", {}, body, idempotency_key, last_look)


def _file(row: Mapping[str, Any]) -> RemoteFile:
    attachment_id = identifier(row.get("AttachmentID"))
    if attachment_id is None:
        raise ValueError("a file without AttachmentID")
    size = money(row.get("ContentLength"))
    return RemoteFile(
        attachment_id=attachment_id,
        file_name=text(row.get("FileName")),
        size=int(size) if size is not None else None,
    )


def _call(method: str, path: str, answer: Answer) -> Call:
    return Call(method, path, answer.status, answer.correlation_id)
