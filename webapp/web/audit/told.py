"""An event of the audit log in the words of the screens."""

from dataclasses import dataclass

from webapp.domain.setup.labels import LABELS
from webapp.queries.audit import EventRow
from webapp.web.integration.forms import SettingsForm

ACTIONS = {
    "connect": "Gave consent in Xero",
    "confirm": "Confirmed the connection",
    "cancel": "Cancelled the consent",
    "disconnect": "Disconnected",
    "save": "Saved the settings",
    "import": "Started an import",
    "validate": "Validated the accounts",
    "test": "Tested the connection",
    "add set-up": "Added to the set-up",
    "change set-up": "Changed the set-up",
    "remove set-up": "Removed from the set-up",
    "give password": "Gave a new password",
    "choose password": "Chose a password of their own",
    "add company": "Made a company",
    "ask Xero": "Asked Xero for a document",
    "link contact": "Linked a company to a contact",
    "unlink contact": "Unlinked a company from its contact",
    "edit company": "Changed a company",
    "edit currency": "Changed a currency",
    "make batch": "Made a batch",
    "close batch": "Closed a batch",
    "approve batch": "Approved the documents of a batch",
    "enter document": "Entered a document",
    "change document": "Changed a document",
    "delete document": "Deleted a document",
    "approve document": "Approved a document",
    "take back approval": "Took back an approval",
    "attach file": "Attached a file",
    "remove file": "Removed a file",
    "load file": "Loaded from a file",
    "make API token": "Made an API token",
    "revoke API token": "Revoked an API token",
    "enter documents": "Entered documents",
    "mark batch": "Set Not For Export",
    "export batch": "Exported a batch",
    "pause export": "Paused an export",
    "resume export": "Let an export go on",
    "cancel export": "Cancelled an export",
    "export again": "Exported again what did not go",
    "send files again": "Sent files and notes again",
}
"""Actions by what people know them as; one that is not here is shown as it was recorded."""
FIELDS = {
    "ap_account": "AP Account",
    "is_supplier": "Supplier",
    "is_subcontractor": "Subcontractor",
}
"""Fields whose names do not say it."""
BEFORE_AND_AFTER = 2


@dataclass(frozen=True)
class Change:
    """One field; ``before`` is None where the event only says how something was."""

    field: str
    before: str | None
    after: str


@dataclass(frozen=True)
class Told:
    """An event to be shown."""

    event: EventRow
    action: str
    changes: tuple[Change, ...]


def tell(event: EventRow) -> Told:
    """Put an event into words."""
    changes = tuple(_change(field, value) for field, value in event.detail.items())
    return Told(event, ACTIONS.get(event.action, event.action), changes)


def _change(field: str, value: object) -> Change:
    label = _label(field)
    if isinstance(value, list) and len(value) == BEFORE_AND_AFTER:
        return Change(label, _shown(value[0]), _shown(value[1]))
    return Change(label, None, _shown(value))


def _label(field: str) -> str:
    if field in FIELDS:
        return FIELDS[field]
    known = SettingsForm()
    if field in known:
        return str(known[field].label.text)
    if field in LABELS:
        return LABELS[field]
    return field.replace("_", " ").capitalize()


def _shown(value: object) -> str:
    if value is None or value == "":
        return "nothing"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)
