from wtforms import BooleanField, Form, HiddenField, StringField

from webapp.services.companies import CompanyEdit
from webapp.services.currencies import CurrencyEdit


class CompanyForm(Form):
    """What people set on a company by hand."""

    seen = HiddenField()
    alpha_code = StringField("Alpha Code")
    is_supplier = BooleanField("Supplier")
    ap_account = StringField("AP Account")
    is_subcontractor = BooleanField("Subcontractor")

    def edit(self) -> CompanyEdit:
        """What was filled in."""
        return CompanyEdit(
            alpha_code=self.alpha_code.data or "",
            is_supplier=bool(self.is_supplier.data),
            ap_account=self.ap_account.data or "",
            is_subcontractor=bool(self.is_subcontractor.data),
        )


class CurrencyForm(Form):
    """What administrators set on a currency."""

    seen = HiddenField()
    description = StringField("Description")
    symbol = StringField("Symbol")
    conversion_rate = StringField("Conversion Rate")
    active = BooleanField("Active")

    def edit(self) -> CurrencyEdit:
        """What was filled in."""
        return CurrencyEdit(
            description=self.description.data or "",
            symbol=self.symbol.data or "",
            conversion_rate=self.conversion_rate.data or "",
            active=bool(self.active.data),
        )
