from enum import StrEnum


class ActiveFilter(StrEnum):
    """Whether a record may still be used; an inactive one stays to be found."""

    ACTIVE = "active"
    INACTIVE = "inactive"
    ANY = "any"
