"""Records as the screens meet them; every maker works without arguments beyond its parents."""

import datetime as dt
import itertools
import uuid
from decimal import Decimal

from webapp.db import db
from webapp.domain.batches import BatchStatus, BatchType, number
from webapp.domain.documents import DocumentKind, DocumentStatus
from webapp.domain.runs import ImportKind, ItemState, KindState, RunOrigin
from webapp.models import (
    Activity,
    Batch,
    Company,
    Document,
    DocumentLine,
    ExportItem,
    ExportRun,
    ExportRunBatch,
    GstType,
    ImportProblem,
    ImportRun,
    ImportRunKind,
    XeroConnection,
    XeroContact,
    XeroDocument,
    XeroToken,
)
from webapp.models.xero import ConnectionState
from webapp.xero.authorize import BASE_SCOPES

NOW = dt.datetime(2026, 11, 20, 9, 30, tzinfo=dt.UTC)
TENANT = "aaaaaaaa-0000-4000-8000-00000000c0de"
CRANE = "cccccccc-0000-4000-8000-00000000c0de"
_count = itertools.count(1)


def make_batch(house, *, kind=BatchType.AP_INVOICE, status=BatchStatus.CLOSED, **more) -> Batch:
    values = {
        "number": number("A", 2027, kind, next(_count)),
        "batch_type": kind,
        "fin_co": house.fin_co,
        "location": house.location,
        "period": house.period,
        "batch_date": dt.date(2026, 11, 12),
        "status": status,
        "created_at": NOW,
    }
    batch = Batch(**{**values, **more})
    db.session.add(batch)
    db.session.commit()
    return batch


def make_document(batch, *, value="100.00", gst="15.00", **more) -> Document:
    kind = DocumentKind.AP_CREDIT if value.startswith("-") else DocumentKind.AP_INVOICE
    company = more.pop("company", None) or Company(
        fin_co=batch.fin_co, name=f"Supplier {next(_count)} Ltd", is_supplier=True
    )
    values = {
        "uid": str(uuid.uuid4()),
        "kind": kind,
        "company": company,
        "number": f"INV-{next(_count):04d}",
        "document_date": dt.date(2026, 11, 10),
        "due_date": dt.date(2026, 12, 20),
        "currency_code": "NZD",
        "status": DocumentStatus.APPROVED,
        "value_ex_gst": Decimal(value),
        "gst": Decimal(gst),
    }
    document = Document(batch=batch, **{**values, **more})
    document.lines = [
        DocumentLine(
            line_no=1,
            description="Ready-mix concrete",
            value_ex_gst=document.value_ex_gst,
            gst=document.gst,
            gl_account="AK.01.310",
        )
    ]
    db.session.add(document)
    db.session.commit()
    return document


def sound_codes() -> dict:
    """The activity and the GST Type that lead to an account and a tax type; made once."""
    activity = db.session.query(Activity).filter_by(code="CONC").first()
    gst_type = db.session.query(GstType).filter_by(code="G15").first()
    codes = {
        "activity": activity or Activity(code="CONC", description="Concrete", dr_gl_account="310"),
        "gst_type": gst_type
        or GstType(code="G15", description="GST", export_code="INPUT2", percent=Decimal(15)),
    }
    db.session.add_all(codes.values())
    db.session.commit()
    return codes


def make_sound(batch, **more) -> Document:
    """A document that lacks nothing to be sent to the organisation of ``make_connection``."""
    document = make_document(batch, **more)
    for name, code in sound_codes().items():
        setattr(document.lines[0], name, code)
    db.session.add(
        XeroContact(
            fin_co_id=batch.fin_co_id,
            tenant_id=TENANT,
            company=document.company,
            contact_id=document.uid,
            name=document.company.name,
            status="ACTIVE",
            seen_at=NOW,
        )
    )
    db.session.commit()
    return document


def make_connection(
    fin_co, *, state=ConnectionState.CONNECTED, name="North Build Ledger", **more
) -> XeroConnection:
    token = XeroToken(
        xero_user_id=str(uuid.uuid4()),
        access_token="ciphertext-of-the-access-token",
        refresh_token="ciphertext-of-the-refresh-token",
        expires_at=NOW + dt.timedelta(minutes=25),
        refreshed_at=more.pop("refreshed_at", NOW),
        scope=more.pop("scope", " ".join(BASE_SCOPES)),
    )
    connection = XeroConnection(
        **{
            "fin_co": fin_co,
            "tenant_id": TENANT,
            "connection_id": "bbbbbbbb-0000-4000-8000-00000000beef",
            "token": token,
            "state": state,
            "organisation_name": name,
            "short_code": "!aB3",
            "country_code": "NZ",
            "base_currency_code": "NZD",
            "connected_at": NOW,
            **more,
        }
    )
    db.session.add(connection)
    db.session.commit()
    return connection


