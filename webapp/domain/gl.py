"""Which general-ledger account a line posts to."""


def derive_account(
    *, job_override: str | None, code: str | None, prefix: str | None, suffix: str | None
) -> str | None:
    """Derive the full account code of a line (R93).

    The job's own account, where filled, is the whole account. Otherwise a code that starts with
    ``@`` is whole once the ``@`` is dropped; any other is put between the Profit Centre's prefix
    and suffix exactly as they are stored (Q36: a dot belongs to the prefix).

    Args:
        job_override: the job's DR account for cost, or its CR account for revenue.
        code: the Activity's DR or CR account, or the Sales Code's account.
        prefix: GL Prefix of the job's Profit Centre.
        suffix: GL Suffix of the job's Profit Centre.

    Returns:
        The account code, or None when nothing names one.
    """
    if job_override:
        return job_override
    if not code:
        return None
    if code.startswith("@"):
        return code[1:] or None
    return f"{prefix or ''}{code}{suffix or ''}"
