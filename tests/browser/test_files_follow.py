"""Files and notes follow their documents, seen on the pages as they go."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from running_copy import Copy
from screens import INTEGRATION, export, press, run_state

PDF = b"%PDF-1.4 a delivery docket"


@pytest.fixture(scope="module")
def copy(start_copy) -> Copy:
    copy = start_copy()
    copy.seed()
    copy.connect_and_import()
    return copy


def test_R107_C12_3_a_person_ticks_the_boxes_attaches_a_file_and_sees_it_arrive(
    admin: Page, copy: Copy, tmp_path: Path
):
    batch = copy.load()["batches"][0].split()[0]
    admin.goto(f"{INTEGRATION}?fin_co=01")
    admin.get_by_label("Include AP Attachments").check()
    admin.get_by_label("Add a note to the history in Xero").check()
    press(admin, "Save")
    expect(admin.get_by_text("The settings of FinCo 01 are saved.")).to_be_visible()

    docket = tmp_path / "docket 7.pdf"
    docket.write_bytes(PDF)
    admin.goto(f"/batches/{batch}")
    admin.locator("#documents tbody th a, table tbody th a").first.click()
    document = admin.url
    admin.get_by_label("File, up to 10 MB").set_input_files(docket)
    press(admin, "Attach")
    expect(admin.get_by_role("link", name="docket 7.pdf", exact=True)).to_be_visible()

    copy.close_all()
    export(admin, batch)
    expect(run_state(admin, "Export completed")).to_be_visible()
    section = admin.get_by_role("region", name="Files and notes for Xero")
    expect(section).to_contain_text("1 of 1 file sent.")
    expect(section).to_contain_text(re.compile(r"(\d+) of \1 history notes added\."))

    admin.goto(document)
    section = admin.get_by_role("region", name="Files and notes for Xero")
    expect(section.get_by_role("listitem").filter(has_text="docket 7.pdf")).to_contain_text(
        "In Xero"
    )
    expect(section.get_by_role("button")).to_have_count(0)