def make_import(fin_co, *, finished=True, user=None, origin=RunOrigin.PERSON, **more) -> ImportRun:
    """A run with one kind that did something: of its companies one is noted as left out."""
    state = KindState.DONE if finished else KindState.RUNNING
    companies = ImportRunKind(
        kind=ImportKind.COMPANIES,
        state=state,
        fetched=1204,
        created=31,
        updated=4,
        unchanged=1164,
        skipped=4,
        failed=1,
        calls=3,
        started_at=NOW,
        finished_at=NOW + dt.timedelta(seconds=73) if finished else None,
    )
    later = [
        ImportRunKind(kind=kind, state=KindState.DONE if finished else KindState.PENDING)
        for kind in ImportKind
        if kind is not ImportKind.COMPANIES
    ]
    run = ImportRun(
        **{
            "fin_co_id": fin_co.id,
            "tenant_id": TENANT,
            "started_at": NOW,
            "origin": origin,
            "started_by": user,
            "finished_at": NOW + dt.timedelta(seconds=80) if finished else None,
            "kinds": [companies, *later],
            **more,
        }
    )
    db.session.add(run)
    db.session.flush()
    if "kinds" not in more:
        leave_out(companies, "Blue <Crane> Hire", "no Account Number")
    db.session.commit()
    return run


def leave_out(kind, name, reason, *, outcome="skipped", **more) -> ImportProblem:
    """A record of the kind of a run that stands outside."""
    run = db.session.get_one(ImportRun, kind.run_id)
    xero_id = more.pop("xero_id", str(uuid.uuid4()))
    values = {
        "fin_co_id": run.fin_co_id,
        "tenant_id": run.tenant_id,
        "kind": kind.kind,
        "run_kind_id": kind.id,
        "record_key": xero_id or f"{name}: {reason}"[:100],
        "outcome": outcome,
        "name": name,
        "xero_id": xero_id,
        "reason": reason,
        "since": NOW,
    }
    problem = ImportProblem(**{**values, **more})
    db.session.add(problem)
    db.session.commit()
    return problem


REFUSED = {
    "code": "account-archived",
    "record": "AP Invoice INV-0001 (Supplier)",
    "message": "Account 310 (Subcontractors) is archived in Xero.",
    "way_out": "Restore the account in Xero, or give the activity another account.",
    "line": 1,
    "verbatim": "Account code '310' has been <archived> or deleted.",
    "request_id": "corr-77",
}


def make_run(fin_co, fates, *, finished=True, user=None, **more) -> ExportRun:
    """A run of documents: ``fates`` are pairs of a document and an ItemState."""
    run = ExportRun(
        fin_co=fin_co,
        tenant_id=TENANT,
        started_at=NOW,
        started_by=user,
        finished_at=NOW + dt.timedelta(seconds=40) if finished else None,
        **more,
    )
    batches = {document.batch_id: document.batch for document, _ in fates}
    run.batches = [ExportRunBatch(batch=batch, active=not finished) for batch in batches.values()]
    db.session.add(run)
    db.session.flush()
    for document, state in fates:
        sent = state is ItemState.SENT
        refused = state in {ItemState.REJECTED, ItemState.BLOCKED}
        xero_id = str(uuid.uuid4()) if sent else None
        db.session.add(
            ExportItem(
                run_id=run.id,
                batch_id=document.batch_id,
                document=document,
                total=document.value_ex_gst + document.gst,
                state=state,
                xero_id=xero_id,
                xero_status="AUTHORISED" if sent else None,
                problems=[REFUSED] if refused else [],
                settled_at=NOW if sent or refused else None,
            )
        )
        if sent:
            document.status = DocumentStatus.UPDATED
            db.session.add(
                XeroDocument(
                    fin_co_id=fin_co.id,
                    tenant_id=TENANT,
                    document_id=document.id,
                    collection="Invoices",
                    xero_type="ACCPAY",
                    xero_id=xero_id,
                    status="AUTHORISED",
                    linked_at=NOW,
                )
            )
    db.session.commit()
    return run


def make_part(run, document, state, *, part=2) -> ExportItem:
    """A further part of a journal that the run carries."""
    item = ExportItem(
        run_id=run.id,
        batch_id=document.batch_id,
        document=document,
        part=part,
        total=document.value_ex_gst,
        state=state,
        problems=[],
        settled_at=NOW,
    )
    db.session.add(item)
    db.session.commit()
    return item
