"""The API against its own OpenAPI document, with requests drawn from that document."""

from contextvars import Context

import pytest
import schemathesis
from factories import NOW, TENANT, make_batch, make_document, make_run
from hypothesis import HealthCheck, Phase, given, settings
from openapi_spec_validator import OpenAPIV31SpecValidator, validate
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from webapp.db import db
from webapp.domain.batches import BatchStatus
from webapp.domain.runs import ImportKind, ItemState, RunOrigin
from webapp.models import ImportRun, ImportRunKind

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
DRAWN = settings(
    max_examples=8,
    deadline=None,
    database=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture
def document(app):
    return schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app)


@pytest.fixture
def there(house, records):
    """Records whose addresses can be drawn, so that not all there is to see are refusals."""
    batch = make_batch(house, status=BatchStatus.OPEN, number="X-1")
    paper = make_document(batch)
    sent = make_document(make_batch(house, number="X-2"))
    imported = ImportRun(
        fin_co_id=house.fin_co.id, tenant_id=TENANT, started_at=NOW, origin=RunOrigin.COMMAND
    )
    imported.kinds = [ImportRunKind(kind=ImportKind.COMPANIES)]
    db.session.add(imported)
    db.session.commit()
    return {
        "number": batch.number,
        "uid": paper.uid,
        "file_name": "scan.pdf",
        "run_id": make_run(house.fin_co, [(sent, ItemState.SENT)]).id,
        "company_id": records["supplier"].id,
        "job_id": records["job"].id,
        "account_id": records["account"].id,
        "code": "MAT",
        "year": house.period.year,
    }, imported.id


def operations(document):
    for found in document.get_all_operations():
        yield found.ok()


def bombard(document, *, headers, mode, prepare=lambda _: None):
    answered = set()
    for operation in operations(document):

        @DRAWN
        @given(case=operation.as_strategy(generation_mode=mode))
        def send(case):
            prepare(case)
            # In a context of its own: the open one of the test would be shared otherwise.
            response = Context().run(case.call, headers=headers)
            case.validate_response(response, checks=CHECKS)
            answered.add((case.operation.label, response.status_code))

        send()
    return answered


def test_the_document_is_a_sound_openapi_document(app):
    validate(app.test_client().get("/api/v1/openapi.json").json, cls=OpenAPIV31SpecValidator)


def test_without_a_token_every_operation_answers_401(records, document):
    answered = bombard(document, headers={}, mode=GenerationMode.POSITIVE)

    assert {status for _, status in answered} == {401}
    assert len({label for label, _ in answered}) == len(list(operations(document)))


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
def test_no_request_is_answered_outside_the_document(api, document, mode):
    headers = {"Authorization": f"Bearer {api.token}"}

    answered = bombard(document, headers=headers, mode=mode)

    assert len({label for label, _ in answered}) == len(list(operations(document)))


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
def test_no_request_for_what_is_there_is_answered_outside_the_document(api, document, there, mode):
    values, import_id = there

    def prepare(case):
        for name in case.path_parameters or {}:
            if name in values:
                case.path_parameters[name] = values[name]
        if case.path.startswith("/api/v1/imports/"):
            case.path_parameters["run_id"] = import_id
        if isinstance(case.body, dict) and "fin_co" in case.body:
            case.body["fin_co"] = "01"
        if case.query and "fin_co" in case.query:
            case.query["fin_co"] = "01"

    headers = {"Authorization": f"Bearer {api.token}"}
    answered = bombard(document, headers=headers, mode=mode, prepare=prepare)

    if mode is GenerationMode.POSITIVE:
        fine = {label for label, status in answered if status < 300}
        assert len(fine) > len(list(operations(document))) / 2
