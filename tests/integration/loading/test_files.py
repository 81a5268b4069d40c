"""Any file as any target: handed in, mapped, looked through, loaded."""

import csv
import datetime as dt
import io
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from threading import Barrier

import openpyxl
import pytest
import sqlalchemy as sa

from tests.integration.loading.desk import NOW, Desk
from webapp.db import db
from webapp.domain.ingest.errors import FileRefused, MappingRefused
from webapp.domain.ingest.states import LoadMode, LoadState
from webapp.models import (
    Activity,
    AuditEvent,
    Batch,
    Company,
    Document,
    DocumentLine,
    Job,
    LoadProblem,
    LoadRun,
    Location,
    ProfitCentre,
)
from webapp.services import loading

GOOD = LoadMode.GOOD_ROWS


@pytest.fixture
def desk(firm, tmp_path) -> Desk:
    return Desk(firm.fin_co_id, tmp_path / "loads")


@pytest.fixture
def coded(firm, desk) -> Desk:
    """A FinCo with what documents are coded to, loaded from files itself."""
    lists = {
        "companies": (
            "Name,AP Account,AR Account,Supplier,Client\nHire,H1,,yes,no\nTown,,T1,no,yes\n"
        ),
        "profit-centres": "Profit Centre,Description,Location\nCIVIL,Civil,AK\n",
        "jobs": "Profit Centre,Job Code,Description\nCIVIL,J1,Road\nCIVIL,J2,Bridge\n",
        "activities": "Activity Code,Description,Code Type,GST Type,DR GL Account\n"
        "CONC,Concrete,Purchase,G15,5100\n",
        "sales-codes": "Sales Code,Description,Sales Type,GST Type,CR GL Account\n"
        "CLAIM,Claim,Revenue,G15,4100\n",
    }
    for target, text in lists.items():
        run = desk.load(text, target)
        assert (run.state, run.error) == (LoadState.DONE, None), target
        assert run.created == len(text.splitlines()) - 1
    return desk


AP = (
    "Supplier,Invoice No,Invoice Date,Job,Activity,Amount\n"
    "H1,A1,2026-11-03,J1,CONC,100.10\n"
    "H1,A2,2026-11-04,J1,CONC,50\n"
    "H1,A1,2026-11-03,J2,CONC,20\n"
)


def counted(run: LoadRun) -> tuple[int, int, int, int]:
    return run.created, run.updated, run.unchanged, run.bad


def test_loading_a_list_twice_changes_nothing(desk):
    text = "Location,Description,Batch Prefix\nWN,Wellington,W\nCH,Christchurch,\n"
    assert counted(desk.load(text, "locations")) == (2, 0, 0, 0)
    events = db.session.scalar(sa.select(sa.func.count(AuditEvent.id)))
    assert counted(desk.load(text, "locations")) == (0, 0, 2, 0)
    assert db.session.scalar(sa.select(sa.func.count(AuditEvent.id))) == events + 1


def test_only_what_differs_is_updated_and_stands_in_the_audit_log(coded):
    text = "Activity,Description,Code Type\nCONC,Ready mix,Purchase\nSAND,Sand,Purchase\n"
    assert counted(coded.load(text, "activities")) == (1, 1, 0, 0)
    concrete = db.session.scalar(sa.select(Activity).where(Activity.code == "CONC"))
    assert (concrete.description, concrete.dr_gl_account) == ("Ready mix", "5100")
    [event] = db.session.scalars(
        sa.select(AuditEvent).where(AuditEvent.action == "change set-up")
    ).all()
    assert event.detail == {
        "record": "Activity CONC",
        "description": ["Concrete", "Ready mix"],
    }


def test_one_bad_row_keeps_a_whole_file_out(coded):
    text = "Profit Centre,Job Code,Description\nCIVIL,J8,Eight\nNONE,J9,Nine\n"
    run = coded.load(text, "jobs")
    assert run.state is LoadState.REFUSED
    assert "1 rows are bad" in run.error
    assert db.session.scalar(sa.select(Job).where(Job.code == "J8")) is None
    [problem] = db.session.scalars(sa.select(LoadProblem)).all()
    assert (problem.row_number, problem.column) == (3, "Profit Centre")
    assert "there is no Profit Centre NONE" in problem.reason


