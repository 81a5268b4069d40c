from functools import partial

import pytest
from machines import Caller, make_caller, make_records


@pytest.fixture
def records(house):
    return make_records(house)


@pytest.fixture
def call_as(app, house):
    """Give a caller with these rights in these FinCos."""
    return partial(make_caller, app)


@pytest.fixture
def api(call_as, records) -> Caller:
    """A caller who may do everything in FinCo 01."""
    return call_as()


@pytest.fixture
def stranger(call_as, records) -> Caller:
    """A caller who may do everything, in FinCo 02."""
    return call_as(fin_cos=("02",), name="Other")


@pytest.fixture
def anonymous(app, records) -> Caller:
    return Caller(app, None)


def invoice(number: str = "INV-1", **more):
    document = {
        "kind": "AP Invoice",
        "number": number,
        "company_account": "S1",
        "document_date": "2026-11-10",
        "approved": True,
        "lines": [{"job": "1001", "activity": "MAT", "value_ex_gst": "10.10"}],
    }
    return {key: value for key, value in {**document, **more}.items() if value is not None}


def batch(*documents, **more):
    return {
        "fin_co": "01",
        "batch_type": "AP Invoice",
        "batch_date": "2026-11-12",
        "documents": list(documents),
        **more,
    }


@pytest.fixture
def an_invoice():
    return invoice


@pytest.fixture
def a_batch():
    return batch
