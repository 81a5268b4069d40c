"""Other systems in front of the application, and what their documents name."""

import datetime as dt
import json
from contextvars import Context
from decimal import Decimal

from webapp.db import Base, db
from webapp.domain.access import API_RIGHTS, Permission
from webapp.models import (
    Activity,
    Company,
    Currency,
    GlAccount,
    GstType,
    Job,
    ProfitCentre,
    SalesCode,
)
from webapp.services import api_tokens

API = "/api/v1"


class Caller:
    """Another system with a token, or without one."""

    def __init__(self, app, token: str | None) -> None:
        self._client = app.test_client()
        self.token = token

    def send(self, method: str, path: str, body=None, *, key: str | None = None, **options):
        headers = options.pop("headers", {})
        if self.token is not None:
            headers = {"Authorization": f"Bearer {self.token}", **headers}
        if key is not None:
            headers["Idempotency-Key"] = key
        if body is not None:
            options["data"] = json.dumps(body)
            options["content_type"] = "application/json"
        # In a context of its own: the test's open application context would be shared otherwise.
        return Context().run(
            self._client.open, f"{API}{path}", method=method, headers=headers, **options
        )

    def get(self, path: str, **options):
        return self.send("GET", path, **options)

    def post(self, path: str, body=None, **options):
        return self.send("POST", path, body, **options)


def make_caller(
    app, *rights: Permission, fin_cos: tuple[str, ...] = ("01",), name: str = "Costing"
) -> Caller:
    """A caller with these rights, or all that a token may have, in these FinCos."""
    made = api_tokens.make_token(
        name=name,
        fin_co_codes=fin_cos,
        rights=rights or API_RIGHTS,
        expires_at=None,
        user_id=None,
        source="test",
        now=dt.datetime.now(dt.UTC),
    )
    return Caller(app, made.text)


def make_records(house) -> dict[str, Base]:
    """What documents of FinCo 01 name, and a little of FinCo 02."""
    gst = GstType(code="G15", description="GST 15%", percent=Decimal(15), use_for_ar=False)
    out = GstType(code="S15", description="Sales 15%", percent=Decimal(15), use_for_ap=False)
    centres = [
        ProfitCentre(code=code, description=code, location=house.location, fin_co=fin_co)
        for code, fin_co in (("AK", house.fin_co), ("SY", house.other))
    ]
    made = {
        "supplier": Company(
            fin_co=house.fin_co, name="Fletcher Concrete Ltd", ap_account="S1", is_supplier=True
        ),
        "client": Company(
            fin_co=house.fin_co, name="City Council", ar_account="C1", is_client=True
        ),
        "foreign": Company(
            fin_co=house.other, name="Sydney Steel", ap_account="S9", is_supplier=True
        ),
        "job": Job(code="1001", description="Bridge", profit_centre=centres[0]),
        "foreign_job": Job(code="2001", description="Tower", profit_centre=centres[1]),
        "activity": Activity(
            code="MAT", description="Materials", dr_gl_account="300", gst_type=gst
        ),
        "sales_code": SalesCode(
            code="CLAIM", description="Claim", cr_gl_account="200", gst_type=out
        ),
        "currency": Currency(
            code="AUD", description="Australian Dollar", conversion_rate=Decimal("0.92")
        ),
        "account": GlAccount(
            fin_co_id=house.fin_co.id, code="300", description="Purchases", section="Costs"
        ),
        "foreign_account": GlAccount(
            fin_co_id=house.other.id, code="300", description="Purchases", section="Costs"
        ),
    }
    db.session.add_all([gst, out, *centres, *made.values()])
    db.session.commit()
    return made
