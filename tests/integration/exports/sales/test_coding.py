"""Which account and which tracking a line goes out with."""

import sqlalchemy as sa

from tests.integration.exports.sales.codes import HELD, WORK
from webapp.db import db
from webapp.domain.documents import DocumentKind
from webapp.models import Activity, Document, DocumentLine, JobGroup, JobType
from webapp.models.xero import TrackingSource


def test_R93_a_sale_posts_to_the_account_of_its_sales_code_or_the_jobs_revenue(
    sale, line_of, sales_codes, job
):
    sale([(WORK, "10.00")])
    centre = job.profit_centre
    centre.gl_prefix, centre.gl_suffix, job.dr_gl_account = "AK.", ".X", "1450"
    db.session.commit()
    assert line_of().account_code == "AK.200.X"
    sales_codes[WORK].cr_gl_account = "@WN.200"
    db.session.commit()
    assert line_of().account_code == "WN.200"
    job.cr_gl_account = "260"
    db.session.commit()
    assert line_of().account_code == "260"


def test_R93_retention_stays_on_its_clearing_account_whatever_the_job_names(sale, line_of, job):
    sale([(HELD, "-10.00")], kind=DocumentKind.CONTRACT_CLAIM)
    job.cr_gl_account = "260"
    db.session.commit()
    assert line_of().account_code == "628"


def test_R93_a_suppliers_retention_uses_the_account_of_its_activity(books, line_of, job):
    books.batch("-10.00", activity="PLANT")
    db.session.execute(sa.update(DocumentLine).values(is_retention=True))
    db.session.get_one(Activity, books.codes["PLANT"]).dr_gl_account = "808"
    job.dr_gl_account = "1450"
    db.session.commit()
    assert line_of().account_code == "808"


def test_R93_the_revenue_account_is_kept_on_the_line(books, sale):
    books.export(sale([(WORK, "10.00")]))

    assert db.session.scalars(sa.select(DocumentLine.gl_account)).all() == ["200"]


def test_R100_tracking_1_is_the_profit_centres_export_code_and_blank_sends_none(
    sale, line_of, job, track
):
    sale([(WORK, "10.00")])
    track()
    assert [(tag.category, tag.option) for tag in line_of().tags] == [("Department", "Head Office")]
    job.profit_centre.export_code = None
    db.session.commit()
    assert line_of().tags == ()


def test_R101_tracking_2_is_what_the_setting_says_of_the_job(sale, line_of, job, track):
    sale([(WORK, "10.00")])
    settings = track(tracking_category_1=None, tracking_category_2="Job")
    job.job_type = JobType(code="CIV", description="Civil works")
    job.groups = [
        JobGroup(category="Report", description="North"),
        JobGroup(category="Export", description="Roads"),
    ]
    sent = {}
    for source in TrackingSource:
        settings.tracking_source_2 = source
        db.session.commit()
        sent[source.value] = [(tag.category, tag.option) for tag in line_of().tags]
    assert sent == {
        "Export group": [("Job", "Roads")],
        "Job Code": [("Job", "J1001")],
        "Job Type": [("Job", "Civil works")],
    }


def test_R102_a_groups_value_is_sent_instead_of_its_description(sale, line_of, job, track):
    sale([(WORK, "10.00")])
    source = TrackingSource.EXPORT_GROUP
    track(tracking_category_1=None, tracking_category_2="Job", tracking_source_2=source)
    job.groups = [JobGroup(category="Export", description="Roads", value="RD")]
    db.session.commit()
    assert [tag.option for tag in line_of().tags] == ["RD"]


def test_a_sale_without_a_reference_of_its_own_is_told_by_its_job(sale, gathered):
    sale([(WORK, "10.00")])
    assert gathered().reference == "J1001"
    db.session.execute(sa.update(Document).values(reference="PO 88"))
    db.session.commit()
    assert gathered().reference == "PO 88"


def test_a_line_that_names_no_job_is_of_its_documents_job(sale, line_of, track):
    sale([(WORK, "10.00")])
    db.session.execute(sa.update(DocumentLine).values(job_id=None))
    track()
    line = line_of()
    assert (line.job_code, line.job_description) == ("J1001", "Bridge")
    assert [tag.option for tag in line.tags] == ["Head Office"]
