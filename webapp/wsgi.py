"""The web process's entry: ``gunicorn webapp.wsgi:app``."""

import gc

from jobs.logs import configure
from webapp.config import Config
from webapp.factory import create_app

configure()
app = create_app(Config.from_env())
# What is loaded by now stays for good: looking through it for garbage again and again would take
# half the time of a large request.
gc.freeze()
