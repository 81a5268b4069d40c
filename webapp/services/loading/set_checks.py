"""What a row of a list is judged by beside its own cells: the rest of the set-up, and Xero."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from webapp.domain.ingest.cells import Value
from webapp.domain.setup.companies import ROLES, with_role
from webapp.domain.setup.tax_rates import misfit, warnings
from webapp.models import GstType
from webapp.queries.setup.gst_types import all_tax_rates
from webapp.services.company_rules import faults_of, template_values


class SetCheck:
    """Judges nothing: most lists are judged by their cells alone."""

    def given(self, given: Mapping[str, Value]) -> dict[str, Value]:
        """What is given of a new record, with what follows from it."""
        return dict(given)

    def faults(self, _given: Mapping[str, Value], _kept: Any) -> dict[str, str]:
        """What is wrong with a record, by field; ``kept`` is None for a new one."""
        return {}

    def warnings(self, _given: Mapping[str, Value], _kept: Any) -> tuple[str, ...]:
        """What somebody should look at, though the record can be kept."""
        return ()

    def columns(self, columns: Mapping[str, Any]) -> dict[str, Any]:
        """The columns of a new record, with what it takes from elsewhere."""
        return dict(columns)


class CompanyCheck(SetCheck):
    """A company beside the others of its FinCo."""

    def __init__(self, fin_co_id: int) -> None:
        self._fin_co_id = fin_co_id
        self._template = template_values(fin_co_id)

    def given(self, given: Mapping[str, Value]) -> dict[str, Value]:
        """With its role by its account, where the file says nothing of roles."""
        return with_role(given)

    def faults(self, given: Mapping[str, Value], kept: Any) -> dict[str, str]:
        """What the screens would refuse too."""
        roles = {name: getattr(kept, name) for name in ROLES} if kept else {}
        changed = {
            name
            for name, value in given.items()
            if kept is None or getattr(kept, name, value) != value
        }
        asked = changed if kept else changed | set(ROLES)
        return faults_of(self._fin_co_id, kept, {**roles, **given}, asked)

    def columns(self, columns: Mapping[str, Any]) -> dict[str, Any]:
        """With what the Template Company gives, where the file says nothing (R43 to R45)."""
        said = {name: value for name, value in columns.items() if value is not None}
        return {**columns, **self._template, **said}


class GstTypeCheck(SetCheck):
    """A GST Type beside Xero's tax rates, as far as they are known (R68, R69)."""

    def __init__(self) -> None:
        self._rates = all_tax_rates()

    def faults(self, given: Mapping[str, Value], kept: GstType | None) -> dict[str, str]:
        """An Export Code that Xero would refuse for the use the GST Type has."""
        export_code = given.get("export_code")
        uses = {name: self._of(name, given, kept) for name in ("use_for_ap", "use_for_ar")}
        if not export_code or (
            kept is not None
            and kept.export_code == export_code
            and all(getattr(kept, name) == use for name, use in uses.items())
        ):
            return {}
        refused = misfit(
            str(export_code), self._rates, for_ap=uses["use_for_ap"], for_ar=uses["use_for_ar"]
        )
        return {"export_code": refused} if refused else {}

    def warnings(self, given: Mapping[str, Value], kept: GstType | None) -> tuple[str, ...]:
        """A rate that is not Xero's, or is not active there."""
        code = given.get("export_code", kept.export_code if kept else None)
        percent = given.get("percent", kept.percent if kept else None)
        if not code or not isinstance(percent, Decimal):
            return ()
        return warnings(str(code), percent, self._rates)

    def _of(self, name: str, given: Mapping[str, Value], kept: GstType | None) -> bool:
        value = given.get(name)
        return bool(getattr(kept, name) if kept else True) if value is None else bool(value)
