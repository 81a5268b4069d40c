import datetime as dt
from dataclasses import replace
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from webapp.mapping.exports.answers import SentRecord, find_sent, match_answers
from webapp.xero.records import ElementProblem, ElementResult, RemoteDocument


def sent(position, number="1", contact="a", **other):
    members = {
        "type": "ACCPAY",
        "date": "2026-11-20",
        "url": f"https://w.example/{position}",
        "sub_total": Decimal("10.00"),
    }
    return SentRecord(position=position, number=number, contact_id=contact, **members | other)


def answer(index, number="1", contact="a", xero_id="x", **other):
    members = {
        "type": "ACCPAY",
        "status": "AUTHORISED",
        "sub_total": Decimal("10.00"),
        "total_tax": Decimal("1.50"),
        "total": Decimal("11.50"),
        "url": "",
        "errors": (),
        "warnings": (),
    }
    return ElementResult(
        index=index, number=number, contact_id=contact, xero_id=xero_id, **members | other
    )


def remote(number="1", contact="a", xero_id="x", **other):
    members = {
        "kind": "CreditNotes",
        "type": "ACCPAYCREDIT",
        "reference": "",
        "date": dt.date(2026, 11, 20),
        "status": "AUTHORISED",
        "sub_total": Decimal("10.00"),
        "total_tax": Decimal("1.50"),
        "total": Decimal("11.50"),
        "url": "",
        "updated_at": None,
    }
    return RemoteDocument(xero_id=xero_id, number=number, contact_id=contact, **members | other)


@given(st.permutations(range(6)))
def test_answers_are_matched_by_number_and_contact_in_whatever_order_they_come(order):
    marks = [("1", "a"), ("1", "b"), ("2", "a"), ("2", "b"), ("3", "a"), ("4", "c")]
    records = [sent(place, *mark) for place, mark in enumerate(marks)]
    elements = [
        answer(index, *marks[place], xero_id=f"id-{place}") for index, place in enumerate(order)
    ]
    matched = match_answers(records, elements)
    assert {place: element.xero_id for place, element in matched.items()} == {
        place: f"id-{place}" for place in range(6)
    }


def test_equal_numbers_of_one_supplier_are_told_apart_by_their_place():
    records = [sent(0), sent(1)]
    elements = [answer(0, xero_id="first"), answer(1, xero_id="second")]
    matched = match_answers(records, elements)
    assert [matched[0].xero_id, matched[1].xero_id] == ["first", "second"]


def test_an_answer_that_leaves_a_document_out_leaves_it_unmatched():
    assert set(match_answers([sent(0, "1"), sent(1, "2")], [answer(0, "2")])) == {1}


def test_a_bare_refusal_is_matched_by_its_place():
    refusal = answer(1, number="", contact="", xero_id=None, errors=(ElementProblem("", "No."),))
    assert set(match_answers([sent(0, "1"), sent(1, "2")], [answer(0, "1"), refusal])) == {0, 1}


def test_a_document_with_our_url_is_ours_and_its_namesake_is_not():
    record = sent(0)
    namesake = remote(url="https://elsewhere.example/0")
    ours = remote(xero_id="ours", url="https://w.example/0")
    assert find_sent(record, [namesake, ours], frozenset()).document == ours
    assert find_sent(record, [namesake], frozenset()).document is None


def test_a_credit_note_is_recognised_only_if_everything_agrees():
    record = sent(0, url=None, type="ACCPAYCREDIT")
    assert find_sent(record, [remote()], frozenset()).document == remote()
    # A tax rate set wrong in Xero changes its total, not what the document is.
    taxed = remote(total=Decimal("10.00"))
    assert find_sent(record, [taxed], frozenset()).document == taxed
    for other in (
        remote(number="2"),
        remote(contact="b"),
        remote(sub_total=Decimal("10.01")),
        remote(date=dt.date(2026, 11, 21)),
        replace(remote(), type="ACCRECCREDIT"),
    ):
        assert find_sent(record, [other], frozenset()).document is None


def test_a_credit_note_that_is_another_document_of_ours_is_not_taken_twice():
    record = sent(0, url=None, type="ACCPAYCREDIT")
    assert find_sent(record, [remote()], frozenset({"x"})).document is None


