"""The web process's entry: ``gunicorn webapp.wsgi:app``."""

from jobs.garbage import collect_seldom
from jobs.logs import configure
from webapp.config import Config
from webapp.factory import create_app

configure()
app = create_app(Config.from_env())
collect_seldom()