def test_good_rows_go_in_and_the_bad_ones_come_back_with_a_reason(coded):
    text = "Profit Centre,Job Code,Description\nCIVIL,J8,Eight\nNONE,J9,=1+1\nCIVIL,,Ten\n"
    run = coded.load(text, "jobs", GOOD)
    assert (run.state, counted(run), run.bad_rows) == (LoadState.DONE, (1, 0, 0, 2), 2)
    with loading.bad_rows_file(run.id).open(encoding="utf-8-sig", newline="") as file:
        header, first, second = csv.reader(file)
    assert header[-1] == "Why it was not loaded"
    assert first[:3] == ["NONE", "J9", "'=1+1"]
    assert second[3] == "Job Code: is empty"


def test_a_code_given_twice_is_bad_at_its_second_row(desk):
    run = desk.load("Location,Description\nWN,One\nWN,Two\n", "locations", GOOD)
    assert counted(run) == (0, 0, 0, 1)
    reasons = {one.row_number: one.reason for one in db.session.scalars(sa.select(LoadProblem))}
    assert reasons[3] == "it is the same Location as row 2"


def test_a_profit_centre_of_another_finco_is_not_taken_over(firm, coded):
    coded.fin_co_id = firm.other_fin_co_id
    run = coded.load("Profit Centre,Description,Location\nCIVIL,Mine,AK\n", "profit-centres")
    assert run.state is LoadState.REFUSED
    centre = db.session.scalar(sa.select(ProfitCentre).where(ProfitCentre.code == "CIVIL"))
    assert centre.fin_co_id == firm.fin_co_id


def test_two_companies_never_share_an_account(coded):
    run = coded.load("Name,AP Account,AR Account\nHire,H1,T1\n", "companies", GOOD)
    assert counted(run) == (0, 0, 0, 1)
    [problem] = db.session.scalars(sa.select(LoadProblem)).all()
    assert problem.reason == "AR Account: it is already that of Town"


def test_rows_of_one_account_and_number_are_one_document(coded):
    run = coded.load(AP, "ap-invoices")
    assert (run.state, counted(run)) == (LoadState.DONE, (2, 0, 0, 0))
    [batch] = db.session.scalars(sa.select(Batch)).all()
    assert run.result["batches"] == [batch.number]
    assert run.result["value_ex_gst"] == "170.10"
    documents = {one.number: one for one in db.session.scalars(sa.select(Document))}
    assert documents["A1"].value_ex_gst == Decimal("120.10")
    assert [line.gst for line in documents["A1"].lines] == [Decimal("15.02"), Decimal("3.00")]


def test_a_file_for_a_date_that_no_period_holds_is_refused_before_a_row_is_read(coded):
    run = coded.load(AP, "ap-invoices", options={"batch_date": "2062-11-20"})
    assert run.state is LoadState.REFUSED
    assert "20 Nov 2062 is in no financial period" in run.error
    assert "Correct the date, or add its period" in run.error
    assert db.session.scalar(sa.select(sa.func.count(Batch.id))) == 0


def test_a_document_that_is_there_is_unchanged_or_named_with_its_batch(coded):
    coded.load(AP, "ap-invoices")
    assert counted(coded.load(AP, "ap-invoices")) == (0, 0, 2, 0)
    run = coded.load(AP.replace("50\n", "51\n"), "ap-invoices", GOOD)
    assert counted(run) == (0, 0, 1, 1)
    [problem] = db.session.scalars(sa.select(LoadProblem)).all()
    batch = db.session.scalar(sa.select(Batch.number))
    assert problem.row_number == 3
    assert f"AP Invoice A2 is already in batch {batch}" in problem.reason
    assert db.session.scalar(sa.select(sa.func.count(Batch.id))) == 1


