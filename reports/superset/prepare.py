"""Bring Superset's own database to this version: ``python -m reports.superset.prepare``.

A deploy does the same when it is needed; this lets an installation do the long part while its first
snapshot is still being made. Runs in Superset's environment.
"""

from superset.app import create_app


def main() -> None:
    """Upgrade the tables and register the permissions, once per version."""
    app = create_app()
    with app.app_context():
        from reports.superset.metadata import prepare_metadata

        prepare_metadata(app.config["VERSION_STRING"])


if __name__ == "__main__":
    main()
