"""What follows a document to Xero once it is there: its files, and a note in its history."""

from collections.abc import Iterable
from enum import StrEnum
from pathlib import PurePosixPath
from typing import NamedTuple

from webapp.domain.attachments import LARGEST, MOST, is_name, media_type
from webapp.domain.documents import DocumentKind
from webapp.domain.problems import Problem


class FollowUpKind(StrEnum):
    """A file of the document, or the History note that says where it came from."""

    FILE = "file"
    NOTE = "note"


class FollowUpState(StrEnum):
    """How far one of them is. UNCERTAIN was sent and no trustworthy answer came back."""

    PENDING = "pending"
    SENDING = "sending"
    UNCERTAIN = "uncertain"
    SENT = "sent"
    FAILED = "failed"


UNSETTLED = frozenset({FollowUpState.PENDING, FollowUpState.SENDING, FollowUpState.UNCERTAIN})

OF_PAYABLES = frozenset({DocumentKind.AP_INVOICE, DocumentKind.AP_CREDIT, DocumentKind.SUB_CLAIM})
"""Whose files go along where Include AP Attachments is ticked (R107)."""

OF_RECEIVABLES = frozenset(
    {DocumentKind.SALES_INVOICE, DocumentKind.SALES_CREDIT, DocumentKind.CONTRACT_CLAIM}
)
"""Whose files go along where Include AR Attachments is ticked (R108). Journals' files never go."""

BY_HAND = "Open the document in Xero and add the file there by hand."
LONGEST_NOTE = 2500
"""As many characters as Xero takes in a History note (xero-api d.12)."""


def names_in_xero(file_names: Iterable[str]) -> list[str]:
    """What the files of one document are called in Xero, in the same order.

    Xero replaces a file by another of the same name, and may not tell capitals apart; so the
    later of two that differ in those alone gets a number before its ending (Q30).
    """
    taken: set[str] = set()
    names = []
    for file_name in file_names:
        name, count = file_name, 1
        while name.casefold() in taken:
            count += 1
            path = PurePosixPath(file_name)
            name = f"{path.stem}-{count}{path.suffix}"
        taken.add(name.casefold())
        names.append(name)
    return names


def file_problem(*, document: str, file_name: str, size: int, place: int) -> Problem | None:
    """Why Xero would not take a file, told before a call is spent on it (R109, Q30).

    Args:
        document: the document it belongs to, as a person names it.
        file_name: what it is to be called in Xero.
        size: in bytes.
        place: its place among the files of its document, from 1.
    """
    found = file_refusal(file_name=file_name, size=size, place=place)
    if found is None:
        return None
    return Problem(
        code=found.code,
        record=f"{file_name} of {document}",
        message=f"{file_name} was not sent: {found.reason}",
        way_out=found.way_out,
    )


class FileRefusal(NamedTuple):
    """Why Xero would not take a file: ``reason`` is the end of a sentence about it."""

    code: str
    reason: str
    way_out: str


def file_refusal(*, file_name: str, size: int, place: int) -> FileRefusal | None:
    """Why Xero would not take a file; ``size`` in bytes, ``place`` among those of its document."""
    if place > MOST:
        return FileRefusal(
            "too-many-files",
            f"Xero takes {MOST} files for one document, and {MOST} others come before it.",
            "Put several files into one, and add that to the document in Xero by hand.",
        )
    if size > LARGEST:
        return FileRefusal(
            "file-too-large",
            f"it is larger than the {LARGEST // 1024 // 1024} MB that Xero takes.",
            "Make a smaller file of it, and add that to the document in Xero by hand.",
        )
    if size == 0:
        return FileRefusal("file-empty", "it is empty.", BY_HAND)
    if media_type(file_name) is None:
        return FileRefusal(
            "file-type",
            "Xero takes office documents, images, PDF, ZIP and mail, and no files of this type.",
            "Put it into a ZIP file, and add that to the document in Xero by hand.",
        )
    if not is_name(file_name):
        return FileRefusal(
            "file-name",
            'Xero takes names of up to 100 characters with none of < > : " / \\ | ? * +.',
            "Give the file another name, and add it to the document in Xero by hand.",
        )
    return None


def note_text(*, document: str, batch: str, reference: str, by: str | None, address: str) -> str:
    """The History note: what was sent, from which batch, by whom, and where it stands here.

    It says where it came from without the word that a product's name may not hold (C2.1), and it
    holds nothing that changes, so that it can be told from others when it is looked up (C12.3).
    """
    of = f"batch {batch} ({reference})" if reference else f"batch {batch}"
    who = f" by {by}" if by else ""
    text = f"{document}, {of}, was sent from Workbench{who}."
    return f"{text[: LONGEST_NOTE - len(address) - 1]} {address}"