def test_two_equal_credit_notes_are_for_a_person_to_tell_apart():
    record = sent(0, url=None, type="ACCPAYCREDIT")
    found = find_sent(record, [remote(xero_id="x"), remote(xero_id="y")], frozenset())
    assert found.ambiguous
    assert found.document is None


def test_a_voided_twin_does_not_stand_in_the_way_of_the_living_one():
    record = sent(0, url=None, type="ACCPAYCREDIT")
    voided = remote(xero_id="x", status="VOIDED")
    living = remote(xero_id="y")
    assert find_sent(record, [voided, living], frozenset()).document == living
    assert find_sent(record, [voided], frozenset()).document == voided


def test_when_a_person_voided_every_twin_the_document_is_not_there():
    record = sent(0, url=None, type="ACCPAYCREDIT")
    twins = [remote(xero_id=xero_id, status="VOIDED") for xero_id in "xy"]
    found = find_sent(record, twins, frozenset())
    assert (found.document, found.ambiguous) == (None, False)


def test_the_marks_of_a_record_are_read_from_the_bytes_that_were_sent():
    body = {
        "Type": "ACCPAYCREDIT",
        "CreditNoteNumber": "CR 1",
        "Contact": {"ContactID": "a"},
        "Date": "2026-11-20",
        "LineItems": [
            {"Quantity": 1, "UnitAmount": Decimal("10.005")},
            {"Quantity": 1, "UnitAmount": Decimal("-0.5")},
        ],
    }
    record = SentRecord.from_body(3, body)
    assert (record.number, record.url, record.sub_total) == ("CR 1", None, Decimal("9.51"))


def journal(position, narration="Timesheet 1 / 1", **other):
    body = {"Narration": narration, "Date": "2026-11-20", "Url": f"https://w.example/{position}"}
    return SentRecord.from_body(position, body | other)


def journal_answer(index, **other):
    return answer(index, number="", contact="", **{"type": ""} | other)


@given(st.permutations(range(4)))
def test_R112_answers_about_journals_are_matched_by_url_in_whatever_order_they_come(order):
    records = [journal(place, narration="the same") for place in range(4)]
    elements = [
        journal_answer(
            index, url=f"https://w.example/{place}", reference="the same", xero_id=f"id-{place}"
        )
        for index, place in enumerate(order)
    ]
    matched = match_answers(records, elements)
    assert {place: element.xero_id for place, element in matched.items()} == {
        place: f"id-{place}" for place in range(4)
    }


def test_answers_about_journals_without_a_url_are_matched_by_narration_or_else_by_place():
    records = [journal(0, "one"), journal(1, "two")]
    swapped = [journal_answer(0, reference="two"), journal_answer(1, reference="one")]
    assert {at: found.index for at, found in match_answers(records, swapped).items()} == {
        0: 1,
        1: 0,
    }
    assert set(match_answers(records, [journal_answer(1)])) == {1}


def journal_there(narration="Timesheet 1 / 1", **other):
    members = {"kind": "ManualJournals", "type": "", "sub_total": None, "reference": narration}
    return remote(number="", contact="", **members | other)


def test_R112_a_journal_with_our_url_is_ours_whatever_its_narration_says_by_now():
    ours = journal_there("Reworded in Xero", url="https://w.example/0")
    theirs = journal_there(xero_id="theirs", url="https://elsewhere.example/0")
    assert find_sent(journal(0), [theirs, ours], frozenset()).document == ours
    assert find_sent(journal(0), [theirs], frozenset()).document is None


def test_R112_a_journal_that_lost_its_url_is_told_by_narration_and_date_or_by_a_person():
    there = journal_there(url="")
    assert find_sent(journal(0), [there], frozenset()).document == there
    assert find_sent(journal(0), [there], frozenset({"x"})).document is None
    for other in (journal_there("other"), journal_there(date=dt.date(2026, 11, 21))):
        assert find_sent(journal(0), [other], frozenset()).document is None
    twins = [journal_there(xero_id=xero_id) for xero_id in "xy"]
    assert find_sent(journal(0), twins, frozenset()).ambiguous
