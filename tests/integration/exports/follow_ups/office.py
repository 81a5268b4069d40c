"""Documents with files, boxes to tick, and the worker that sends what follows."""

import datetime as dt
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from webapp.db import db, transaction, utc_now
from webapp.deps import Deps
from webapp.domain.attachments import media_type
from webapp.models import (
    Attachment,
    AttachmentContent,
    Document,
    FollowUp,
    FollowUpQueue,
    XeroConnection,
    XeroDocument,
    XeroSettings,
)
from webapp.services.exports.follow_ups.again import send_again
from webapp.services.exports.follow_ups.run import due_follow_ups, run_follow_ups

PDF = b"%PDF-1.4 a delivery docket"


@dataclass
class Office:
    """What finance does about files, and what the worker makes of it."""

    books: Any
    sandbox: Any
    deps: Deps

    def tick(self, *, ap: bool = False, ar: bool = False, notes: bool = False) -> None:
        with transaction():
            settings = db.session.get(XeroSettings, self.books.fin_co_id)
            if settings is None:
                settings = XeroSettings(fin_co_id=self.books.fin_co_id)
                db.session.add(settings)
            settings.include_ap_attachments = ap
            settings.include_ar_attachments = ar
            settings.add_history_notes = notes

    def batch(self, *names: str, content: bytes = PDF, **more: Any) -> int:
        """A closed batch of one document that carries files of these names."""
        batch_id = self.books.batch("100.00", **more)
        for name in names:
            self.attach(batch_id, name, content)
        return batch_id

    def attach(self, batch_id: int, name: str, content: bytes = PDF) -> None:
        with transaction():
            document = db.session.scalar(sa.select(Document).filter_by(batch_id=batch_id))
            file = Attachment(
                document_id=document.id,
                file_name=name,
                media_type=media_type(name) or "application/octet-stream",
                size=len(content),
                sha256=hashlib.sha256(content).hexdigest(),
                added_at=utc_now(),
            )
            db.session.add(file)
            db.session.flush()
            db.session.add(AttachmentContent(attachment_id=file.id, content=content))

    def work(self, *, clock: Callable[[], dt.datetime] = utc_now) -> None:
        """Let a worker send what is due once."""
        for queue_id in due_follow_ups(clock()):
            run_follow_ups(
                self.deps.xero,
                queue_id=queue_id,
                owner="worker",
                clock=clock,
                lease_seconds=20,
                public_url="http://localhost:5000",
            )

    def export(self, *batch_ids: int) -> int:
        """Export the batches, then send what follows; the run's id."""
        (run_id,) = self.books.plan(*batch_ids).run_ids
        assert self.books.work(run_id).finished
        self.work()
        return run_id

    def rows(self) -> list[FollowUp]:
        db.session.rollback()
        return list(db.session.scalars(sa.select(FollowUp).order_by(FollowUp.id)))

    def states(self) -> list[str]:
        return [row.state.value for row in self.rows()]

    def problems(self) -> list[dict[str, Any]]:
        return [problem for row in self.rows() for problem in row.problems]

    def queue(self) -> FollowUpQueue:
        db.session.rollback()
        return db.session.scalars(sa.select(FollowUpQueue)).one()

    def again(self, run_id: int, follow_up_id: int | None = None) -> int:
        return send_again(run_id=run_id, follow_up_id=follow_up_id, after_commit=lambda _: None)

    def on_records(self, what: str) -> list[list[dict[str, Any]]]:
        """The Attachments or History of each exported record, as its bookkeeper sees them."""
        links = db.session.scalars(sa.select(XeroDocument).order_by(XeroDocument.id)).all()
        client = self.deps.xero.client(self.connection())
        found = []
        for link in links:
            record = client.on(link.collection, link.xero_id)
            found.append(record.files() if what == "Attachments" else record.notes())
        return found

    def files(self) -> list[list[str]]:
        """The names of the files in Xero, record by record."""
        return [[file.file_name for file in files] for files in self.on_records("Attachments")]

    def notes(self) -> list[list[str]]:
        return self.on_records("History")

    def connection(self):
        return db.session.get_one(XeroConnection, self.books.connection_id)

    def uploads(self) -> list[dict[str, Any]]:
        return [call for call in self.sandbox.calls("PUT") if "/Attachments/" in call["path"]]
