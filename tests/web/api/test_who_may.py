"""What is behind the table of permissions: see tests/web/test_who_may_do_what.py."""


def test_records_of_another_fin_co_are_as_unknown_as_those_that_are_not_there(
    api, a_batch, an_invoice
):
    def told(**line):
        lines = [{"job": "1001", "activity": "MAT", "value_ex_gst": "1.00", **line}]
        return api.post("/batches", a_batch(an_invoice(lines=lines))).json["problems"]

    [foreign], [absent] = told(job="2001"), told(job="9999")
    assert foreign["code"] == absent["code"] == "unknown-job"
    assert foreign["detail"].replace("2001", "") == absent["detail"].replace("9999", "")


def test_a_signed_in_person_has_no_business_here_without_a_token(alice, records):
    assert alice.get("/api/v1/batches").status_code == 401
