"""How records of the two sides are recognised as one another."""

AP_GROUP = "Workbench AP (Suppliers)"
AR_GROUP = "Workbench AR (Customers)"
"""Membership of these contact groups says what a contact is to Workbench (R18, R37, R38)."""

_INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff"
"""Characters without width that come along with text copied from web pages."""


def link_code(typed: str | None) -> str:
    """An AP Account, AR Account or Account Number as it is compared and kept (R49).

    Spaces around it, of any kind, never break a match; within it they count, and so does case.
    """
    code = typed or ""
    while (stripped := code.strip().strip(_INVISIBLE)) != code:
        code = stripped
    return code
