import pytest


def test_the_two_organisations_differ_in_country_tax_and_currency(sandbox):
    seen = {}
    for position in (0, 1):
        api = sandbox.connect(position)
        organisation = api.get("Organisation")["Organisations"][0]
        rates = {one["TaxType"] for one in api.get("TaxRates")["TaxRates"]}
        seen[organisation["CountryCode"]] = (organisation["BaseCurrency"], rates)
        assert organisation["ShortCode"].startswith("!")
        assert "PeriodLockDate" not in organisation
        assert organisation["IsDemoCompany"] is (position == 1)
    assert seen["NZ"][0] == "NZD"
    assert {"OUTPUT2", "INPUT2", "ZERORATED", "NONE", "GSTONIMPORTS"} <= seen["NZ"][1]
    assert seen["AU"][0] == "AUD"
    assert {"OUTPUT", "INPUT", "EXEMPTOUTPUT", "BASEXCLUDED", "CAPEXINPUT"} <= seen["AU"][1]


def test_the_chart_holds_every_class_system_accounts_and_an_archived_one(api):
    accounts = api.get("Accounts")["Accounts"]
    assert {one["Class"] for one in accounts} == {
        "ASSET", "EQUITY", "EXPENSE", "LIABILITY", "REVENUE",
    }  # fmt: skip
    assert {"DEBTORS", "CREDITORS", "GST", "ROUNDING", "RETAINEDEARNINGS"} <= {
        one.get("SystemAccount") for one in accounts
    }
    assert "ARCHIVED" in {one["Status"] for one in accounts}
    assert len({one["AccountID"] for one in accounts}) == len(accounts)
    assert len({one["Code"] for one in accounts}) == len(accounts)


def test_accounts_are_made_changed_archived_and_deleted(api):
    body = {"Code": "431", "Name": "Site Sheds", "Type": "EXPENSE", "TaxType": "INPUT2"}
    made = api.send("PUT", "Accounts", body)["Accounts"][0]
    assert (made["Class"], made["Status"]) == ("EXPENSE", "ACTIVE")
    path = f"Accounts/{made['AccountID']}"
    changed = api.send("POST", path, {"Accounts": [{"Name": "Sheds"}]})["Accounts"][0]
    assert (changed["Name"], changed["Code"]) == ("Sheds", "431")
    archived = api.send("POST", path, {"Status": "ARCHIVED"})["Accounts"][0]
    assert archived["Status"] == "ARCHIVED"
    assert api.call("DELETE", path).json()["Accounts"][0]["Status"] == "DELETED"
    assert api.call("GET", path).status_code == 404


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"Code": "300"}, "Please enter a unique Code."),
        ({"Name": "rent"}, "Please enter a unique Name."),
        ({"Type": "COST"}, "Account Type is not valid."),
        ({"Code": "12345678901"}, "The Account Code must not be longer than 10 characters."),
        ({"TaxType": "VAT"}, "The TaxType code 'VAT' does not exist."),
    ],
)
def test_an_account_that_breaks_a_rule_is_refused(api, changed, message):
    body = {"Code": "431", "Name": "Site Sheds", "Type": "EXPENSE"} | changed
    assert message in api.refused("PUT", "Accounts", body)


def test_an_account_in_use_or_of_the_system_stays(api):
    api.make()
    accounts = {one["Code"]: one for one in api.get("Accounts")["Accounts"]}
    for code in ("300", "800"):
        path = f"Accounts/{accounts[code]['AccountID']}"
        assert api.call("DELETE", path).status_code == 400
    path = f"Accounts/{accounts['800']['AccountID']}"
    assert api.refused("POST", path, {"Status": "ARCHIVED"})


def test_an_account_archived_from_outside_is_refused_on_lines(api):
    api.sandbox.control("PATCH", f"organisations/{api.tenant_id}", {"archive_account": "300"})
    (message,) = api.refused("PUT", "Invoices", {"Invoices": [api.bill()]})
    assert message.startswith("Account code '300' has been archived, or has been deleted.")


def test_tax_rates_of_ones_own_get_a_type_and_system_rates_stay(api):
    component = {"Name": "Levy", "Rate": "2.5"}
    made = api.send(
        "PUT", "TaxRates", {"TaxRates": [{"Name": "Levy", "TaxComponents": [component]}]}
    )
    assert (made["TaxRates"][0]["TaxType"], made["TaxRates"][0]["EffectiveRate"]) == ("TAX001", 2.5)
    assert api.refused("POST", "TaxRates", {"TaxType": "INPUT2", "Name": "Mine"}) == [
        "The tax rate 'INPUT2' is a system rate and cannot be changed."
    ]


