"""Make Superset ready to serve before anything is published.

A deploy does the same when it is needed; this lets an installation do the long part while its first
snapshot is still being made, and a server that starts meanwhile speaks Indonesian. Runs in
Superset's environment, as ``python -m reports.superset.prepare``.
"""

from superset.app import create_app

from reports.superset import environment
from reports.superset.browser_words import superset_scripts, write_browser_words
from reports.superset.translations import SOURCE, compile_translations


def main() -> None:
    """Upgrade the tables and register the permissions, once per version; compile the texts."""
    compile_translations(SOURCE, environment.TRANSLATIONS_DIR)
    write_browser_words(superset_scripts(), environment.BROWSER_DIR)
    app = create_app()
    with app.app_context():
        from reports.superset.metadata import prepare_metadata

        prepare_metadata(app.config["VERSION_STRING"])


if __name__ == "__main__":
    main()
