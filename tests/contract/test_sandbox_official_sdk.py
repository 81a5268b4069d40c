"""The official SDK as a client: it reads every answer into typed models or fails."""

import datetime as dt
import gc
import warnings
from decimal import Decimal

import pytest
from xero_python.accounting import (
    Account,
    Accounts,
    AccountType,
    Allocation,
    Allocations,
    Contact,
    ContactGroup,
    ContactGroups,
    Contacts,
    CreditNote,
    CreditNotes,
    Currency,
    CurrencyCode,
    HistoryRecord,
    HistoryRecords,
    Invoice,
    Invoices,
    LineItemTracking,
    ManualJournal,
    ManualJournalLine,
    ManualJournals,
    Payment,
    PaymentDelete,
    Payments,
    TaxComponent,
    TaxRate,
    TaxRates,
    TrackingCategory,
    TrackingOption,
)
from xero_python.exceptions import AccountingBadRequestException
from xero_python.exceptions.http_status_exceptions import HTTPStatusException

from tests.contract.official_sdk import DAY, Sdk


@pytest.fixture
def sdk(sandbox):
    made = Sdk(sandbox)
    yield made
    made.client.rest_client.pool_manager.clear()
    with warnings.catch_warnings():
        # The SDK never reads the answer to a revocation; its socket is closed here, not later.
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()


def test_connections_are_listed_and_deleted(sdk):
    (connection,) = sdk.identity.get_connections()
    assert (connection.tenant_name, connection.tenant_type) == ("Harbour Civil Ltd", "ORGANISATION")
    sdk.identity.delete_connection(connection.id)
    assert sdk.identity.get_connections() == []


def test_tokens_are_refreshed_and_revoked(sdk):
    before = sdk.saved["refresh_token"]
    token = sdk.token_api.refresh_token(before, sdk.saved["scope"].split())
    sdk.client.configuration.oauth2_token.update_token(**token)
    sdk.save(token)
    assert token["refresh_token"] != before
    assert sdk.identity.get_connections()
    assert sdk.token_api.get_client_credentials_token(app_store_billing=False)["access_token"]
    assert sdk.token_api.revoke_token(token["refresh_token"]) == 200


def test_organisation_and_settings_are_read(sdk):
    api, tenant = sdk.accounting, sdk.tenant
    organisation = api.get_organisations(tenant).organisations[0]
    assert organisation.base_currency == CurrencyCode.NZD
    assert organisation.created_date_utc.tzinfo is not None
    assert api.get_organisation_actions(tenant).actions
    rates = {one.tax_type: one for one in api.get_tax_rates(tenant).tax_rates}
    assert rates["OUTPUT2"].effective_rate == 15
    assert api.get_tax_rate_by_tax_type(tenant, "INPUT2").tax_rates[0].can_apply_to_expenses
    codes = {one.code for one in api.get_currencies(tenant).currencies}
    assert codes == {CurrencyCode.NZD, CurrencyCode.AUD, CurrencyCode.USD}
    api.create_currency(tenant, Currency(code=CurrencyCode.EUR))
    levy = TaxRate(name="Levy", tax_components=[TaxComponent(name="Levy", rate=2.5)])
    made = api.create_tax_rates(tenant, TaxRates(tax_rates=[levy])).tax_rates[0]
    assert made.tax_type == "TAX001"


def test_accounts_are_made_changed_and_deleted(sdk):
    api, tenant = sdk.accounting, sdk.tenant
    assert len(api.get_accounts(tenant, where='Class=="EXPENSE"').accounts) > 5
    account = Account(code="431", name="Site Sheds", type=AccountType.EXPENSE)
    made = api.create_account(tenant, account).accounts[0]
    changed = Accounts(accounts=[Account(name="Sheds")])
    assert api.update_account(tenant, made.account_id, changed).accounts[0].name == "Sheds"
    assert api.get_account(tenant, made.account_id).accounts[0].code == "431"
    assert api.delete_account(tenant, made.account_id).accounts[0].status == "DELETED"


def test_tracking_is_made_and_used(sdk):
    api, tenant = sdk.accounting, sdk.tenant
    category = next(
        one for one in api.get_tracking_categories(tenant).tracking_categories if one.name == "Job"
    )
    category_id = category.tracking_category_id
    option = api.create_tracking_options(tenant, category_id, TrackingOption(name="J1")).options[0]
    tracking = [
        LineItemTracking(
            tracking_category_id=category_id, tracking_option_id=option.tracking_option_id
        )
    ]
    bill = sdk.make_bill(line_items=[sdk.line(tracking=tracking)])
    assert bill.line_items[0].tracking[0].option == "J1"
    archive = TrackingOption(status="ARCHIVED")
    done = api.update_tracking_options(tenant, category_id, option.tracking_option_id, archive)
    assert done.options[0].status == "ARCHIVED"
    renamed = TrackingCategory(name="Project")
    answer = api.update_tracking_category(tenant, category_id, renamed)
    assert answer.tracking_categories[0].name == "Project"


def test_contacts_and_groups(sdk):
    api, tenant = sdk.accounting, sdk.tenant
    made = api.create_contacts(
        tenant, Contacts(contacts=[Contact(name="New One", account_number="N1")])
    ).contacts[0]
    page = api.get_contacts(tenant, page=1, page_size=2)
    assert page.pagination.item_count == 5
    assert len(page.contacts) == 2
    group = api.create_contact_group(
        tenant, ContactGroups(contact_groups=[ContactGroup(name="Suppliers")])
    ).contact_groups[0]
    group_id = group.contact_group_id
    member = Contacts(contacts=[Contact(contact_id=made.contact_id)])
    api.create_contact_group_contacts(tenant, group_id, member)
    found = api.get_contact(tenant, made.contact_id).contacts[0]
    assert found.contact_groups[0].name == "Suppliers"
    assert api.get_contact_group(tenant, group_id).contact_groups[0].contacts
    api.delete_contact_group_contact(tenant, group_id, made.contact_id)
    archived = Contacts(contacts=[Contact(contact_status="ARCHIVED")])
    answer = api.update_contact(tenant, made.contact_id, archived).contacts[0]
    assert answer.contact_status == "ARCHIVED"
    since = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
    assert api.get_contacts(tenant, if_modified_since=since, include_archived=True).contacts


