"""A small month that holds the traps of a real one, on both databases."""

import csv
import datetime as dt
import io
from decimal import Decimal

import openpyxl
import pytest
import sqlalchemy as sa

from webapp.db import db
from webapp.domain.batches import BatchStatus, BatchType
from webapp.domain.documents import DocumentKind, DocumentStatus
from webapp.models import (
    Activity,
    Batch,
    Company,
    Currency,
    Document,
    DocumentLine,
    FinCo,
    Job,
    ProfitCentre,
)
from webapp.services.batches import close_batch
from webapp.services.errors import NotAllowedNow, NotFound


def test_every_invoice_becomes_an_approved_document(load, small_month, count):
    report = load(small_month)
    assert (report.documents, report.lines, report.value) == (10, 16, Decimal("1269695.31"))
    assert (report.refused, report.already_loaded) == ((), 0)
    assert (count(Document), count(DocumentLine)) == (10, 16)
    states = set(db.session.scalars(sa.select(Document.status)))
    assert states == {DocumentStatus.APPROVED}


def test_a_workbook_of_the_same_rows_is_the_same_invoices(load, small_month, tmp_path):
    book = openpyxl.Workbook()
    header, *rows = csv.reader(io.StringIO(small_month))
    value, date = header.index("Net Amount"), header.index("Date")
    book.active.append(header)
    for row in rows:
        cells: list[object] = list(row)
        cells[value], cells[date] = float(row[value]), dt.date.fromisoformat(row[date])
        book.active.append(cells)
    file = tmp_path / "month.xlsx"
    book.save(file)
    by_workbook = load(file)
    assert (by_workbook.documents, by_workbook.value) == (10, Decimal("1269695.31"))
    by_text = load(small_month)
    assert (by_text.documents, by_text.already_loaded, by_text.refused) == (0, 10, ())
    book.active.cell(2, value + 1).value = "#REF!"
    book.save(file)
    (refused, *_) = load(file).refused
    assert (refused.row, refused.reason) == (2, "the value holds the error #REF!")


def test_credits_lie_in_a_batch_of_their_own_and_stay_negative(load, small_month, document):
    report = load(small_month)
    assert [(b.type, b.documents, b.value) for b in report.batches] == [
        (BatchType.AP_INVOICE, 9, Decimal("1270095.31")),
        (BatchType.AP_CREDIT, 1, Decimal("-400.00")),
    ]
    credit = document("S2", "CN-1")
    assert credit.kind is DocumentKind.AP_CREDIT
    assert (credit.value_ex_gst, credit.gst) == (Decimal("-400.00"), Decimal("-60.00"))
    assert credit.due_date is not None
    assert document("S4", "NIL").kind is DocumentKind.AP_INVOICE


def test_the_batches_are_open_and_can_be_closed(load, small_month):
    load(small_month)
    for batch in db.session.scalars(sa.select(Batch)).all():
        assert batch.status is BatchStatus.OPEN
        assert batch.batch_date == dt.date(2026, 11, 22)
        close_batch(batch.id, user_id=None, now=batch.created_at)


def test_gst_is_rounded_on_each_line(load, small_month, document):
    load(small_month)
    halves = document("S3", "INV 12/07")
    assert [line.gst for line in halves.lines] == [Decimal("1.52")] * 3
    assert (halves.value_ex_gst, halves.gst) == (Decimal("30.30"), Decimal("4.56"))
    assert halves.document_date == dt.date(2022, 7, 15)


def test_suppliers_keep_their_first_name_and_lines_name_the_others(load, small_month, document):
    load(small_month)
    names = dict(db.session.execute(sa.select(Company.ap_account, Company.name)).all())
    assert names["S1"] == "Willow House Ltd"
    assert names["S140"] == names["S144"] == "Harbour Trust"
    assert names["Personal Budgets"] == "2022:04D Dementia"
    lines = document("Personal Budgets", "2022:04LD Learn").lines
    assert [line.description for line in lines] == [
        "2022:04LD Learning Disabilities: Direct payments",
        "2022:04OV Others: Direct payments",
    ]
    assert document("S1", "11JUL-07AUG").lines[0].description == "Residential care"


def test_a_line_without_text_says_what_was_bought(load, small_month, document):
    load(small_month)
    line = document("S4", "0001/A").lines[0]
    assert line.description == "Bridge bearings, never seen before"
    assert line.source_reference == "1014"


