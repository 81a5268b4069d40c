"""Gives a new sandbox what the demo's firms would already hold in their own organisations."""

import requests

from webapp.domain.matching import AP_GROUP, AR_GROUP
from webapp.services import demo_data

PAIRS = (("01", "Harbour Civil Ltd"), ("02", "Southern Cross Engineering Pty Ltd"))
TIMEOUT_SECONDS = 30


def furnish(sandbox: str) -> None:
    """Put the demo's suppliers and clients into the groups that are imported, and make its options.

    Doing it twice makes nothing twice.

    Raises:
        requests.RequestException: when the sandbox does not answer, or refuses.
    """
    for fin_co, organisation in PAIRS:
        contacts = [
            {"name": name, "account_number": account, "group": group}
            for code, name, ap_account, ar_account in demo_data.COMPANIES
            for account, group in ((ap_account, AP_GROUP), (ar_account, AR_GROUP))
            if code == fin_co and account
        ]
        jobs = [job for job, *_ in demo_data.JOBS if job.startswith(fin_co[-1])]
        answer = requests.post(
            f"{sandbox}/_sandbox/seed",
            json={"organisation": organisation, "contacts": contacts, "tracking": {"Job": jobs}},
            timeout=TIMEOUT_SECONDS,
        )
        answer.raise_for_status()
