import pytest
from cryptography.fernet import Fernet

from webapp.config import Config, ConfigError, MailServer

NEEDED = {
    "INSTANCE_PATH": "/nonexistent",
    "DATABASE_URL": "sqlite:///nowhere",
    "REDIS_URL": "redis://127.0.0.1:1",
    "PUBLIC_URL": "http://localhost:5000",
    "SECRET_KEY": "a secret key only these tests know about",
    "TOKEN_ENCRYPTION_KEYS": Fernet.generate_key().decode(),
    "XERO_CLIENT_ID": "id",
    "XERO_CLIENT_SECRET": "secret",
}
SENDER = {"MAIL_FROM": "workbench@builder.test"}


def test_R31_every_half_hour_and_no_mail_is_what_nobody_has_to_set():
    config = Config.from_env(NEEDED)

    assert config.import_interval_minutes == 30
    assert (config.smtp, config.mail_from, config.xero_webhook_key) == (None, None, None)


@pytest.mark.parametrize(
    ("address", "server"),
    [
        ("smtp://mail.test", MailServer("mail.test", 587, tls=False)),
        ("smtps://mail.test", MailServer("mail.test", 465, tls=True)),
        (
            "smtp://u%40x:p%3Aw@mail.test:25",
            MailServer("mail.test", 25, tls=False, user="u@x", password="p:w"),
        ),
    ],
)
def test_a_mail_server_is_one_address(address: str, server: MailServer):
    assert Config.from_env({**NEEDED, **SENDER, "SMTP_URL": address}).smtp == server


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("IMPORT_INTERVAL_MINUTES", "0"),
        ("IMPORT_INTERVAL_MINUTES", "1441"),
        ("IMPORT_INTERVAL_MINUTES", "half"),
        ("SMTP_URL", "mail.test:25"),
        ("SMTP_URL", "smtp://mail.test:port"),
        ("SMTP_URL", "smtp://someone@mail.test"),
        ("MAIL_FROM", "Workbench <workbench@builder.test>"),
        ("MAIL_FROM", "nobody"),
    ],
)
def test_what_cannot_be_meant_is_named(name: str, value: str):
    with pytest.raises(ConfigError) as refused:
        Config.from_env({**NEEDED, **SENDER, name: value})

    assert [problem.split()[0] for problem in refused.value.problems] == [name]


def test_mail_without_a_sender_is_named():
    with pytest.raises(ConfigError, match="MAIL_FROM is not set, and SMTP_URL is"):
        Config.from_env({**NEEDED, "SMTP_URL": "smtp://mail.test"})


def test_a_password_that_was_not_quoted_does_not_show_in_the_complaint():
    with pytest.raises(ConfigError) as refused:
        Config.from_env({**NEEDED, **SENDER, "SMTP_URL": "smtp://someone:open/sesame@mail.test"})

    assert "open" not in str(refused.value)


def test_no_secret_shows():
    config = Config.from_env(
        {
            **NEEDED,
            **SENDER,
            "SMTP_URL": "smtp://someone:open-sesame@mail.test",
            "XERO_WEBHOOK_KEY": "swordfish",
        }
    )

    assert "open-sesame" not in repr(config)
    assert "swordfish" not in repr(config)