def test_lines_go_to_their_activity_job_and_profit_centre(load, small_month, document):
    report = load(small_month)
    assert report.made == {"suppliers": 7, "activities": 8, "profit centres": 3, "jobs": 8}
    first = document("S1", "11JUL-07AUG").lines[0]
    assert (first.activity.code, first.activity.dr_gl_account) == ("CONTRACTOR", "6430")
    assert first.activity.gst_type_id == first.gst_type_id
    assert first.job.code == "88765599"
    centre = first.job.profit_centre
    assert centre.export_code == "Adult Services-Adult Health & Social Care"
    assert len(centre.code) <= 20
    unnamed = document("S3", "INV 12/07").lines[0]
    assert unnamed.activity.code == "NOTCLASS"
    assert unnamed.job.profit_centre.export_code == "No expense area"
    unlisted = document("S4", "0001/A").lines[0].activity
    assert unlisted.description == "Bridge bearings, never seen before"
    assert unlisted.dr_gl_account == unlisted.code


def test_loading_it_again_makes_nothing_twice(load, small_month, count):
    load(small_month)
    before = [count(model) for model in (Document, Batch, Company, Activity, ProfitCentre, Job)]
    again = load(small_month)
    assert (again.documents, again.already_loaded, again.refused) == (0, 10, ())
    assert (again.batches, sum(again.made.values())) == ((), 0)
    after = [count(model) for model in (Document, Batch, Company, Activity, ProfitCentre, Job)]
    assert after == before


def test_it_can_be_loaded_again_in_another_order_and_after_recoding(load, small_month, document):
    load(small_month)
    document("S140", "7").lines[0].activity = document("S3", "INV 12/07").lines[0].activity
    db.session.commit()
    header, *rows = small_month.splitlines()
    assert load("\n".join([header, *reversed(rows)])).already_loaded == 10


def test_a_number_that_is_there_with_other_lines_is_refused_with_both_totals(load, small_month):
    first = load(small_month)
    again = load(small_month.replace("-438.80", "-438.81") + small_month.splitlines()[3] + "\n")
    assert (again.documents, again.already_loaded) == (0, 8)
    assert [one.row for one in again.refused] == [2, 3, 4, 18]
    reason = again.refused[0].reason
    assert f"batch {first.batches[0].number} with 2 lines and a total of 3,662.56" in reason
    assert "here it has 2 lines and a total of 3,662.55" in reason


def test_equal_lines_are_counted(load, small_month):
    header, first, *_ = small_month.replace(",1001,", ",,").splitlines()
    load(f"{header}\n{first}\n{first}")
    assert load(f"{header}\n{first}\n{first}").already_loaded == 1
    assert len(load(f"{header}\n{first}").refused) == 1


def test_new_invoices_of_a_file_go_in_beside_those_that_are_there(load, small_month):
    header, *rows = small_month.splitlines()
    load("\n".join([header, *rows[:3]]))
    rest = load(small_month)
    assert (rest.documents, rest.already_loaded, rest.refused) == (8, 2, ())


def test_an_invoice_with_a_bad_row_stays_out_and_the_others_go_in(load, small_month, count):
    report = load(small_month.replace("-438.80", "-438.8O"))
    assert (report.documents, report.lines) == (9, 14)
    assert [(one.row, one.reference) for one in report.refused] == [(2, "1001"), (3, "1002")]
    assert "“-438.8O”" in report.refused[1].reason
    assert count(Document) == 9
    assert db.session.scalar(sa.select(Company).where(Company.ap_account == "S1")) is None


def test_when_every_row_is_refused_nothing_is_stored(load, small_month, count):
    report = load(small_month.replace("2022-07", "07/2022"))
    assert (report.documents, len(report.refused)) == (0, 16)
    assert [count(model) for model in (Batch, Document, Job, Activity)] == [0, 0, 0, 0]


@pytest.mark.parametrize(
    ("what", "reason", "rows"),
    [
        ("suppliers", "there is no supplier with AP Account", 16),
        ("activities", "there is no activity", 16),
        ("profit_centres", "there is no profit centre", 16),
        ("jobs", "there is no job", 16),
    ],
)
def test_what_may_not_be_made_refuses_its_rows(load, small_month, mapping_text, what, reason, rows):
    report = load(small_month, mapping_text.replace(f"{what} = true", f"{what} = false"))
    assert len(report.refused) == rows
    assert all(reason in one.reason for one in report.refused)


def test_with_everything_there_nothing_needs_to_be_made(load, small_month, mapping_text):
    load(small_month)
    later = small_month.replace("2022-07", "2022-08").replace(",11JUL", ",11AUG")
    report = load(later, mapping_text.replace("= true", "= false"))
    assert report.documents == 2
    assert len(report.refused) == 0
    assert report.already_loaded == 8


