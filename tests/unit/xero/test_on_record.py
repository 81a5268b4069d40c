import json
from urllib.parse import urlsplit

import pytest
import requests

from webapp.xero.errors import BadResponse, OutcomeUnknown, PermissionMissing, Refused, Withdrawn

INVOICE = "11111111-1111-4111-8111-111111111111"
BASE = f"https://api.test/api.xro/2.0/Invoices/{INVOICE}"
FILE = {
    "AttachmentID": "22222222-2222-4222-8222-222222222222",
    "FileName": "Docket 7.pdf",
    "MimeType": "application/pdf",
    "ContentLength": 11,
}
PDF = b"%PDF docket"


@pytest.fixture
def record(client):
    return client.on("Invoices", INVOICE)


def test_C12_5_a_file_goes_as_its_very_bytes_with_its_type_and_its_name_in_the_address(
    record, xero
):
    xero.put(f"{BASE}/Attachments/Docket%207%20%26%20%C4%81.pdf", json={"Attachments": [FILE]})

    made = record.attach("Docket 7 & ā.pdf", PDF, "application/pdf", "key-1")

    sent = xero.calls[0].request
    assert sent.body == PDF
    assert sent.headers["Content-Type"] == "application/pdf"
    assert sent.headers["Idempotency-Key"] == "key-1"
    assert urlsplit(sent.url).query == ""
    assert (made.attachment_id, made.size) == (FILE["AttachmentID"], 11)


def test_files_are_listed_even_where_xero_leaves_their_size_out(record, xero):
    unsized = {key: value for key, value in FILE.items() if key != "ContentLength"}
    xero.get(f"{BASE}/Attachments", json={"Attachments": [FILE, unsized]})

    assert [file.size for file in record.files()] == [11, None]


@pytest.mark.parametrize("body", [{}, {"Attachments": []}, {"Attachments": [{"FileName": "a"}]}])
def test_an_answer_that_names_no_file_leaves_it_unknown_whether_it_arrived(record, xero, body):
    xero.put(f"{BASE}/Attachments/a.pdf", json=body)

    with pytest.raises(OutcomeUnknown):
        record.attach("a.pdf", PDF, "application/pdf", "key-1")


def test_a_lost_answer_to_a_file_or_a_note_is_unknown_and_not_sent_again(record, xero):
    xero.put(f"{BASE}/Attachments/a.pdf", body=requests.ReadTimeout("100 s"))
    xero.put(f"{BASE}/History", status=500)

    with pytest.raises(OutcomeUnknown):
        record.attach("a.pdf", PDF, "application/pdf", "key-1")
    with pytest.raises(OutcomeUnknown):
        record.add_note("Sent", "key-2")
    assert len(xero.calls) == 2


def test_C5_1_a_refused_file_carries_xeros_own_words(record, xero):
    said = "A document can have at most 10 attachments."
    answer = {"Elements": [{"ValidationErrors": [{"Message": said}]}]}
    xero.put(f"{BASE}/Attachments/a.pdf", json=answer, status=400)

    with pytest.raises(Refused) as refused:
        record.attach("a.pdf", PDF, "application/pdf", "key-1")
    assert [problem.message for problem in refused.value.problems] == [said]


def test_what_is_taken_back_at_the_last_look_never_leaves(record, xero):
    with pytest.raises(Withdrawn):
        record.attach("a.pdf", PDF, "application/pdf", "key-1", lambda: False)
    with pytest.raises(Withdrawn):
        record.add_note("Sent", "key-1", lambda: False)
    assert len(xero.calls) == 0


def test_C4_2_a_withheld_permission_for_files_is_told_as_such(record, xero):
    xero.put(
        f"{BASE}/Attachments/a.pdf",
        status=401,
        headers={"WWW-Authenticate": "insufficient_scope"},
        json={"Detail": "AuthorizationUnsuccessful"},
    )

    with pytest.raises(PermissionMissing) as missing:
        record.attach("a.pdf", PDF, "application/pdf", "key-1")
    assert "Attachments" in missing.value.path


def test_C12_3_a_note_goes_as_one_history_record(record, xero):
    xero.put(f"{BASE}/History", json={"HistoryRecords": [{"Details": "Sent"}]})

    record.add_note("Sent from Workbench", "key-1")

    assert json.loads(xero.calls[0].request.body) == {
        "HistoryRecords": [{"Details": "Sent from Workbench"}]
    }


def test_notes_are_read_with_those_that_say_nothing_left_out(record, xero):
    rows = [{"Details": "Sent", "Changes": "Note"}, {"Changes": "Created"}, {"Details": None}]
    xero.get(f"{BASE}/History", json={"HistoryRecords": rows})

    assert record.notes() == ["Sent"]


def test_a_list_that_cannot_be_read_is_no_empty_list(record, xero):
    xero.get(f"{BASE}/Attachments", json={"Something": []})
    xero.get(f"{BASE}/History", json={"Something": []})

    with pytest.raises(BadResponse):
        record.files()
    with pytest.raises(BadResponse):
        record.notes()
