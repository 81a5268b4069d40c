"""The use case: purchase invoices of a file become approved documents in open batches."""

import datetime as dt
from decimal import Decimal
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from webapp.db import db, transaction
from webapp.domain.documents import BATCH_TYPE_OF
from webapp.domain.ingest.grouping import Draft, Grouped, Refused, refuse_rows, refuse_whole
from webapp.domain.ingest.mapping import ColumnMapping
from webapp.domain.money import total
from webapp.models import Currency, FinCo, GstType
from webapp.services.batches import new_batch
from webapp.services.errors import NotAllowedNow, NotFound
from webapp.services.loading.coding import Coding
from webapp.services.loading.duplicates import entered
from webapp.services.loading.files import read_file
from webapp.services.loading.report import BatchMade, LoadReport, Progress, Stage
from webapp.services.loading.storing import Entry
from webapp.services.loading.suppliers import Suppliers


def load_ap_invoices(
    path: Path,
    *,
    fin_co_id: int,
    mapping: ColumnMapping,
    batch_date: dt.date,
    user_id: int | None,
    now: dt.datetime,
    progress: Progress,
) -> LoadReport:
    """Load a file of purchase invoices into one new open batch for each kind of document.

    An invoice goes in whole or not at all, and all good invoices of the file together: a load
    that is interrupted leaves nothing. What is there already is not entered again.

    Raises:
        FileRefused: nothing of the file can be taken.
        NotFound: the mapping names a GST Type or currency that is not there.
        NotAllowedNow: no batch can be made, or another load entered the same records meanwhile.
    """
    grouped = read_file(path, mapping, progress)
    try:
        with transaction():
            # One load at a time for a FinCo: a second one must see what the first one made.
            fin_co = db.session.execute(
                sa.select(FinCo).where(FinCo.id == fin_co_id).with_for_update(key_share=True)
            ).scalar_one()
            return _enter(grouped, fin_co, mapping, batch_date, user_id, now, progress)
    except IntegrityError:
        raise NotAllowedNow(
            "Somebody else entered some of the same records at the same moment, so nothing of "
            "this file was stored.",
            "Load the file again: what is there by then is left as it is.",
        ) from None


def _enter(
    grouped: Grouped,
    fin_co: FinCo,
    mapping: ColumnMapping,
    batch_date: dt.date,
    user_id: int | None,
    now: dt.datetime,
    progress: Progress,
) -> LoadReport:
    gst_type = gst_type_of(mapping)
    currency_code, currency_rate = currency_of(mapping, fin_co)
    suppliers = Suppliers(fin_co, mapping, grouped.drafts)
    coding = Coding(fin_co, gst_type, mapping, grouped.drafts)
    good, refused = possible(grouped.drafts, suppliers, coding)
    new, already, differing = not_entered(good, suppliers)
    batches = {
        kind: new_batch(
            fin_co=fin_co,
            kind=BATCH_TYPE_OF[kind],
            date=batch_date,
            reference=None,
            user_id=user_id,
            now=now,
        )
        for kind in sorted({draft.kind for draft in new}, reverse=True)
    }
    db.session.flush()
    made = {"suppliers": suppliers.make(draft.supplier_account for draft in new)}
    made |= coding.make(line for draft in new for line in draft.lines)
    entry = Entry(batches, suppliers, coding, gst_type, currency_code, currency_rate, user_id, now)
    entry.store(new, lambda count: progress(Stage.STORING, count, len(new)))
    every = (*grouped.refused, *refused, *differing)
    return LoadReport(
        documents=len(new),
        lines=sum(len(draft.lines) for draft in new),
        value=total(draft.value for draft in new),
        already_loaded=already,
        refused=tuple(sorted(every, key=lambda one: one.row)),
        batches=tuple(
            BatchMade(
                number=batch.number,
                type=batch.batch_type,
                documents=sum(draft.kind is kind for draft in new),
                value=total(draft.value for draft in new if draft.kind is kind),
            )
            for kind, batch in batches.items()
        ),
        made=made,
    )


def gst_type_of(mapping: ColumnMapping) -> GstType:
    """The GST Type every line of the file gets.

    Raises:
        NotFound: there is none of that code for purchases.
    """
    known = db.session.scalars(sa.select(GstType).where(GstType.use_for_ap)).all()
    for gst_type in known:
        if gst_type.code == mapping.gst_type:
            return gst_type
    codes = ", ".join(sorted(gst_type.code for gst_type in known))
    raise NotFound(
        f"There is no GST Type {mapping.gst_type} for purchases, which the mapping names. "
        f"Known: {codes or 'none'}.",
        "Correct gst_type under [constants] in the mapping, or add it in GST Types.",
    )


def currency_of(mapping: ColumnMapping, fin_co: FinCo) -> tuple[str, Decimal | None]:
    """The currency of the amounts and its rate, None for the FinCo's own.

    Raises:
        NotFound: there is no rate for it.
    """
    code = mapping.currency or fin_co.base_currency_code
    if code == fin_co.base_currency_code:
        return code, None
    currency = db.session.get(Currency, code)
    if currency is None or currency.conversion_rate is None:
        raise NotFound(
            f"The mapping says the amounts are in {code}, but there is no rate for {code}; FinCo "
            f"{fin_co.code} keeps its books in {fin_co.base_currency_code}.",
            "Set the rate in Currencies, or correct currency under [constants] in the mapping.",
        )
    return code, currency.conversion_rate


def possible(
    drafts: tuple[Draft, ...], suppliers: Suppliers, coding: Coding
) -> tuple[list[Draft], list[Refused]]:
    """Part what can be entered from the rows that cannot."""
    good: list[Draft] = []
    refused: list[Refused] = []
    for draft in drafts:
        no_supplier = suppliers.reason(draft.supplier_account)
        reasons = {line.row: reason for line in draft.lines if (reason := coding.reason(line))}
        if no_supplier:
            refused += refuse_whole(draft, no_supplier)
        elif reasons:
            refused += refuse_rows(draft.lines, reasons)
        else:
            good.append(draft)
    return good, refused


def not_entered(
    drafts: list[Draft], suppliers: Suppliers
) -> tuple[list[Draft], int, list[Refused]]:
    """Part what is new from what is there, and from what is there with other lines."""
    keyed = [(suppliers.id_of(draft.supplier_account), draft) for draft in drafts]
    there = entered((company, draft.number) for company, draft in keyed if company is not None)
    new: list[Draft] = []
    already = 0
    refused: list[Refused] = []
    for company, draft in keyed:
        before = there.get((company, draft.number)) if company is not None else None
        if before is None:
            new.append(draft)
        elif before.is_same_as(draft):
            already += 1
        else:
            refused += refuse_whole(
                draft,
                f"invoice {draft.number} of {suppliers.name_of(draft.supplier_account)} is "
                f"already in batch {before.batch} with {before.lines.total()} lines and a total "
                f"of {before.value:,.2f}; here it has {len(draft.lines)} lines and a total of "
                f"{draft.value:,.2f}",
            )
    return new, already, refused
