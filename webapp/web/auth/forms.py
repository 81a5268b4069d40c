from wtforms import Form, PasswordField, StringField
from wtforms.validators import InputRequired, Length


class SignInForm(Form):
    """Name and password. The CSRF token is checked in front of every form."""

    name = StringField("Name", [InputRequired("Enter your name."), Length(max=80)])
    password = PasswordField("Password", [InputRequired("Enter your password."), Length(max=1000)])