@pytest.mark.parametrize(
    ("target", "text"),
    [
        ("ap-credits", "AP Account,Number,Date,Job,Activity,Value\nH1,C1,2026-11-03,J1,CONC,-10\n"),
        (
            "sub-claims",
            "AP Account,Number,Date,Job,Activity,Value,Claim No\nH1,S1,2026-11-03,J1,CONC,10,1\n",
        ),
        (
            "sales-invoices",
            "AR Account,Number,Date,Job,Sales Code,Value\nT1,1001,2026-11-03,J1,CLAIM,10\n",
        ),
        (
            "sales-credits",
            "AR Account,Number,Date,Job,Sales Code,Value\nT1,1002,2026-11-03,J1,CLAIM,-10\n",
        ),
        (
            "contract-claims",
            "AR Account,Number,Date,Job,Sales Code,Value\nT1,1003,2026-11-03,J1,CLAIM,10\n",
        ),
        (
            "journals",
            (
                "Number,Date,Job,Activity,Value\n"
                "JN1,2026-11-03,J1,CONC,10\n"
                "JN1,2026-11-03,J2,CONC,-10\n"
            ),
        ),
    ],
)
def test_every_kind_of_document_goes_in_once(coded, target, text):
    first = coded.load(text, target)
    assert (first.state, first.error, counted(first)) == (LoadState.DONE, None, (1, 0, 0, 0))
    assert counted(coded.load(text, target)) == (0, 0, 1, 0)
    assert db.session.scalar(sa.select(sa.func.count(Document.id))) == 1


def test_a_preview_tells_what_the_load_then_does_and_stores_nothing(coded):
    run_id = coded.mapped(AP + "H9,A3,2026-11-04,J1,CONC,5\n", "ap-invoices")
    shown = loading.preview(run_id, now=NOW)
    assert (shown.rows, shown.records, shown.created, shown.bad) == (4, 3, 2, 1)
    assert (shown.value_ex_gst, shown.total) == (Decimal("170.10"), Decimal("195.62"))
    assert [(one.row, one.column) for one in shown.problems] == [(5, "Supplier")]
    assert shown.first[0].rows == (2, 4)
    assert db.session.scalar(sa.select(sa.func.count(Document.id))) == 0
    assert db.session.scalar(sa.select(sa.func.count(Batch.id))) == 0
    assert counted(coded.run(run_id, GOOD)) == (2, 0, 0, 1)


def test_a_preview_says_no_where_no_is_said_and_nothing_where_nothing_is(desk):
    text = "Name,AP Account,Uses GST,Email\nHire,H1,no,\n"
    shown = loading.preview(desk.mapped(text, "companies"), now=NOW)
    assert (shown.first[0].values["Uses GST"], shown.first[0].values["Email"]) == ("no", "")


def test_rows_of_one_document_may_stand_anywhere_in_the_file(coded):
    rows = [f"H1,A{n % 3},2026-11-03,J1,CONC,{n}\n" for n in range(1, 2000)]
    run = coded.load(AP.splitlines(keepends=True)[0] + "".join(rows), "ap-invoices")
    assert (run.state, run.error, run.created) == (LoadState.DONE, None, 3)
    lines = sa.select(sa.func.count(), sa.func.sum(DocumentLine.value_ex_gst)).group_by(
        DocumentLine.document_id
    )
    assert sorted(db.session.execute(lines).all()) == sorted(
        (len(range(first, 2000, 3)), Decimal(sum(range(first, 2000, 3)))) for first in (1, 2, 3)
    )
    in_order = sa.select(DocumentLine.value_ex_gst).order_by(
        DocumentLine.document_id, DocumentLine.line_no
    )
    assert list(db.session.scalars(in_order)) == [
        Decimal(n) for first in (1, 2, 3) for n in range(first, 2000, 3)
    ]


def test_a_date_that_can_be_read_two_ways_is_asked_for(coded):
    text = AP.replace("2026-11-03", "03/11/2026").replace("2026-11-04", "04/11/2026")
    run_id = coded.hand_in(text, "ap-invoices")
    found = loading.look(run_id)
    assert not found.date_format.certain
    assert set(found.date_format.choices) >= {"%d/%m/%Y", "%m/%d/%Y"}
    with pytest.raises(MappingRefused, match="date_format"):
        loading.set_mapping(run_id, loading.suggested(run_id, found), now=NOW)
    run = coded.load(text, "ap-invoices", date_format="%d/%m/%Y")
    assert run.state is LoadState.DONE
    dates = set(db.session.scalars(sa.select(Document.document_date)))
    assert dates == {dt.date(2026, 11, 3), dt.date(2026, 11, 4)}


def test_a_mapping_is_remembered_under_its_name(coded):
    run_id = coded.hand_in(AP, "ap-invoices")
    mapping = loading.suggested(run_id, loading.look(run_id))
    loading.set_mapping(run_id, mapping, remember_as="Town hall", now=NOW)
    loading.set_mapping(run_id, mapping, remember_as="Town hall", now=NOW)
    [source] = loading.sources("ap-invoices", coded.fin_co_id)
    assert source.name == "Town hall"
    assert loading.mapping_of(source) == mapping
    assert loading.sources("ap-credits", coded.fin_co_id) == []


