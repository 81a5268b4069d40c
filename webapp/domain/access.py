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
    EDIT_RECORDS = "edit master records"
    CONFIGURE = "configure the integration"
    MANAGE_TOKENS = "manage API tokens"


GRANTED = {
    Role.ADMINISTRATOR: frozenset(Permission),
    Role.FINANCE: frozenset(Permission) - {Permission.CONFIGURE, Permission.MANAGE_TOKENS},
    Role.READ_ONLY: frozenset({Permission.VIEW}),
}
"""Only administrators connect and configure; finance exports and imports (R30, Q32)."""

API_RIGHTS = (
    Permission.VIEW,
    Permission.LOAD_DOCUMENTS,
    Permission.CLOSE_BATCHES,
    Permission.EXPORT_BATCHES,
    Permission.RUN_IMPORT,
    Permission.EDIT_RECORDS,
)
"""What an API token may be given: no token configures anything or makes further tokens."""


def may(role: Role, permission: Permission) -> bool:
    """Whether a role carries a permission."""
    return permission in GRANTED[role]
