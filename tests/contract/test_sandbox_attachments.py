import pytest

PDF = b"%PDF-1.4 a delivery docket"


def test_a_file_goes_up_is_listed_and_comes_down_unchanged(api):
    invoice = api.make()
    base = f"Invoices/{invoice['InvoiceID']}/Attachments"
    headers = {"Content-Type": "application/pdf"}
    made = api.call("PUT", f"{base}/Docket%207.pdf", data=PDF, headers=headers).json()
    attachment = made["Attachments"][0]
    assert (attachment["FileName"], attachment["MimeType"]) == ("Docket 7.pdf", "application/pdf")
    assert attachment["ContentLength"] == len(PDF)
    for name in (attachment["AttachmentID"], "Docket%207.pdf"):
        answer = api.call("GET", f"{base}/{name}", headers={"Accept": "application/pdf"})
        assert (answer.content, answer.headers["Content-Type"]) == (PDF, "application/pdf")
    assert api.get(base)["Attachments"] == [attachment]
    assert api.get(f"Invoices/{invoice['InvoiceID']}")["Invoices"][0]["HasAttachments"] is True


def test_the_same_name_replaces_and_the_eleventh_is_refused(api):
    base = f"Contacts/{api.contact_id()}/Attachments"
    for number in range(10):
        assert api.call("POST", f"{base}/{number}.txt", data=b"x").status_code == 200
    assert api.call("POST", f"{base}/0.txt", data=b"longer").status_code == 200
    assert api.call("POST", f"{base}/11.txt", data=b"x").status_code == 400
    listed = api.get(base)["Attachments"]
    assert len(listed) == 10
    assert {one["ContentLength"] for one in listed if one["FileName"] == "0.txt"} == {6}


@pytest.mark.parametrize("name", ["a%3Ab.pdf", "a%3Cb.pdf", "a%2Bb.pdf", "a%7Cb.pdf", "a%22b.pdf"])
def test_some_characters_are_not_allowed_in_file_names(api, name):
    path = f"Contacts/{api.contact_id()}/Attachments/{name}"
    assert api.call("PUT", path, data=b"x").status_code == 400


def test_ten_megabytes_fit_and_one_byte_more_does_not(api):
    base = f"Contacts/{api.contact_id()}/Attachments"
    limit = 10 * 1024 * 1024
    assert api.call("PUT", f"{base}/fits.zip", data=bytes(limit)).status_code == 200
    assert api.call("PUT", f"{base}/over.zip", data=bytes(limit + 1)).status_code == 400


@pytest.mark.parametrize("name", ["setup.exe", "run.sh", "noending", "page.html"])
def test_programs_and_files_without_an_ending_are_not_taken(api, name):
    path = f"Contacts/{api.contact_id()}/Attachments/{name}"
    answer = api.call("PUT", path, data=b"x")
    assert answer.status_code == 400
    assert "of this type" in answer.text


def test_a_file_that_is_sent_again_under_its_key_is_answered_as_the_first_time(api):
    path = f"Invoices/{api.make()['InvoiceID']}/Attachments/a.pdf"
    headers = {"Content-Type": "application/pdf", "Idempotency-Key": "key of a file"}
    first, second = (api.call("PUT", path, data=PDF, headers=headers).json() for _ in range(2))
    assert first["Attachments"] == second["Attachments"]


def test_the_attachments_of_no_document_are_not_found(api):
    answer = api.call("GET", "Invoices/2c3e8d35-0d0b-4c9e-9d3c-1f5f6b0f4a11/Attachments")
    assert answer.status_code == 404
    assert "not found for this endpoint" in answer.text


def test_history_is_added_to_and_never_changed(api):
    path = f"Invoices/{api.make()['InvoiceID']}/History"
    for text in ("Sent by Ann", "Sent by Bob"):
        body = {"HistoryRecords": [{"Details": text}]}
        (note,) = api.send("PUT", path, body)["HistoryRecords"]
        assert (note["Details"], note["User"]) == (text, "System Generated")
    notes = [one["Details"] for one in api.get(path)["HistoryRecords"]]
    assert notes == ["Sent by Bob", "Sent by Ann"]
    assert api.call("DELETE", path).status_code == 501
    assert api.call("POST", path, json=body).status_code == 501
    assert api.refused("PUT", path, {"HistoryRecords": [{"Details": "x" * 2501}]})
