def test_a_batch_comes_with_its_documents_and_is_closed(api, a_batch, an_invoice):
    made = api.post("/batches", a_batch(an_invoice("A-1"), an_invoice("A-2")))

    assert made.status_code == 201, made.json
    number = made.json["batch"]
    assert made.headers["Location"].endswith(f"/api/v1/batches/{number}")
    assert len(made.json["documents"]) == 2
    told = api.get(f"/batches/{number}").json
    assert told["totals"] == [
        {
            "currency": "NZD",
            "documents": 2,
            "value_ex_gst": "20.20",
            "gst": "3.04",
            "total": "23.24",
        }
    ]
    closed = api.post(f"/batches/{number}/close")
    assert (closed.status_code, closed.json["status"]) == (200, "closed")


def test_a_sales_document_may_come_without_a_number_and_a_supplier_s_may_not(
    api, a_batch, an_invoice
):
    sale = an_invoice(
        number=None,
        kind="Job Sales Invoice",
        company_account="C1",
        job="1001",
        lines=[{"sales_code": "CLAIM", "value_ex_gst": "100.00"}],
    )
    made = api.post("/batches", a_batch(sale, sale, batch_type="AR Invoice"))
    assert made.status_code == 201, made.json
    found = api.get(f"/batches/{made.json['batch']}/documents").json["items"]
    assert [one["number"] for one in found] == ["1", "2"]
    refused = api.post("/batches", a_batch(an_invoice(number=None)))
    assert (refused.status_code, refused.json["problems"][0]["pointer"]) == (
        422,
        "/documents/0/number",
    )


def test_a_batch_of_a_date_that_no_period_holds_is_refused_with_those_there_are(
    api, a_batch, an_invoice
):
    refused = api.post("/batches", {**a_batch(an_invoice("A-1")), "batch_date": "2062-11-20"})
    assert refused.status_code == 409
    assert "20 Nov 2062 is in no financial period" in refused.json["detail"]
    assert "from 01 Oct 2026 to 30 Nov 2026" in refused.json["detail"]
    assert api.get("/batches").json["total"] == 0
