"""Two FinCos as nearly every test needs them."""

from dataclasses import dataclass

from webapp.db import db
from webapp.domain.access import Role
from webapp.models import Company, FinCo, Location, User


@dataclass
class House:
    """FinCos 01 and 02 with a Template Company each, and an administrator, by their ids."""

    fin_co_id: int
    other_fin_co_id: int
    template_id: int
    alice_id: int


def new_house() -> House:
    location = Location(code="AK", description="Auckland", batch_prefix="A")
    alice = User(
        name="Alice", password_hash="none", role=Role.ADMINISTRATOR, session_key="a", fin_cos=[]
    )
    fin_cos = [
        FinCo(
            code=code,
            description=f"FinCo {code}",
            base_currency_code="NZD",
            default_location=location,
        )
        for code in ("01", "02")
    ]
    db.session.add_all([location, alice, *fin_cos])
    db.session.flush()
    for fin_co in fin_cos:
        template = Company(
            fin_co_id=fin_co.id,
            name=f"Template of {fin_co.code}",
            company_type="Trade",
            price_code="A",
            location_id=location.id,
            branch="Main",
            credit_status="OK",
            currency_code="NZD",
            payment_terms_days=20,
            payment_terms_type="OFFOLLOWINGMONTH",
            use_gst=True,
        )
        db.session.add(template)
        db.session.flush()
        fin_co.template_company_id = template.id
    made = House(fin_cos[0].id, fin_cos[1].id, fin_cos[0].template_company_id, alice.id)
    db.session.commit()
    return made
