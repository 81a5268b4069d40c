"""Saving the accounts of a job."""

from collections.abc import Mapping

from webapp.db import db, transaction
from webapp.domain.setup.fields import faults
from webapp.domain.setup.jobs import FIELDS
from webapp.models import Job
from webapp.queries.setup.jobs import told
from webapp.services.setup.saving import By, differs, log_change, missing, refuse


def job_faults(given: Mapping[str, str]) -> dict[str, str]:
    """What is wrong with what was filled in, field by field."""
    return faults(FIELDS, given, {})


def save_job_accounts(job_id: int, given: Mapping[str, str], *, mark: str, by: By) -> bool:
    """Keep the accounts that stand in place of those of a job's activities and sales codes.

    Args:
        job_id: which job.
        given: both accounts.
        mark: the fingerprint of what the person was shown.
        by: who saves them.

    Returns:
        Whether anything changed.

    Raises:
        ChangedMeanwhile: somebody else saved them in between.
        NotFound: there is no such job.
        NotValid: something cannot be kept as it was filled in.
    """
    with transaction():
        job = db.session.get(Job, job_id, with_for_update=True)
        if job is None:
            raise missing("job")
        kept = told(job)
        refuse(kept.name, job_faults(given))
        if not differs(kept, given, mark):
            return False
        job.dr_gl_account = given["dr_gl_account"] or None
        job.cr_gl_account = given["cr_gl_account"] or None
        log_change(kept, given, by)
        return True
