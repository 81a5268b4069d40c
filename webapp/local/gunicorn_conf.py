"""How the web server runs in a local copy: one process, many threads, gone with its parent."""

import os
from typing import Any

from webapp.local.lifeline import die_with_parent

worker_class = "gthread"
workers = 1
threads = 32
"""Progress streams hold a thread each and are bounded well below this, so pages never wait."""
graceful_timeout = 2
"""An open progress stream would otherwise hold up the end."""
accesslog = "-"
access_log_format = '%(t)s "%(m)s %(U)s" %(s)s %(B)s %(M)sms'
"""Without the query: the code of a consent travels there."""
control_socket_disable = True


def post_fork(_server: Any, worker: Any) -> None:
    """End the worker with its master, which may be killed while a stream is open."""
    die_with_parent(int(getattr(worker, "ppid", os.getppid())))
