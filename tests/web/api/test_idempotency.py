import sqlalchemy as sa

from webapp.db import db
from webapp.models import ApiWrite, Batch


def batches() -> int:
    db.session.expire_all()
    return db.session.scalar(sa.select(sa.func.count()).select_from(Batch))


def test_the_same_write_under_the_same_key_is_done_once_and_answered_alike(
    api, a_batch, an_invoice
):
    first = api.post("/batches", a_batch(an_invoice()), key="k-1")
    again = api.post("/batches", a_batch(an_invoice()), key="k-1")

    assert (again.status_code, again.json) == (201, first.json)
    assert again.headers["Location"] == first.headers["Location"]
    assert again.headers["Idempotency-Replayed"] == "true"
    assert "Idempotency-Replayed" not in first.headers
    assert batches() == 1


def test_without_a_key_a_write_is_done_each_time(api, a_batch):
    api.post("/batches", a_batch())
    api.post("/batches", a_batch())

    assert batches() == 2


def test_another_write_under_the_same_key_is_refused(api, a_batch):
    api.post("/batches", a_batch(), key="k-1")
    other = api.post("/batches", a_batch(reference="other"), key="k-1")

    assert (other.status_code, other.json["problems"][0]["code"]) == (422, "key-reused")
    assert batches() == 1


def test_the_keys_of_two_tokens_have_nothing_to_do_with_each_other(api, call_as, a_batch):
    api.post("/batches", a_batch(), key="k-1")
    other = call_as(name="Second").post("/batches", a_batch(reference="mine"), key="k-1")

    assert other.status_code == 201


def test_a_write_whose_first_time_has_no_answer_yet_is_not_done_again(api, a_batch):
    api.post("/batches", a_batch(), key="k-1")
    db.session.execute(sa.update(ApiWrite).values(status=None, body=None))
    db.session.commit()

    again = api.post("/batches", a_batch(), key="k-1")

    assert (again.status_code, again.json["problems"][0]["code"]) == (409, "still-open")
    assert batches() == 1


def test_a_refused_write_changed_nothing_and_leaves_its_key_free(api, a_batch, an_invoice):
    broken = api.post("/batches", a_batch(an_invoice(company_account="S7")), key="k-1")
    mended = api.post("/batches", a_batch(an_invoice()), key="k-1")

    assert (broken.status_code, mended.status_code) == (422, 201)
    assert batches() == 1


def test_a_body_that_cannot_be_taken_leaves_its_key_free(api, a_batch):
    assert api.post("/batches", {"fin_co": "01"}, key="k-1").status_code == 422
    assert api.post("/batches", a_batch(), key="k-1").status_code == 201


def test_a_key_that_is_none_is_refused(api, a_batch):
    for key in ("", "with space", "ü"):
        assert api.post("/batches", a_batch(), key=key).status_code == 422
    assert batches() == 0


def test_keys_are_forgotten_after_a_week(api, a_batch):
    api.post("/batches", a_batch(), key="k-1")
    db.session.execute(sa.text("UPDATE api_writes SET created_at = '2020-01-01 00:00:00'"))
    db.session.commit()

    assert api.post("/batches", a_batch(), key="k-1").status_code == 201
    assert batches() == 2
