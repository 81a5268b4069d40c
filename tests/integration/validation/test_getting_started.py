import datetime as dt
from decimal import Decimal

import pytest

from webapp.db import db, utc_now
from webapp.models import FinCo, GstType
from webapp.queries.checklist import Step, getting_started
from webapp.services import connections


@pytest.fixture
def steps(house):
    def found() -> dict[str, Step]:
        db.session.expire_all()
        return {step.key: step for step in getting_started(house.fin_co_id)}

    return found


def gst(code: str, export_code: str | None, **given) -> None:
    db.session.add(
        GstType(code=code, description=code, percent=Decimal(15), export_code=export_code, **given)
    )
    db.session.commit()


def test_a_new_fin_co_has_every_step_before_it(steps, house):
    db.session.get(FinCo, house.fin_co_id).template_company_id = None
    db.session.commit()

    found = steps()

    assert list(found) == [
        "connected",
        "contact-groups",
        "template-company",
        "export-codes",
        "accounts",
        "first-import",
    ]
    assert not any(step.done for step in found.values())
    assert all(step.why and step.endpoint and step.anchor for step in found.values())


def test_connecting_takes_the_first_two_steps(steps, connect):
    connect()
    found = steps()
    assert [key for key, step in found.items() if step.done] == [
        "connected",
        "contact-groups",
        "template-company",
    ]


def test_a_connection_that_needs_a_person_is_not_done(steps, connect):
    connection = connect()
    connections.mark_reconnect_needed(connection.id, "It was reset.", utc_now())

    step = steps()["connected"]

    assert (step.done, step.detail) == (False, "It was reset.")


def test_every_gst_type_in_use_needs_its_export_code(steps):
    gst("G15", "INPUT2")
    assert steps()["export-codes"].done
    gst("OLD", None, use_for_ap=False, use_for_ar=False)
    assert steps()["export-codes"].done
    gst("NEW", "")
    step = steps()["export-codes"]
    assert (step.done, step.detail) == (False, "Missing on NEW.")


def test_many_gst_types_without_export_code_are_counted(steps):
    for number in range(7):
        gst(f"G{number}", None)
    assert steps()["export-codes"].detail == "Missing on G0, G1, G2, G3, G4 and 2 more."


def test_R22_validated_accounts_are_a_step_of_the_organisation_they_were_read_from(
    steps, connect, codes, validate
):
    connect()
    assert steps()["accounts"].done is False
    validate()
    assert steps()["accounts"].done
    codes.centre()
    codes.activity("MAT", dr_gl_account="9001")
    validate()
    assert (steps()["accounts"].done, steps()["accounts"].detail) == (
        False,
        "1 account does not fit.",
    )
    connect(organisation=1)
    assert (steps()["accounts"].done, steps()["accounts"].detail) == (False, None)


def test_accounts_count_as_validated_only_while_connected(steps, connect, validate, house, deps):
    connect()
    validate()
    connections.disconnect(deps.xero, fin_co_id=house.fin_co_id, now=utc_now())
    assert not steps()["accounts"].done


def test_the_first_import_of_the_present_organisation_is_the_last_step(steps, connect):
    connection = connect()
    assert not steps()["first-import"].done
    connection.last_import_at = utc_now() - dt.timedelta(hours=1)
    db.session.commit()
    assert steps()["first-import"].done
