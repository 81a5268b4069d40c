"""Roles and what each may do."""

from enum import StrEnum


class Role(StrEnum):
    """What a user is to the whole system; which FinCos they see is kept beside it."""

    ADMINISTRATOR = "Administrator"
    FINANCE = "Finance"
    READ_ONLY = "Read only"


class Permission(StrEnum):
    """One thing a route or command asks for."""

    VIEW = "view"
    EXPORT_BATCHES = "export batches"
    CLOSE_BATCHES = "close batches"
    RUN_IMPORT = "run import"
    LOAD_DOCUMENTS = "load documents"
    READ_AUDIT_LOG = "read the audit log"
    EDIT_COMPANIES = "edit companies"
    EDIT_CURRENCIES = "edit currencies"
    SET_UP = "change the set-up"
    CONFIGURE = "configure the integration"
    MANAGE_TOKENS = "manage API tokens"
    MANAGE_USERS = "manage users"


GRANTED = {
    Role.ADMINISTRATOR: frozenset(Permission),
    Role.FINANCE: frozenset(Permission)
    - {
        Permission.CONFIGURE,
        Permission.EDIT_CURRENCIES,
        Permission.MANAGE_TOKENS,
        Permission.MANAGE_USERS,
        Permission.SET_UP,
    },
    Role.READ_ONLY: frozenset({Permission.VIEW}),
}
"""Only administrators configure, set up and set rates; finance exports and imports (R30, Q32).

Setting up is asked for apart from the integration: what accounts and tax codes mean is a
bookkeeper's question, which an office may one day give to others than who connects to Xero.
"""

API_RIGHTS = (
    Permission.VIEW,
    Permission.LOAD_DOCUMENTS,
    Permission.CLOSE_BATCHES,
    Permission.EXPORT_BATCHES,
    Permission.RUN_IMPORT,
    Permission.EDIT_COMPANIES,
    Permission.SET_UP,
)
"""What an API token may be given: no token configures anything or makes further tokens."""


def may(role: Role, permission: Permission) -> bool:
    """Whether a role carries a permission."""
    return permission in GRANTED[role]
