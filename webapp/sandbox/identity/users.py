"""The people who can sign in to the sandbox's Xero."""

from dataclasses import dataclass


@dataclass(frozen=True)
class XeroUser:
    """One Xero login."""

    user_id: str
    given_name: str
    family_name: str
    email: str

    @property
    def name(self) -> str:
        """Give the full name."""
        return f"{self.given_name} {self.family_name}"


USERS = (
    XeroUser("6d2f0c1e-4a53-4a1b-9d0e-0f6f5f1f8a01", "Morgan", "Hale", "morgan.hale@example.com"),
    XeroUser("b7c9e0aa-1d25-4f0c-8f7e-2b6f3ad0c902", "Priya", "Nair", "priya.nair@example.com"),
)


def user_by_id(user_id: str) -> XeroUser | None:
    """Give a user by the Xero user id."""
    return next((user for user in USERS if user.user_id == user_id), None)
