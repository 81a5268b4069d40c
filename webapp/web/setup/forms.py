"""The form of a set-up record: what it is made of, and what was filled in."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from werkzeug.datastructures import MultiDict

from webapp.domain.setup.fields import Field, FieldKind, filled_in
from webapp.queries.setup.gl_accounts import (
    AccountOffer,
    account_told,
    accounts_to_pick,
    has_affixes,
)
from webapp.queries.setup.records import Choice, Record

CODE_TYPE = "code_type"


@dataclass(frozen=True, kw_only=True)
class Form:
    """The form of one record.

    Attributes:
        name: what the record is called.
        layout: its fields, where they depend on the Code Type that is chosen.
        start: what a new record begins with.
        kept: the record as it is; None for a new one.
        offered: what each CHOICE field can be chosen from.
        picking: the FinCos whose accounts can be picked from, codes by id.
        faults: what is wrong with what was filled in.
    """

    name: str
    layout: Callable[[str], tuple[Field, ...]]
    faults: Callable[[Mapping[str, str]], dict[str, str]]
    kept: Record | None
    start: Mapping[str, str] = field(default_factory=dict)
    offered: Mapping[str, tuple[Choice, ...]] = field(default_factory=dict)
    picking: dict[int, str] = field(default_factory=dict)

    def fields(self, code_type: str) -> tuple[Field, ...]:
        """Those of the form while that Code Type is chosen."""
        return self.layout(code_type)

    def standing(self) -> dict[str, str]:
        """What the form holds before anybody types."""
        return dict(self.kept.texts if self.kept else self.start)

    def read(self, sent: MultiDict[str, str]) -> dict[str, str]:
        """What was filled in; a code that is fixed is as it was.

        Without JavaScript an account is picked from a select beside its box, which wins.
        """
        fields = self.layout(sent.get(CODE_TYPE, ""))
        given = {
            one.name: sent.get(f"{one.name}-picked") or sent.get(one.name, "") for one in fields
        }
        if self.kept:
            given |= {one.name: self.kept.texts[one.name] for one in fields if one.fixed}
        return filled_in(fields, given)


@dataclass(frozen=True)
class Shown:
    """A field as the page shows it.

    Attributes:
        field: which one.
        value: what it holds.
        fault: what is wrong with that.
        now: what is kept now, where somebody else changed it meanwhile; empty text where nothing
            is.
        choices: what it can be chosen from.
        told: what is known of the account it holds.
        accounts: every account to pick from.
        picks: whether it is picked from a list that is searched.
        affixed: whether Profit Centres complete the account.
    """

    field: Field
    value: str
    fault: str | None
    now: str | None
    choices: tuple[Choice, ...]
    told: str | None
    accounts: tuple[AccountOffer, ...]
    picks: bool
    affixed: bool


def shown(
    form: Form, values: Mapping[str, str], faults: Mapping[str, str], *, clash: bool
) -> tuple[Shown, ...]:
    """The fields of a form, for its page."""
    accounts = accounts_to_pick(form.picking) if form.picking else ()
    affixed = bool(form.picking) and has_affixes(form.picking)
    kept = form.kept.texts if form.kept else {}
    found = []
    for one in form.fields(values.get(CODE_TYPE, "")):
        value = values.get(one.name, "")
        picked = one.kind is FieldKind.ACCOUNT and bool(form.picking)
        changed = clash and kept.get(one.name, "") != value
        found.append(
            Shown(
                field=one,
                value=value,
                fault=faults.get(one.name),
                now=kept.get(one.name, "") if changed else None,
                choices=form.offered.get(one.name, ()),
                told=account_told(form.picking, value, whole=one.whole) if picked else None,
                accounts=accounts if picked else (),
                picks=picked or one.kind is FieldKind.COMPANY,
                affixed=affixed and picked and not one.whole,
            )
        )
    return tuple(found)
