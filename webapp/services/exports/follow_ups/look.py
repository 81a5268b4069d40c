"""Looks in Xero whether a file or note is there already, before it may go a second time."""

import unicodedata
from typing import NamedTuple, cast

from webapp.db import db
from webapp.domain.follow_ups import FollowUpKind
from webapp.models import FollowUp
from webapp.services.exports.follow_ups.desk import Station
from webapp.xero.records import DocumentKind, RemoteFile


class Seen(NamedTuple):
    """What a look showed: it is there, or a file of its name that is not it."""

    found: bool
    attachment_id: str | None = None
    in_its_place: bool = False


def is_there(station: Station, follow_up_id: int) -> Seen:
    """Look for it on its record: a file by name and size, a note by its words.

    A file of the same name and another size is somebody's own: sending ours would replace it.

    Raises:
        XeroError: Xero cannot be asked now.
    """
    row = db.session.get_one(FollowUp, follow_up_id)
    kind, xero_id, name, size, text = row.kind, row.xero_id, row.file_name, row.size, row.text
    record = station.client.on(cast("DocumentKind", row.collection), xero_id)
    db.session.remove()
    if kind is FollowUpKind.NOTE:
        # One without words never left.
        return Seen(text is not None and text in record.notes())
    if xero_id not in station.files_seen:
        station.files_seen[xero_id] = record.files()
    namesakes = [file for file in station.files_seen[xero_id] if _same_name(file, name)]
    for file in namesakes:
        if file.size is None or file.size == size:
            return Seen(found=True, attachment_id=file.attachment_id)
    return Seen(found=False, in_its_place=bool(namesakes))


def _same_name(file: RemoteFile, name: str) -> bool:
    return _plain(file.file_name) == _plain(name)


def _plain(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()
