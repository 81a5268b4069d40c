"""The GL Accounts: their list, and what the picker of an account offers."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from webapp.db import db
from webapp.models import FinCo, GlAccount, ProfitCentre, XeroSettings
from webapp.queries.setup.listing import Column, Table
from webapp.queries.viewers import Viewer

MOST_OFFERED = 20


def table(viewer: Viewer) -> Table:
    """The accounts of the FinCos a person sees (workbench 2.6)."""
    return Table(
        columns={
            "code": Column("GL Code", GlAccount.code, searched=True),
            "fin_co": Column("Fin Co", FinCo.code),
            "sequence": Column("Sequence No", GlAccount.sequence_no, numeric=True),
            "description": Column("Description", GlAccount.description, searched=True),
            "section": Column("Section", GlAccount.section, searched=True),
            "subsection": Column("Subsection", GlAccount.subsection, searched=True),
            "category": Column("Category", GlAccount.category, searched=True),
            "xero_type": Column("Type in Xero", GlAccount.xero_type, searched=True),
            "xero_status": Column("Status in Xero", GlAccount.xero_status),
        },
        rows=sa.select(GlAccount.id)
        .join(FinCo, FinCo.id == GlAccount.fin_co_id)
        .where(viewer.scope(GlAccount.fin_co_id)),
        key=GlAccount.id,
        active=GlAccount.active,
        fin_co=FinCo.code,
    )


@dataclass(frozen=True)
class AccountOffer:
    """An account to choose; the same code of several FinCos with the same name is one."""

    code: str
    name: str
    fin_cos: tuple[str, ...]


def picking_fin_cos(viewer: Viewer, fin_co_id: int | None = None) -> dict[int, str]:
    """The FinCos whose accounts can be picked from: those that import them (R14, Q24).

    Args:
        viewer: who picks.
        fin_co_id: only this FinCo, for a record that belongs to it.

    Returns:
        Their codes by id. Where there are none, an account is typed as plain text.
    """
    mine = [viewer.scope(FinCo.id), XeroSettings.sync_gl_accounts]
    if fin_co_id is not None:
        mine.append(FinCo.id == fin_co_id)
    rows = db.session.execute(
        sa.select(FinCo.id, FinCo.code)
        .join(XeroSettings, XeroSettings.fin_co_id == FinCo.id)
        .where(*mine)
        .order_by(FinCo.code)
    )
    return {id_: code for id_, code in rows}  # noqa: C416 - dict() of rows is opaque to the checker


def accounts_to_pick(
    fin_cos: dict[int, str], searched: str | None = None
) -> tuple[AccountOffer, ...]:
    """The active accounts of these FinCos, by code (R65).

    Args:
        fin_cos: codes by id, from ``picking_fin_cos``.
        searched: only those whose code or name holds this, and no more than a list has room for
            (R66); a leading @ is left aside. None gives all.
    """
    statement = (
        sa.select(GlAccount.code, GlAccount.description, GlAccount.fin_co_id)
        .where(GlAccount.fin_co_id.in_(fin_cos), GlAccount.active)
        .order_by(GlAccount.code, GlAccount.description, GlAccount.fin_co_id)
    )
    if searched is not None:
        text = searched.removeprefix("@").strip()
        statement = statement.where(
            sa.or_(
                GlAccount.code.icontains(text, autoescape=True),
                GlAccount.description.icontains(text, autoescape=True),
            )
        ).limit(MOST_OFFERED * len(fin_cos))
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for code, name, fin_co_id in db.session.execute(statement):
        found[code, name].append(fin_cos[fin_co_id])
    offers = [AccountOffer(code, name, tuple(of)) for (code, name), of in found.items()]
    return tuple(offers if searched is None else offers[:MOST_OFFERED])


def account_told(fin_cos: dict[int, str], account: str, *, whole: bool = False) -> str | None:
    """What is known of the account a field holds; None where nothing is filled in.

    Args:
        fin_cos: codes by id, from ``picking_fin_cos``.
        account: what the field holds. Unless it starts with an @ it is looked for as the Profit
            Centres complete it (R93).
        whole: whether they leave this field's accounts as they are.

    Returns:
        The names, also those of accounts out of use (R65), or that there is none.
    """
    code = account.removeprefix("@")
    if not code:
        return None
    whole = whole or account.startswith("@")
    affixes = {id_: {("", "")} for id_ in fin_cos} if whole else _affixes(fin_cos)
    meant = {
        (id_, f"{prefix}{code}{suffix}")
        for id_, pairs in affixes.items()
        for prefix, suffix in pairs
    }
    rows = _named(fin_cos, {code} | {one for _, one in meant})
    found = [row for row in rows if (row.fin_co_id, row.code) in meant]
    if found:
        marked = len(fin_cos) > 1
        texts = []
        for row in found:
            completed = "" if row.code == code else f"{row.code} "
            of = f" ({fin_cos[row.fin_co_id]})" if marked else ""
            standing = "" if row.active else ", no longer active"
            texts.append(f"{completed}{row.description}{of}{standing}")
        return "; ".join(texts)
    charts = f"the GL Accounts of {', '.join(fin_cos.values())}"
    if rows:
        # The Profit Centres would complete what is complete already.
        return f"Not in {charts} once completed. For {rows[0].description} write @{code}."
    return f"Not in {charts}."


def has_affixes(fin_cos: dict[int, str]) -> bool:
    """Whether a Profit Centre of these FinCos puts something before or after the accounts."""
    return any(any(pair) for pairs in _affixes(fin_cos).values() for pair in pairs)


def _named(fin_cos: dict[int, str], codes: set[str]) -> Sequence[sa.Row[str, str, bool, int]]:
    return db.session.execute(
        sa.select(GlAccount.code, GlAccount.description, GlAccount.active, GlAccount.fin_co_id)
        .where(GlAccount.fin_co_id.in_(fin_cos), GlAccount.code.in_(codes))
        .order_by(GlAccount.code, GlAccount.fin_co_id)
    ).all()


def _affixes(fin_cos: dict[int, str]) -> dict[int, set[tuple[str, str]]]:
    """The pairs of prefix and suffix of each FinCo; without a Profit Centre there is nothing."""
    rows = db.session.execute(
        sa.select(ProfitCentre.fin_co_id, ProfitCentre.gl_prefix, ProfitCentre.gl_suffix)
        .distinct()
        .where(ProfitCentre.fin_co_id.in_(fin_cos))
    )
    found: dict[int, set[tuple[str, str]]] = {id_: set() for id_ in fin_cos}
    for fin_co_id, prefix, suffix in rows:
        found[fin_co_id].add((prefix or "", suffix or ""))
    return {id_: pairs or {("", "")} for id_, pairs in found.items()}
