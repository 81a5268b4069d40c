"""What the preview says of files and History notes (R107-R109, C12.3)."""

import pytest
from factories import NOW, make_batch, make_connection, make_sound

from webapp.db import db
from webapp.models import Attachment, XeroSettings


def text(element):
    return " ".join(element.text.split())


@pytest.fixture
def preview(house, bob):
    """Opens the preview of a batch of two sound bills with these files, the settings ticked so."""

    def opened(*files, scope=None, **ticked):
        make_connection(house.fin_co, **({"scope": scope} if scope else {}))
        db.session.add(XeroSettings(fin_co_id=house.fin_co.id, **ticked))
        batch = make_batch(house)
        bill, _ = make_sound(batch), make_sound(batch)
        for name, size in files:
            db.session.add(
                Attachment(
                    document_id=bill.id,
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

    assert "2 files of 1 document follow." in told
    assert "2 files are not sent, because Xero would not take them. The documents go all" in told
    assert "): it is larger than the 10 MB that Xero takes. Make a smaller file" in told
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
