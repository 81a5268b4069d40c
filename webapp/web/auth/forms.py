from wtforms import Form, PasswordField, StringField
from wtforms.validators import EqualTo, InputRequired, Length

from webapp.services.users import SHORTEST_PASSWORD


class SignInForm(Form):
    """Name and password. The CSRF token is checked in front of every form."""

    name = StringField("Name", [InputRequired("Enter your name."), Length(max=80)])
    password = PasswordField("Password", [InputRequired("Enter your password."), Length(max=1000)])


class OwnPasswordForm(Form):
    """A password that only the person knows, twice."""

    password = PasswordField(
        "New password",
        [
            InputRequired("Choose a password."),
            Length(
                SHORTEST_PASSWORD,
                1000,
                f"It needs at least {SHORTEST_PASSWORD} characters.",
            ),
        ],
    )
    again = PasswordField(
        "The same again",
        [EqualTo("password", "The two are not the same. Type the new password twice.")],
    )


class ChangePasswordForm(OwnPasswordForm):
    """Another password in place of the person's own, which they have to know."""

    present = PasswordField(
        "Your present password",
        [InputRequired("Enter the password you sign in with now."), Length(max=1000)],
    )
