"""What the preview says of files and History notes (R107-R109, C12.3)."""

import datetime as dt
from decimal import Decimal

import pytest
from factories import TENANT, make_batch, make_connection, make_document

from webapp.db import db
from webapp.models import Activity, Attachment, GstType, XeroContact, XeroSettings

NOW = dt.datetime(2026, 11, 20, 9, 0, tzinfo=dt.UTC)


def text(element):
    return " ".join(element.text.split())


@pytest.fixture
def preview(house, bob):
    """Opens the preview of a batch of two sound bills with these files, the settings ticked so."""

    def opened(*files, scope=None, **ticked):
        make_connection(house.fin_co, **({"scope": scope} if scope else {}))
        db.session.add(XeroSettings(fin_co_id=house.fin_co.id, **ticked))
        batch = make_batch(house)
        bills = [make_document(batch) for _ in range(2)]
        activity = Activity(code="CONC", description="Concrete", dr_gl_account="310")
        gst = GstType(code="G15", description="GST", export_code="INPUT2", percent=Decimal(15))
        for bill in bills:
            bill.lines[0].activity, bill.lines[0].gst_type = activity, gst
            db.session.add(
                XeroContact(
                    fin_co_id=batch.fin_co_id,
                    tenant_id=TENANT,
                    company=bill.company,
                    contact_id=bill.uid,
                    name=bill.company.name,
                    status="ACTIVE",
                    seen_at=NOW,
                )
            )
        for name, size in files:
            db.session.add(
                Attachment(
                    document_id=bills[0].id,
                    file_name=name,
                    media_type="application/pdf",
                    size=size,
                    sha256="0" * 64,
                    added_at=NOW,
                )
            )
        db.session.commit()
        return text(
            bob.open(f"/export-control/preview?batches={batch.id}").select_one(".destinations")
        )

    return opened


def test_R107_R109_the_preview_counts_the_files_and_names_those_xero_would_not_take(preview):
    told = preview(
        ("a.pdf", 100), ("b.pdf", 100), ("big.pdf", 11 << 20), ("x.exe", 9),
        include_ap_attachments=True,
    )  # fmt: skip

    assert "2 files follow the documents, of 1 document." in told
    assert "2 files are not sent, for Xero would not take them. The documents go all" in told
    assert "big.pdf was not sent: it is larger than the 10 MB" in told
    assert "No History notes are written." in told


def test_C12_3_the_preview_says_that_history_notes_are_written(preview):
    told = preview(add_history_notes=True)

    assert "A note is written into the History of each of the 2 records in Xero." in told
    assert "No files follow the documents." in told


def test_R107_files_whose_box_is_not_ticked_are_said_to_stay(preview):
    told = preview(("a.pdf", 100), include_ar_attachments=True)

    assert "No files follow" in told
    assert "1 file stays here, because its box is not ticked: Xero Integration." in told


def test_C4_2_files_that_lack_the_permission_are_said_to_wait(preview):
    told = preview(
        ("a.pdf", 100),
        include_ap_attachments=True,
        scope="accounting.invoices accounting.contacts accounting.settings",
    )

    assert "once the connection is given permission for files" in told
