"""Saving and listing set-up records, on each kind of database."""

import threading
from decimal import Decimal

import pytest

from webapp.db import db, utc_now
from webapp.domain.access import Role
from webapp.domain.setup.activities import layout
from webapp.domain.setup.fields import filled_in
from webapp.models import Activity, AuditEvent, GlAccount, GstType, XeroSettings
from webapp.queries.setup import activities, gl_accounts, gst_types
from webapp.queries.setup.listing import Asked, everything, listing
from webapp.queries.sorting import Sort
from webapp.queries.viewers import Viewer
from webapp.services.errors import ChangedMeanwhile, NotValid
from webapp.services.setup.activities import create_activity, save_activity
from webapp.services.setup.gst_types import Line, SavedLines, save_gst_types
from webapp.services.setup.saving import By


@pytest.fixture
def by(house) -> By:
    return By(house.alice_id, "127.0.0.1", utc_now())


@pytest.fixture
def alice(house) -> Viewer:
    return Viewer(house.alice_id, "Alice", Role.ADMINISTRATOR, "a", frozenset())


def typed(**given: str) -> dict[str, str]:
    base = {"code": "MAT", "description": "Materials", "code_type": "Purchase", "active": "yes"}
    wanted = {**base, **given}
    return filled_in(layout(wanted["code_type"]), wanted)


def test_an_activity_is_made_once_however_it_is_written(by):
    made = create_activity(typed(dr_gl_account="300"), by)
    with pytest.raises(NotValid) as refused:
        create_activity(typed(code="mat"), by)
    assert "code" in refused.value.fields
    assert db.session.get(Activity, made).dr_gl_account == "300"
    assert db.session.query(Activity).count() == 1


def test_of_two_that_save_at_once_one_is_asked_to_look_again(app, by):
    made = create_activity(typed(), by)
    mark = activities.record(made).mark
    db.session.rollback()
    start = threading.Barrier(2)
    ended: list[str] = []

    def save(words: str) -> None:
        with app.app_context():
            start.wait(timeout=30)
            try:
                save_activity(made, typed(description=words), mark=mark, by=by)
                ended.append(words)
            except ChangedMeanwhile:
                ended.append("asked")
            finally:
                db.session.remove()

    threads = [threading.Thread(target=save, args=(words,)) for words in ("One", "Two")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)

    assert sorted(ended) in (["One", "asked"], ["Two", "asked"])
    [saved] = set(ended) - {"asked"}
    assert db.session.get(Activity, made).description == saved
    assert db.session.query(AuditEvent).count() == 2


def test_what_is_empty_comes_last_in_either_order(by):
    create_activity(typed(code="B", dr_gl_account="200"), by)
    create_activity(typed(code="a", dr_gl_account="100"), by)
    create_activity(typed(code="C"), by)
    table = activities.table()

    def codes(sort: str, text: str = "") -> list[str]:
        asked = Asked(sort=Sort.read(sort, table.columns, Sort("code")), text=text)
        rows = list(everything(table, asked))
        assert rows == list(listing(table, asked).rows)
        return [row.cells[0] for row in rows]

    assert codes("code") == ["a", "B", "C"]
    assert codes("dr_gl_account") == ["a", "B", "C"]
    assert codes("-dr_gl_account") == ["B", "a", "C"]
    assert codes("cost_rate", text="MATER") == ["a", "B", "C"]
    assert codes("code", text="_") == []
    for name in table.columns:
        assert len(codes(name)) == 3


def test_R66_accounts_are_found_by_code_and_name(house, alice):
    db.session.merge(XeroSettings(fin_co_id=house.fin_co_id, sync_gl_accounts=True))
    for code, name, active in (("310", "Goods", True), ("311", "Old goods", False)):
        db.session.add(
            GlAccount(
                fin_co_id=house.fin_co_id,
                code=code,
                description=name,
                section="Direct Costs",
                active=active,
            )
        )
    db.session.commit()
    mine = gl_accounts.picking_fin_cos(alice)
    assert mine == {house.fin_co_id: "01"}
    assert [offer.code for offer in gl_accounts.accounts_to_pick(mine, "GOOD")] == ["310"]
    assert [offer.code for offer in gl_accounts.accounts_to_pick(mine, "31")] == ["310"]
    assert gl_accounts.account_told(mine, "311") == "Old goods, no longer active"
    assert len(list(everything(gl_accounts.table(alice), Asked(sort=Sort("sequence"))))) == 1


def test_the_grid_of_gst_types_is_kept_whole(alice, by):
    new = {
        "code": "G15",
        "description": "GST",
        "export_code": "INPUT2",
        "reciprocal_code": "",
        "percent": "15.125",
        "use_for_ap": "yes",
        "use_for_ar": "",
    }
    rates = gst_types.tax_rates(alice)
    assert save_gst_types([Line("new-1", None, new, "")], rates, by) == SavedLines(1, 0, 0)
    [kept] = gst_types.kept_lines()
    assert kept.texts == new
    assert db.session.get(GstType, kept.id).percent == Decimal("15.125")
    again = Line(str(kept.id), kept.id, {**new, "percent": "15"}, kept.mark)
    assert save_gst_types([again], rates, by) == SavedLines(0, 1, 0)
    with pytest.raises(ChangedMeanwhile):
        save_gst_types([Line(str(kept.id), kept.id, new, kept.mark)], rates, by)
    [kept] = gst_types.kept_lines()
    gone = Line(str(kept.id), kept.id, kept.texts, kept.mark, remove=True)
    assert save_gst_types([gone], rates, by) == SavedLines(0, 0, 1)
    assert gst_types.kept_lines() == ()
