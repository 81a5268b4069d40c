"""Why records of an organisation stay outside Workbench, in groups, and what to do about each.

An import keeps a reason in words, with the names and numbers of its record in them. Here stands
which of these words mean the same, so that 400 reasons become five rows that one can work off.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Cause:
    """Reasons that are put right in the same way.

    Attributes:
        slug: its name in addresses.
        title: what the reasons have in common.
        patterns: how their words look, as SQL's LIKE has it.
        way_out: what to do about it.
    """

    slug: str
    title: str
    patterns: tuple[str, ...]
    way_out: str


OTHER = Cause(
    "other",
    "another reason",
    (),
    "Put right in Xero what the reason names; the next import tries again.",
)

CAUSES = (
    Cause(
        "account-number",
        "no Account Number",
        ("no Account Number",),
        "If it is a supplier or a client of yours, give the contact an Account Number in Xero.",
    ),
    Cause(
        "group",
        "not in a Workbench group",
        ("not in a Workbench group",),
        "If it is a supplier or a client of yours, put the contact into the group "
        "“Workbench AP (Suppliers)” or “Workbench AR (Customers)” in Xero.",
    ),
    Cause(
        "template",
        "no Template Company",
        ("the FinCo has no Template Company%",),
        "Choose a Template Company in Financial Companies, then import again.",
    ),
    Cause(
        "account-number-length",
        "Account Number too long",
        ("its Account Number is longer than %",),
        "Shorten the contact's Account Number in Xero.",
    ),
    Cause(
        "account-number-twice",
        "Account Number used twice",
        (
            "Account Number % is also of %",
            "archived; its Account Number % is now of %",
            "its Account Number is now %",
            "% which is another contact in Xero%",
        ),
        "Give each of the contacts an Account Number of its own in Xero.",
    ),
    Cause(
        "merged",
        "merged in Xero",
        ("merged in Xero%",),
        "Nothing, as a rule: the contact it was merged into stands for it.",
    ),
    Cause(
        "no-code",
        "account without a Code",
        ("no Code",),
        "Give the account a Code in Xero if anything is to be posted to it.",
    ),
    Cause(
        "code-twice",
        "Code used twice",
        ("Code % is also of %",),
        "Give each account a Code of its own, in Xero or in GL Accounts.",
    ),
    Cause(
        "deleted",
        "deleted in Xero",
        ("deleted in Xero%",),
        "Nothing: it no longer counts in Xero.",
    ),
)
"""In this order: the first whose words fit is the one."""

BY_SLUG = {cause.slug: cause for cause in (*CAUSES, OTHER)}
