"""What Payroll Access says, and whether the permission can be asked for (R9)."""

from dataclasses import dataclass

from webapp.services.connections import GrantedFeatures

NEW_ZEALAND = "NZ"


@dataclass(frozen=True)
class PayrollAccess:
    """The row of the screen. ``said`` is None where nothing is connected."""

    said: str | None
    meaning: str | None
    granted: bool
    can_be_asked_for: bool


def payroll_access(country_code: str | None, features: GrantedFeatures | None) -> PayrollAccess:
    """Say whether the permission was given, what it is for, and how to ask for it.

    Args:
        country_code: of the connected organisation; None where none is or it is not known.
        features: what its sign-in may do; None where none is connected.
    """
    if features is None:
        return PayrollAccess(None, None, granted=False, can_be_asked_for=True)
    if country_code == NEW_ZEALAND:
        # Payroll goes to Australia's (Q16).
        said = "Unavailable for New Zealand organisations"
        return PayrollAccess(said, None, granted=False, can_be_asked_for=False)
    if features.payroll:
        meaning = "Employees and pay items may be read, and timesheets sent."
        return PayrollAccess("Granted", meaning, granted=True, can_be_asked_for=True)
    return PayrollAccess(
        "Not granted",
        "It is for reading employees and pay items and for sending timesheets. An administrator "
        "asks for it with the tick beside Connect to Xero; their Xero login needs payroll access.",
        granted=False,
        can_be_asked_for=True,
    )