def test_an_unlisted_category_is_refused_where_the_mapping_says_so(load, small_month, mapping_text):
    report = load(small_month, mapping_text.replace('unknown = "from-name"', 'unknown = "refuse"'))
    assert report.documents == 0
    assert any("“Bridge bearings" in one.reason for one in report.refused)


def test_a_made_code_that_belongs_to_another_name_is_refused(load, small_month):
    load(small_month)
    known = db.session.scalars(
        sa.select(Activity).where(Activity.description.startswith("Bridge"))
    ).one()
    known.description = "Something else"
    db.session.commit()
    report = load(small_month.replace(",0001/A,", ",0002/A,"))
    (refused,) = report.refused
    assert f"the code {known.code} made for “Bridge bearings" in refused.reason


def test_inactive_records_take_no_lines(load, small_month):
    load(small_month)
    for model, row in ((Company, "S140"), (Job, "92554042"), (Activity, "SERVICES")):
        key = {Company: Company.ap_account, Job: Job.code, Activity: Activity.code}[model]
        db.session.execute(sa.update(model).where(key == row).values(active=False))
    db.session.commit()
    reasons = {one.row: one.reason for one in load(small_month).refused}
    assert "supplier Harbour Trust (AP Account S140) is inactive" in reasons[8]
    assert "activity SERVICES is inactive" in reasons[9]
    assert "job 92554042 is inactive" in reasons[4]


def test_the_profit_centre_of_another_fin_co_takes_no_lines(load, small_month, firm):
    load(small_month)
    report = load(small_month, fin_co_id=firm.other_fin_co_id)
    assert report.documents == 0
    assert all("belongs to FinCo 01" in one.reason for one in report.refused)


@pytest.mark.parametrize(
    ("own", "template", "due"),
    [
        ((30, "DAYSAFTERBILLDATE"), (20, "OFFOLLOWINGMONTH"), dt.date(2022, 8, 10)),
        ((None, None), (20, "OFFOLLOWINGMONTH"), dt.date(2022, 8, 20)),
        ((None, None), (None, None), dt.date(2022, 7, 11)),
        ((30, "SOMEDAY"), (None, None), dt.date(2022, 7, 11)),
    ],
)
def test_the_due_date_follows_the_terms(load, small_month, firm, document, own, template, due):
    company = db.session.get_one(Company, firm.template_id)
    company.payment_terms_days, company.payment_terms_type = template
    db.session.add(
        Company(
            fin_co_id=firm.fin_co_id,
            name="Harbour Trust",
            ap_account="S140",
            payment_terms_days=own[0],
            payment_terms_type=own[1],
        )
    )
    db.session.commit()
    load(small_month)
    assert document("S140", "7").due_date == due


def test_an_existing_activity_keeps_its_account(load, small_month, document):
    db.session.add(Activity(code="SERVICES", description="Our services", dr_gl_account="300"))
    db.session.commit()
    load(small_month)
    assert document("S140", "7").lines[0].activity.dr_gl_account == "300"


def test_a_foreign_currency_needs_its_rate(load, small_month, mapping_text, document):
    foreign = mapping_text.replace('# currency = "AUD"', 'currency = "AUD"')
    with pytest.raises(NotFound, match="no rate for AUD"):
        load(small_month, foreign)
    db.session.add(Currency(code="AUD", description="Dollar", conversion_rate=Decimal("0.92")))
    db.session.commit()
    load(small_month, foreign)
    found = document("S140", "7")
    assert (found.currency_code, found.currency_rate) == ("AUD", Decimal("0.92"))


def test_a_missing_gst_type_is_named_with_those_there_are(load, small_month, mapping_text):
    with pytest.raises(NotFound, match=r"no GST Type S15 .* Known: G15"):
        load(small_month, mapping_text.replace('"G15"', '"S15"'))


def test_without_a_default_location_nothing_is_stored(load, small_month, firm, count):
    db.session.get_one(FinCo, firm.fin_co_id).default_location_id = None
    db.session.commit()
    with pytest.raises(NotAllowedNow, match="no Default Location"):
        load(small_month)
    assert count(Company) == 2


def test_a_failure_in_the_middle_leaves_nothing(load, small_month, count):
    def fail(stage, done, whole):
        if stage.value == "Storing":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        load(small_month, progress=fail)
    db.session.rollback()
    assert [count(model) for model in (Batch, Document, DocumentLine, Job)] == [0, 0, 0, 0]
