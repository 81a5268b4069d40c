"""Contacts and companies as the tests of the import's rules want them."""

from webapp.mapping.imports.companies import plan_companies
from webapp.mapping.imports.company_plan import CompanyChange
from webapp.mapping.imports.contacts import TemplateFields
from webapp.mapping.imports.directory import CompanyFields, Known, Link
from webapp.mapping.imports.outcome import Outcome
from webapp.xero.records import Contact

AP = "Workbench AP (Suppliers)"
AR = "Workbench AR (Customers)"
TEMPLATE = TemplateFields("NZD", 20, "OFFOLLOWINGMONTH")


def contact(name: str, account: str = "", *groups: str, **members) -> Contact:
    given = {
        "contact_id": f"id of {name}",
        "name": name,
        "account_number": account,
        "contact_number": "",
        "status": "ACTIVE",
        "group_names": groups,
        "bills_terms": None,
        "sales_terms": None,
        "default_currency": "",
        "tax_number": "",
        "company_number": "",
        "email": "",
        "phone": "",
        "addresses": (),
        "is_supplier": False,
        "is_customer": False,
        "merged_to_contact_id": None,
        "updated_at": None,
    }
    return Contact(**(given | members))


def fields(name: str = "Smith", **members) -> CompanyFields:
    given = {
        "name": name,
        "ap_account": None,
        "ar_account": None,
        "is_client": False,
        "is_supplier": False,
        "active": True,
        "currency_code": "NZD",
        "payment_terms_days": 20,
        "payment_terms_type": "OFFOLLOWINGMONTH",
        "tax_number": None,
        "email": None,
        "phone": None,
        "address": None,
    }
    return CompanyFields(**(given | members))


def supplier(name: str = "Smith", account: str = "S200", **members) -> CompanyFields:
    return fields(name, ap_account=account, is_supplier=True, **members)


def linked(key: int, company: CompanyFields, to: str) -> Known:
    return Known(key, company, Link(f"id of {to}", to, "ACTIVE"))


def only(contacts, known=(), template=TEMPLATE) -> CompanyChange:
    plan = plan_companies(contacts, known, template)
    assert plan.rejections == []
    assert len(plan.changes) == 1
    return plan.changes[0]


def rejected(contacts, known=(), template=TEMPLATE) -> list[tuple[str, Outcome, str]]:
    plan = plan_companies(contacts, known, template)
    return [(one.name, one.outcome, one.reason) for one in plan.rejections]
