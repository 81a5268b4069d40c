"""The accounts that the lines of a batch are told with, which are those an export posts to."""

import pytest
from coded import enter, make_codes
from factories import make_batch

from webapp.db import db
from webapp.domain.batches import BatchType
from webapp.domain.documents import DocumentKind
from webapp.models import DocumentLine, Job
from webapp.services.exports.analysis import line_accounts
from webapp.services.exports.gather import Gatherer, unsent_documents


@pytest.fixture
def codes(house):
    return make_codes(house)


def derived(batch):
    """The accounts of the batch's lines as an export derives them, by the lines' ids."""
    gatherer = Gatherer(batch.fin_co, tenant_id="", public_url="")
    return {
        line.id: (sent.account_code, sent.credit_account_code)
        for document in unsent_documents([batch.id])
        for line in document.lines
        for sent in gatherer.outgoing(document).lines
        if sent.line_no == line.line_no
    }


@pytest.mark.parametrize(
    ("batch_type", "kind", "code"),
    [
        (BatchType.AP_INVOICE, DocumentKind.AP_INVOICE, "cost"),
        (BatchType.AR_INVOICE, DocumentKind.SALES_INVOICE, "sale"),
        (BatchType.TIMESHEET, DocumentKind.JOURNAL, "cost"),
        (BatchType.STOCK_ISSUE, DocumentKind.JOURNAL, "cost"),
        (BatchType.AR_INTERNAL, DocumentKind.JOURNAL, "cost"),
        (BatchType.ADJUSTMENT, DocumentKind.JOURNAL, "none"),
    ],
)
def test_R93_the_accounts_told_are_those_an_export_derives(house, codes, batch_type, kind, code):
    stock = Job(
        code="STOCK",
        description="Stock",
        profit_centre=codes["job"].profit_centre,
        dr_gl_account="630",
        cr_gl_account="260",
    )
    codes["cost"].sales_code = codes["sale"]
    db.session.add(stock)
    db.session.flush()
    house.fin_co.stock_control_job_id = stock.id
    batch = make_batch(house, kind=batch_type)
    lines = [(code, "100.00", "15.00"), (code, "-40.00", "0.00"), (code, "0.00", "0.00")]
    document = enter(batch, codes, *lines, kind=kind)
    document.lines[0].is_retention = kind is DocumentKind.SALES_INVOICE
    document.lines[1].job = None
    document.job = stock
    document.lines[1].gl_account, document.lines[1].cr_gl_account = "700", "@701"
    db.session.commit()

    assert line_accounts(batch.id) == derived(batch)
    first = document.lines[0].id
    assert line_accounts(batch.id, [first]) == {first: derived(batch)[first]}


def test_R77_a_page_of_lines_reads_the_lines_of_that_page_alone(house, bob, codes):
    batch = make_batch(house)
    for _ in range(3):
        enter(batch, codes, *[("cost", "1.00", "0.15")] * 45)
    batch_id, address = batch.id, f"/batches/{batch.number}/lines?page=2"
    db.session.expunge_all()

    page = bob.open(address)

    told = [one.text.strip() for one in page.select('td[data-label="GL account"]')]
    assert told == ["AK.01.310"] * 35
    accounts = line_accounts(batch_id, [1, 2, 3])
    assert len(accounts) == 3
    assert not [one for one in db.session if isinstance(one, DocumentLine)]
