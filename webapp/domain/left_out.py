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

_OPEN_IN_XERO = "Open it in Xero and see that it is complete; the next import tries again."

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
        "other-bills",
        "bills that are not from Workbench",
        ("Workbench keeps the payments of its own bills only%",),
        "Nothing: what was never entered in Workbench is paid in Xero alone.",
    ),
    Cause(
        "not-ours",
        "invoice not from Workbench",
        ("% is not ours",),
        "Nothing if it was made in Xero. If Workbench should have it, see that both have the same "
        "number.",
    ),
    Cause(
        "other-fin-co",
        "of another FinCo",
        ("% belongs to another FinCo",),
        "Nothing here: it comes in with that FinCo.",
    ),
    Cause(
        "no-invoice",
        "pays no invoice",
        ("%, which pays no invoice",),
        "Nothing: refunds, prepayments and overpayments stay in Xero until they are allocated.",
    ),
    Cause(
        "over-paid",
        "brought in, but over-paid",
        ("brought in, but %",),
        "See in Xero whether the payment belongs to that invoice.",
    ),
    Cause(
        "do-not-agree",
        "Workbench and Xero do not agree",
        ("%: put one of them right", "%: look at its link to Xero"),
        "Put right in Workbench or in Xero what the reason names; the next import tries again.",
    ),
    Cause(
        "number-twice",
        "number used twice in Workbench",
        ("% documents in Workbench have number %",),
        "Cancel or renumber the wrong document in Workbench.",
    ),
    Cause(
        "nowhere-to-put",
        "no period or location to put it in",
        ("There is no financial period for %", "FinCo % has no Default Location%"),
        "Do what the reason says; the next import tries again.",
    ),
    Cause(
        "not-authorised",
        "not authorised in Xero",
        ("% in Xero, not AUTHORISED",),
        "Nothing: only payments that are authorised in Xero count.",
    ),
    Cause(
        "deleted",
        "deleted in Xero",
        ("deleted in Xero%",),
        "Nothing: it no longer counts in Xero.",
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
        "too-long",
        "too long",
        ("its % is longer than % characters", "its amount is larger than %"),
        "Shorten it in Xero.",
    ),
    Cause(
        "unreadable",
        "cannot be read",
        ("Xero's record cannot be read%",),
        "Open it in Xero and save it again; the next import tries again.",
    ),
    Cause(
        "incomplete",
        "incomplete in Xero",
        (
            "no Name",
            "Xero does not say %",
            "Xero gives no %",
            "its amount is %",
            "its rate of %",
            "a currency code has %",
            "of type %, which Workbench does not know",
        ),
        _OPEN_IN_XERO,
    ),
)
"""In this order: the first whose words fit is the one."""

BY_SLUG = {cause.slug: cause for cause in (*CAUSES, OTHER)}
