from wtforms import BooleanField, Form, SelectField, StringField
from wtforms.validators import Length

from webapp.models.xero import TrackingSource
from webapp.services.integration_settings import Settings

CATEGORY_NAME = Length(max=100, message="A category's name has at most 100 characters.")


class SettingsForm(Form):
    """What a FinCo exchanges."""

    tracking_category_1 = StringField("Tracking Category 1", [CATEGORY_NAME])
    tracking_category_2 = StringField("Tracking Category 2", [CATEGORY_NAME])
    tracking_source_2 = SelectField(
        "Category 2 is filled from",
        choices=[source.value for source in TrackingSource],  # type: ignore[misc]  # stubs lag
    )
    sync_companies = BooleanField("Companies", description="Contacts that have an Account Number")
    sync_job_receipts = BooleanField("Job Receipts", description="Payments of sales invoices")
    sync_payments = BooleanField("Payments", description="Payments of bills")
    sync_gl_accounts = BooleanField("GL Accounts", description="The chart of accounts")
    include_ap_attachments = BooleanField(
        "Include AP Attachments", description="Files of AP invoices and credits go along"
    )
    include_ar_attachments = BooleanField(
        "Include AR Attachments", description="Files of job sales invoices and credits go along"
    )
    add_history_notes = BooleanField(
        "Add a note to the history in Xero",
        description="Says of each document which batch it came from, who sent it, and where it is "
        "here. Costs one call a document",
    )
    track_journals = BooleanField(
        "Track journals", description="The cost lines of journals carry the categories above, too"
    )

    def settings(self) -> Settings:
        """What was filled in. Names are kept letter by letter: Xero compares them so (R103)."""
        return Settings(
            tracking_category_1=(self.tracking_category_1.data or "").strip() or None,
            tracking_category_2=(self.tracking_category_2.data or "").strip() or None,
            tracking_source_2=TrackingSource(self.tracking_source_2.data),
            sync_companies=bool(self.sync_companies.data),
            sync_job_receipts=bool(self.sync_job_receipts.data),
            sync_payments=bool(self.sync_payments.data),
            sync_gl_accounts=bool(self.sync_gl_accounts.data),
            include_ap_attachments=bool(self.include_ap_attachments.data),
            include_ar_attachments=bool(self.include_ar_attachments.data),
            add_history_notes=bool(self.add_history_notes.data),
            track_journals=bool(self.track_journals.data),
        )
