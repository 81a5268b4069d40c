"""Saving a GL Account that is typed in by hand."""

from collections.abc import Mapping

import sqlalchemy as sa

from webapp.db import db, transaction
from webapp.domain.setup.fields import TICKED, faults, number_of
from webapp.domain.setup.gl_accounts import FIELDS, FROM_XERO
from webapp.models import FinCo, GlAccount
from webapp.queries.setup.gl_account import offered, told
from webapp.queries.setup.records import Record
from webapp.services import audit
from webapp.services.errors import NotAllowedNow
from webapp.services.setup.saving import (
    By,
    differs,
    log_change,
    log_new,
    missing,
    one_of_a_kind,
    refuse,
)

_TAKEN = "This Financial Company has an account of this code already. Choose another code."
_LARGEST_SEQUENCE = 10**9


def gl_account_faults(kept: Record | None, given: Mapping[str, str]) -> dict[str, str]:
    """What is wrong with what was filled in, field by field.

    Args:
        kept: the account as it is; None for a new one.
        given: all its fields.
    """
    choices = {name: {choice.value for choice in of} for name, of in offered(kept).items()}
    found = faults(FIELDS, given, choices)
    if kept is None and not {"code", "fin_co"} & found.keys() and _is_taken(given):
        found["code"] = _TAKEN
    number = number_of(given["sequence_no"]) if "sequence_no" not in found else None
    if number is not None and number >= _LARGEST_SEQUENCE:
        found["sequence_no"] = "At most 9 digits."
    return found


def create_gl_account(given: Mapping[str, str], by: By) -> int:
    """Make an account of a FinCo whose chart is not imported; its code stays for good.

    Raises:
        NotValid: something cannot be kept as it was filled in.
    """
    with one_of_a_kind("The GL Account", "code", _TAKEN), transaction():
        refuse("The GL Account", gl_account_faults(None, given))
        fin_co_id = db.session.execute(
            sa.select(FinCo.id).where(FinCo.code == given["fin_co"])
        ).scalar_one()
        account = GlAccount(fin_co_id=fin_co_id, code=given["code"])
        _assign(account, given)
        db.session.add(account)
        db.session.flush()
        log_new(f"GL Account {account.code}", given, by, fin_co_id)
        return account.id


def save_gl_account(account_id: int, given: Mapping[str, str], *, mark: str, by: By) -> bool:
    """Keep an account as it was filled in.

    Args:
        account_id: which one.
        given: all its fields; code and FinCo are as they were.
        mark: the fingerprint of what the person was shown.
        by: who saves it.

    Returns:
        Whether anything changed.

    Raises:
        ChangedMeanwhile: somebody else saved it in between.
        NotAllowedNow: it comes from Xero, which every import would set again (R64).
        NotFound: there is no such account.
        NotValid: something cannot be kept as it was filled in.
    """
    with transaction():
        account = db.session.get(GlAccount, account_id, with_for_update=True)
        if account is None:
            raise missing("GL Account")
        if account.xero_account_id is not None:
            raise NotAllowedNow(f"GL Account {account.code} was not saved.", FROM_XERO)
        kept = told(account)
        refuse(kept.name, gl_account_faults(kept, given))
        if not differs(kept, given, mark):
            return False
        _assign(account, given)
        log_change(kept, given, by)
        return True


def delete_gl_account(account_id: int, by: By) -> str:
    """Remove an account that was typed in by hand, and give its code.

    Its code stays as it is for good: to change it, the account is deleted and made anew
    (workbench 2.6). Records name accounts by their codes, so they keep what they say.

    Raises:
        NotAllowedNow: it comes from Xero.
        NotFound: there is no such account.
    """
    with transaction():
        account = db.session.get(GlAccount, account_id, with_for_update=True)
        if account is None:
            raise missing("GL Account")
        if account.xero_account_id is not None:
            raise NotAllowedNow(f"GL Account {account.code} was not deleted.", FROM_XERO)
        kept = told(account)
        db.session.delete(account)
        audit.record(
            at=by.at,
            user_id=by.user_id,
            fin_co_id=kept.fin_co_id,
            action="remove set-up",
            source=by.source,
            detail={
                "record": kept.name,
                **audit.changes(
                    kept.texts, {name: None for name, text in kept.texts.items() if text}
                ),
            },
        )
        return account.code


def _is_taken(given: Mapping[str, str]) -> bool:
    taken = (
        sa.select(GlAccount.id)
        .join(FinCo, FinCo.id == GlAccount.fin_co_id)
        .where(FinCo.code == given["fin_co"], GlAccount.code == given["code"])
    )
    return db.session.scalar(taken) is not None


def _assign(account: GlAccount, given: Mapping[str, str]) -> None:
    account.description = given["description"]
    account.section = given["section"]
    account.subsection = given["subsection"] or None
    account.category = given["category"] or None
    number = number_of(given["sequence_no"])
    account.sequence_no = None if number is None else int(number)
    account.active = given["active"] == TICKED