def test_a_currency_is_added_once_and_then_usable(api):
    assert "EUR" not in {one["Code"] for one in api.get("Currencies")["Currencies"]}
    for _ in range(2):
        assert api.send("PUT", "Currencies", {"Code": "EUR"})["Currencies"][0]["Code"] == "EUR"
    assert len([c for c in api.get("Currencies")["Currencies"] if c["Code"] == "EUR"]) == 1
    assert api.make(CurrencyCode="EUR")["CurrencyCode"] == "EUR"


def category(api, name):
    found = api.get("TrackingCategories", includeArchived="true")["TrackingCategories"]
    return next(one for one in found if one["Name"] == name)


def add_option(api, category_name, name):
    path = f"TrackingCategories/{category(api, category_name)['TrackingCategoryID']}/Options"
    return api.send("PUT", path, {"Name": name})["Options"][0]


def test_options_are_made_one_a_call_used_on_lines_and_archived(api, line):
    option = add_option(api, "Job", "Job 1001")
    assert (option["Status"], option["IsActive"]) == ("ACTIVE", True)
    tracked = [{"Name": "Job", "Option": "job 1001"}]
    made = api.make(LineItems=[line(Tracking=tracked)])["LineItems"][0]["Tracking"][0]
    assert made["TrackingOptionID"] == option["TrackingOptionID"]
    assert made["Option"] == "Job 1001"
    category_id = category(api, "Job")["TrackingCategoryID"]
    path = f"TrackingCategories/{category_id}/Options/{option['TrackingOptionID']}"
    assert api.call("DELETE", path).status_code == 400
    assert api.send("POST", path, {"Status": "ARCHIVED"})["Options"][0]["IsArchived"] is True
    by_id = [{"TrackingCategoryID": category_id, "TrackingOptionID": option["TrackingOptionID"]}]
    assert api.refused(
        "PUT", "Invoices", {"Invoices": [api.bill(LineItems=[line(Tracking=by_id)])]}
    )


def test_a_line_takes_two_tracking_categories_and_no_third(api, line):
    add_option(api, "Job", "J1")
    two = [{"Name": "Job", "Option": "J1"}, {"Name": "Department", "Option": "Head Office"}]
    assert len(api.make(LineItems=[line(Tracking=two)])["LineItems"][0]["Tracking"]) == 2
    three = {"Invoices": [api.bill(LineItems=[line(Tracking=[*two, two[0]])])]}
    assert "A line can have at most 2 tracking categories." in api.refused("PUT", "Invoices", three)


def test_an_option_name_is_used_once_in_a_category(api):
    add_option(api, "Job", "Twice")
    path = f"TrackingCategories/{category(api, 'Job')['TrackingCategoryID']}/Options"
    assert api.refused("PUT", path, {"Name": "twice "})


def test_two_categories_are_active_and_four_there_are_at_most(api):
    for number in range(2):
        assert api.refused("PUT", "TrackingCategories", {"Name": f"Region {number}"}) == [
            "An organisation can have at most 2 active tracking categories."
        ]
        retired = category(api, ("Job", "Department")[number])
        path = f"TrackingCategories/{retired['TrackingCategoryID']}"
        api.send("POST", path, {"Status": "ARCHIVED"})
        api.send("PUT", "TrackingCategories", {"Name": f"Region {number}"})
    archive = f"TrackingCategories/{category(api, 'Region 0')['TrackingCategoryID']}"
    api.send("POST", archive, {"Status": "ARCHIVED"})
    assert api.refused("PUT", "TrackingCategories", {"Name": "Fifth"}) == [
        "An organisation can have at most 4 tracking categories."
    ]
    assert len(api.get("TrackingCategories")["TrackingCategories"]) == 1


def test_actions_tell_what_the_plan_allows(api):
    def allowed(name):
        actions = api.get("Organisation/Actions")["Actions"]
        return next(one["Status"] for one in actions if one["Name"] == name)

    assert allowed("CreateApprovedBill") == "ALLOWED"
    api.sandbox.control("PATCH", f"organisations/{api.tenant_id}", {"approval_limit": 0})
    assert allowed("CreateApprovedBill") == "NOT-ALLOWED"
    assert allowed("CreateDraftBill") == "ALLOWED"


def test_changing_the_organisation_is_not_implemented(api):
    assert api.call("POST", "Organisation", json={}).status_code == 501
    assert api.call("GET", "Nonsense").status_code == 404
