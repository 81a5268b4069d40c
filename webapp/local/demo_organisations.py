"""Gives a new sandbox what the demo's firms would already hold in their own organisations."""

import requests

from webapp.domain.matching import AP_GROUP
from webapp.services import demo_data

PAIRS = (("01", "Harbour Civil Ltd"), ("02", "Southern Cross Engineering Pty Ltd"))
TIMEOUT_SECONDS = 30


def furnish(sandbox: str) -> None:
    """Put the demo's suppliers into the group that is imported, and make its tracking options.

    Doing it twice makes nothing twice.

    Raises:
        requests.RequestException: when the sandbox does not answer, or refuses.
    """
    for fin_co, organisation in PAIRS:
        contacts = [
            {"name": name, "account_number": account, "group": AP_GROUP}
            for code, name, account, _ in demo_data.COMPANIES
            if code == fin_co and account
        ]
        jobs = [job for job, *_ in demo_data.JOBS if job.startswith(fin_co[-1])]
        answer = requests.post(
            f"{sandbox}/_sandbox/seed",
            json={"organisation": organisation, "contacts": contacts, "tracking": {"Job": jobs}},
            timeout=TIMEOUT_SECONDS,
        )
        answer.raise_for_status()
