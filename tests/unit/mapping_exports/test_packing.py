from hypothesis import given
from hypothesis import strategies as st

from webapp.mapping.exports.packing import MAX_BYTES, MAX_DOCUMENTS, body_of, pack
from webapp.xero.encoding import encode


@given(st.lists(st.integers(1, 2_000_000), max_size=300))
def test_every_document_is_in_exactly_one_request_and_none_is_too_large(sizes):
    requests = list(pack(sizes))
    assert [place for request in requests for place in request] == list(range(len(sizes)))
    for request in requests:
        assert 1 <= len(request) <= MAX_DOCUMENTS
        assert len(request) == 1 or sum(sizes[place] for place in request) <= MAX_BYTES


def test_a_month_of_small_documents_takes_as_few_requests_as_there_can_be():
    assert len(list(pack([2_000] * 926))) == 19


def test_a_document_above_the_limit_travels_alone():
    assert [list(request) for request in pack([10, MAX_BYTES + 1, 10])] == [[0], [1], [2]]


@given(st.lists(st.dictionaries(st.text(), st.decimals(allow_nan=False, allow_infinity=False))))
def test_records_encoded_one_by_one_make_the_very_body_of_all_encoded_together(records):
    assert body_of("Invoices", map(encode, records)) == encode({"Invoices": records})
