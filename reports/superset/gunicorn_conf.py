"""How gunicorn serves Superset: processes made of one import (two are up in 15 s, not in 53)."""

import os
from typing import Any

wsgi_app = "superset.app:create_app()"
preload_app = True
# One a core is as many as can be at work.
workers = int(os.environ.get("KOTA_SUPERSET_WORKERS", "2"))
worker_class = "gthread"
threads = 4
timeout = 120


def post_fork(_server: Any, worker: Any) -> None:
    """Forget the database connections opened before the fork: two processes cannot share one."""
    from superset import db

    with worker.app.callable.app_context():
        db.engine.dispose(close=False)