def workbook(text: str, change: Callable | None = None) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    for row in csv.reader(io.StringIO(text)):
        sheet.append([typed(cell) for cell in row])
    if change:
        change(sheet)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def typed(cell: str) -> object:
    for read in (int, float, dt.datetime.fromisoformat):
        try:
            return read(cell)
        except ValueError:
            continue
    return cell or None


def test_a_workbook_is_read_as_its_csv_is(coded):
    coded.load(AP, "ap-invoices")
    assert counted(coded.load(workbook(AP), "ap-invoices")) == (0, 0, 2, 0)


def test_a_formula_without_a_result_is_bad_at_its_row(coded):
    content = workbook(AP, lambda sheet: sheet.__setitem__("F3", "=1+2"))
    run = coded.load(content, "ap-invoices", GOOD)
    assert counted(run) == (1, 0, 0, 1)
    [problem] = db.session.scalars(sa.select(LoadProblem)).all()
    assert (problem.row_number, problem.column) == (3, "Amount")
    assert "formula" in problem.reason


def test_a_worker_that_dies_leaves_a_load_that_ends_alike(coded, monkeypatch):
    from webapp.services.loading import engine  # noqa: PLC0415 - only its piece is made small

    monkeypatch.setattr(engine, "PIECE", 1)
    run_id = coded.mapped(AP + "H9,A3,2026-11-04,J1,CONC,5\n", "ap-invoices")
    loading.start_load(
        run_id, mode=GOOD, user_id=None, source="test", now=NOW, after_commit=lambda _: None
    )

    class Dying:
        def changed(self, _channel: str) -> None:
            if db.session.get_one(LoadRun, run_id, populate_existing=True).position == 1:
                raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        loading.run_load(Dying(), run_id=run_id, owner="first", clock=lambda: NOW, lease_seconds=20)
    assert loading.due_loads(NOW) == [run_id]
    run = coded.work(run_id)
    assert (run.state, counted(run), run.bad_rows) == (LoadState.DONE, (2, 0, 0, 1), 1)
    assert run.result["value_ex_gst"] == "170.10"
    assert db.session.scalar(sa.select(sa.func.count(Batch.id))) == 1
    assert db.session.scalar(sa.select(sa.func.count(DocumentLine.id))) == 3


def test_what_is_no_table_is_not_kept(desk, tmp_path):
    for content, name in ((b"", "empty.csv"), (b"%PDF-1.7", "a.csv"), (b"a,b\n", "macro.xlsm")):
        with pytest.raises(FileRefused):
            desk.hand_in(content, "locations", name)
    assert list((tmp_path / "loads").glob("*")) == []
    assert db.session.scalar(sa.select(sa.func.count(LoadRun.id))) == 0
    assert db.session.scalar(sa.select(sa.func.count(Location.id))) == 1
    assert db.session.scalar(sa.select(sa.func.count(Company.id))) == 2


def test_two_loads_of_one_file_at_once_make_it_once(app, coded):
    text = "Number,Date,Job,Activity,Value\nJN1,2026-11-03,J1,CONC,10\n"
    ids = [coded.mapped(text, "journals") for _ in range(2)]
    start = Barrier(2)

    def one(run_id: int) -> tuple[int, int, int, int]:
        with app.app_context():
            try:
                start.wait(10)
                return counted(coded.run(run_id))
            finally:
                db.session.remove()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(one, ids)) == [(0, 0, 1, 0), (1, 0, 0, 0)]
    db.session.rollback()  # what this session saw is from before
    assert db.session.scalar(sa.select(sa.func.count(Document.id))) == 1


def test_what_was_mapped_and_is_not_wanted_is_forgotten(coded):
    run_id = coded.mapped(AP, "ap-invoices")
    loading.preview(run_id, now=NOW)
    before = set(coded.folder.iterdir())
    loading.discard(run_id)
    assert db.session.get(LoadRun, run_id) is None
    gone = {path.name.partition(".")[0] for path in before - set(coded.folder.iterdir())}
    assert len(gone) == 1
    assert not any(path.name.endswith(".spool") for path in coded.folder.iterdir())
