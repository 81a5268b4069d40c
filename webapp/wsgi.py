"""The web process's entry: ``gunicorn webapp.wsgi:app``."""

from webapp.config import Config
from webapp.factory import create_app

app = create_app(Config.from_env())