def test_invoices_from_draft_to_void(sdk):
    api, tenant = sdk.accounting, sdk.tenant
    made = sdk.make_bill(status="DRAFT")
    assert (made.total, made.total_tax) == (115, 15)
    approve = Invoices(invoices=[Invoice(status="AUTHORISED")])
    approved = api.update_invoice(tenant, made.invoice_id, approve).invoices[0]
    assert (approved.status, approved.amount_due, approved.date) == ("AUTHORISED", 115, DAY)
    listed = api.get_invoices(tenant, page=1, statuses=["AUTHORISED"], where='Type=="ACCPAY"')
    assert listed.invoices[0].line_items[0].account_code == "300"
    voided = Invoices(invoices=[Invoice(invoice_id=made.invoice_id, status="VOIDED")])
    assert api.update_or_create_invoices(tenant, voided).invoices[0].status == "VOIDED"


def test_refused_elements_are_read(sdk):
    good, bad = sdk.bill(), sdk.bill(line_items=[sdk.line(account_code="999")])
    both = Invoices(invoices=[good, bad])
    results = sdk.accounting.create_invoices(sdk.tenant, both, summarize_errors=False).invoices
    assert [one.has_errors for one in results] == [False, True]
    assert results[1].invoice_id == "00000000-0000-0000-0000-000000000000"
    assert "999" in results[1].validation_errors[0].message
    with pytest.raises(AccountingBadRequestException) as refused:
        sdk.accounting.create_invoices(sdk.tenant, both, summarize_errors=True)
    assert refused.value.status == 400


def test_credit_notes_allocations_and_payments(sdk):
    api, tenant = sdk.accounting, sdk.tenant
    bill = sdk.make_bill()
    note = CreditNote(
        type="ACCPAYCREDIT",
        contact=Contact(contact_id=bill.contact.contact_id),
        date=DAY,
        status="AUTHORISED",
        line_items=[sdk.line(unit_amount=Decimal(10))],
    )
    note = api.create_credit_notes(tenant, CreditNotes(credit_notes=[note])).credit_notes[0]
    allocation = Allocation(
        invoice=Invoice(invoice_id=bill.invoice_id), amount=Decimal("11.50"), date=DAY
    )
    made = api.create_credit_note_allocation(
        tenant, note.credit_note_id, Allocations(allocations=[allocation])
    ).allocations[0]
    payment = Payment(
        invoice=Invoice(invoice_id=bill.invoice_id),
        account=Account(code="090"),
        date=DAY,
        amount=Decimal("103.50"),
    )
    paid = api.create_payments(tenant, Payments(payments=[payment])).payments[0]
    settled = api.get_invoice(tenant, bill.invoice_id).invoices[0]
    assert (settled.status, settled.fully_paid_on_date) == ("PAID", DAY)
    assert api.get_payment(tenant, paid.payment_id).payments[0].amount == Decimal("103.5")
    assert api.get_payments(tenant, page=1).pagination.item_count == 1
    deleted = api.delete_payment(tenant, paid.payment_id, PaymentDelete(status="DELETED"))
    assert deleted.payments[0].status == "DELETED"
    gone = api.delete_credit_note_allocations(tenant, note.credit_note_id, made.allocation_id)
    assert gone.is_deleted
    assert api.get_credit_notes(tenant, page=1).credit_notes[0].remaining_credit == Decimal("11.5")


def test_manual_journals(sdk):
    lines = [
        ManualJournalLine(line_amount=100, account_code="300"),
        ManualJournalLine(line_amount=-100, account_code="625"),
    ]
    journal = ManualJournal(narration="Accrual", date=DAY, status="POSTED", journal_lines=lines)
    wanted = ManualJournals(manual_journals=[journal])
    made = sdk.accounting.create_manual_journals(sdk.tenant, wanted).manual_journals[0]
    found = sdk.accounting.get_manual_journals(sdk.tenant, page=1).manual_journals[0]
    assert found.manual_journal_id == made.manual_journal_id
    assert [one.line_amount for one in found.journal_lines] == [100, -100]


def test_attachments_and_history(sdk):
    api, tenant = sdk.accounting, sdk.tenant
    bill = sdk.make_bill()
    made = api.create_invoice_attachment_by_file_name(
        tenant, bill.invoice_id, "docket 1.pdf", b"%PDF-1.4"
    ).attachments[0]
    assert made.content_length == 8
    assert api.get_invoice_attachments(tenant, bill.invoice_id).attachments[0].file_name
    note = HistoryRecords(history_records=[HistoryRecord(details="Sent by Ann")])
    api.create_invoice_history(tenant, bill.invoice_id, note)
    records = api.get_invoice_history(tenant, bill.invoice_id).history_records
    assert [one.details for one in records] == ["Sent by Ann"]


@pytest.mark.parametrize("kind", ["500_before", "503_offline", "429_concurrent", "html"])
def test_the_sdk_raises_its_own_errors_for_faults(sdk, sandbox, kind):
    sandbox.faults({"kind": kind, "times": 1})
    with pytest.raises(HTTPStatusException) as raised:
        sdk.accounting.get_organisations(sdk.tenant)
    assert raised.value.status in (429, 500, 502, 503)
