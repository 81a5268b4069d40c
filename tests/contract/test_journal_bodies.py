"""The kept bodies of journals, before Xero's published file and a running sandbox."""

from decimal import Decimal

import pytest

from tests.contract.published import beside_us, faults_of
from tests.golden.files import stored
from webapp.xero.encoding import decode, encode

KEPT = [case["body"] for case in stored("journals").values()]


@pytest.fixture
def posted(api):
    for category in api.get("TrackingCategories")["TrackingCategories"]:
        if category["Name"] == "Job":
            path = f"TrackingCategories/{category['TrackingCategoryID']}/Options"
            api.send("PUT", path, {"Name": "1001"})
    answer = api.call(
        "PUT",
        "ManualJournals?summarizeErrors=false&unitdp=4",
        data=encode({"ManualJournals": KEPT}),
        headers={"Content-Type": "application/json"},
    )
    return decode(answer.text)["ManualJournals"]


def test_R89_R90_the_sandbox_posts_every_kept_journal_with_the_lines_that_were_sent(posted):
    assert [answer.get("ValidationErrors", []) for answer in posted] == [[]] * len(KEPT)
    assert {answer["Status"] for answer in posted} == {"POSTED"}
    for answer, body in zip(posted, KEPT, strict=True):
        assert answer["Url"] == body["Url"]
        assert [
            (Decimal(line["LineAmount"]), line["AccountCode"]) for line in answer["JournalLines"]
        ] == [(Decimal(line["LineAmount"]), line["AccountCode"]) for line in body["JournalLines"]]


@pytest.mark.shared
@beside_us
def test_every_kept_journal_fits_what_xero_publishes_with_closed_schemas(posted, api, closed):
    assert faults_of(closed, api.answers[-1].request) == ""
