"""Attachments and history of documents and contacts (d.11, d.12)."""

import sqlite3
from urllib.parse import quote

from webapp.sandbox.books import new_id
from webapp.sandbox.call import Call, EndpointAnswer, RawAnswer, elements_of
from webapp.sandbox.dates import from_ms, wire_instant
from webapp.sandbox.errors import as_entries, invalid, not_found
from webapp.sandbox.kinds import CONTACTS, CREDIT_NOTES, INVOICES, MANUAL_JOURNALS, PAYMENTS, Kind
from webapp.sandbox.routing import Routes
from webapp.sandbox.wire import JsonObject

routes = Routes()

_MOST = 10
_LARGEST = 10 * 1024 * 1024
_FORBIDDEN = set('<>:"/\\|?*+\0')
_TYPES = {
    "pdf", "png", "jpg", "jpeg", "gif", "bmp", "tif", "tiff", "zip", "zipx", "rar", "7z", "tar",
    "txt", "csv", "rtf", "xml", "msg", "eml", "doc", "docx", "xls", "xlsx", "ppt", "pptx", "odt",
    "ods", "odp", "pages", "numbers", "key",
}  # fmt: skip
"""By the ending of the name. The exact list is not published; programs are not on it."""
_LONGEST_NOTE = 2500
_WITH_ATTACHMENTS = (INVOICES, CREDIT_NOTES, MANUAL_JOURNALS, CONTACTS)
_WITH_HISTORY = (*_WITH_ATTACHMENTS, PAYMENTS)


def _register() -> None:
    for kind in _WITH_ATTACHMENTS:
        base = f"{kind.plural}/{{id}}/Attachments"
        routes.on("GET", base)(lambda call, kind=kind: _list(call, kind))  # type: ignore[misc]  # mypy cannot see the default
        routes.on("GET", f"{base}/{{file}}")(lambda call, kind=kind: _download(call, kind))  # type: ignore[misc]
        routes.on("PUT POST", f"{base}/{{file}}")(lambda call, kind=kind: _upload(call, kind))  # type: ignore[misc]
    for kind in _WITH_HISTORY:
        base = f"{kind.plural}/{{id}}/History"
        routes.on("GET", base)(lambda call, kind=kind: _history(call, kind))  # type: ignore[misc]
        routes.on("PUT", base)(lambda call, kind=kind: _add_note(call, kind))  # type: ignore[misc]


_register()


def _parent(call: Call, kind: Kind) -> JsonObject:
    found = call.books.get(kind, call.path["id"])
    if found is None:
        raise not_found("The document with the supplied id was not found for this endpoint.")
    return found


def _rows(call: Call, kind: Kind) -> list[sqlite3.Row]:
    parent = str(_parent(call, kind)[kind.id_field])
    return list(
        call.books.connection.execute(
            "SELECT id, file_name, mime, length, online FROM attachments"
            " WHERE org=? AND parent=? ORDER BY rowid",
            (call.books.organisation.org, parent),
        )
    )


def _list(call: Call, kind: Kind) -> EndpointAnswer:
    return {"Attachments": [_shown(call, kind, row) for row in _rows(call, kind)]}


def _shown(call: Call, kind: Kind, row: sqlite3.Row) -> JsonObject:
    name = quote(row["file_name"], safe="")
    base = f"{call.host}/api.xro/2.0/{kind.plural}/{call.path['id']}/Attachments"
    return {
        "AttachmentID": row["id"],
        "FileName": row["file_name"],
        "Url": f"{base}/{name}",
        "MimeType": row["mime"],
        "ContentLength": row["length"],
        "IncludeOnline": bool(row["online"]),
    }


def _download(call: Call, kind: Kind) -> EndpointAnswer:
    wanted = call.path["file"]
    for row in _rows(call, kind):
        if wanted.lower() == row["id"] or wanted == row["file_name"]:
            content = call.books.connection.execute(
                "SELECT content FROM attachments WHERE org=? AND id=?",
                (call.books.organisation.org, row["id"]),
            ).fetchone()
            return RawAnswer(bytes(content["content"]), row["mime"])
    raise not_found()


def _upload(call: Call, kind: Kind) -> EndpointAnswer:
    """Take a file; the same name replaces the file that had it."""
    parent = _parent(call, kind)
    name = call.path["file"]
    existing = _rows(call, kind)
    before = [row for row in existing if row["file_name"] == name]
    message = None
    if _FORBIDDEN & set(name):
        message = "The file name holds characters that are not allowed."
    elif name.rpartition(".")[2].lower() not in _TYPES:
        message = "A file of this type cannot be attached."
    elif not call.raw:
        message = "The attachment is empty."
    elif len(call.raw) > _LARGEST:
        message = "The attachment must not be larger than 10 MB."
    elif not before and len(existing) >= _MOST:
        message = "A document can have at most 10 attachments."
    if message:
        raise invalid([{"FileName": name, "ValidationErrors": as_entries([message])}])
    record_id = before[0]["id"] if before else new_id()
    online = call.flag("IncludeOnline", default=False)
    mime = call.headers.get("Content-Type") or "application/octet-stream"
    call.books.connection.execute(
        "INSERT OR REPLACE INTO attachments VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            call.books.organisation.org, parent[kind.id_field], record_id, name,
            mime.partition(";")[0], len(call.raw), int(online), call.raw,
        ),
    )  # fmt: skip
    call.books.save(kind, {**parent, "HasAttachments": True})
    rows = [row for row in _rows(call, kind) if row["id"] == record_id]
    return {"Attachments": [_shown(call, kind, rows[0])]}


def _history(call: Call, kind: Kind) -> EndpointAnswer:
    parent = str(_parent(call, kind)[kind.id_field])
    rows = call.books.connection.execute(
        "SELECT * FROM history WHERE org=? AND parent=? ORDER BY n DESC",
        (call.books.organisation.org, parent),
    )
    return {"HistoryRecords": [_note(row) for row in rows]}


def _add_note(call: Call, kind: Kind) -> EndpointAnswer:
    """Add notes; none can be changed or removed."""
    parent = str(_parent(call, kind)[kind.id_field])
    added = []
    for payload in elements_of(call.body, "HistoryRecords", "HistoryRecord"):
        details = str(payload.get("Details") or "")
        if not details or len(details) > _LONGEST_NOTE:
            message = "Details must hold 1 to 2500 characters."
            raise invalid([{**payload, "ValidationErrors": as_entries([message])}])
        cursor = call.books.connection.execute(
            "INSERT INTO history (org, parent, at, changes, details, user)"
            " VALUES (?, ?, ?, 'Note', ?, 'System Generated') RETURNING *",
            (call.books.organisation.org, parent, call.books.clock.now_ms(), details),
        )
        added.append(_note(cursor.fetchone()))
    return {"HistoryRecords": added}


def _note(row: sqlite3.Row) -> JsonObject:
    return {
        "Changes": row["changes"],
        "DateUTC": wire_instant(row["at"]),
        "DateUTCString": from_ms(row["at"]).replace(tzinfo=None).isoformat(timespec="seconds"),
        "User": row["user"],
        "Details": row["details"],
    }
