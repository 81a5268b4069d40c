from wtforms import BooleanField, Form, HiddenField, StringField

from webapp.services.companies import CompanyEdit


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
