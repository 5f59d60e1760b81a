"""Bring a Superset to what is in git: ``python -m reports.superset.deploy [assets folder]``.

Repeatable: a second run changes nothing. Prints one line of JSON, the summary, on standard output;
on failure one sentence on standard error, and exit code 1. Runs in Superset's environment, needs no
web server, and may run while one is serving.
"""

import json
import os
import sys
import time
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

from reports.superset import environment
from reports.superset.assets import KINDS, Assets, InvalidAssetError, load_assets
from reports.superset.audience import check_audiences
from reports.superset.browser_words import superset_scripts, write_browser_words
from reports.superset.map_shapes import shape_variables
from reports.superset.published_file import open_published_file
from reports.superset.translations import SOURCE, compile_translations

REPORTS = Path(__file__).resolve().parent.parent
MAP_VARIABLES = ("KOTA_MAP_LATITUDE", "KOTA_MAP_LONGITUDE", "KOTA_MAP_ZOOM")


def main(arguments: list[str]) -> int:
    """Deploy the folder given as the only argument, or the project's own."""
    folder = Path(arguments[0]) if arguments else REPORTS / "assets"
    try:
        # Superset's migrations print what they do; the summary must stand alone.
        with redirect_stdout(sys.stderr):
            summary = deploy(folder)
    except ValueError as error:
        sys.stderr.write(f"deploy failed: {error}\n")
        return 1
    sys.stdout.write(json.dumps(summary) + "\n")
    return 0


def deploy(folder: Path) -> dict[str, Any]:
    """Metadata, translations, assets, roles and users. Raises ``ValueError`` with one sentence."""
    started = time.monotonic()
    if not environment.PUBLISHED_DATABASE.exists():
        raise ValueError("nothing is published yet: publish a snapshot before deploying reports")
    assets = load_assets(
        folder,
        {
            "KOTA_PUBLISHED_DATABASE": str(environment.PUBLISHED_DATABASE),
            "KOTA_CITY_NAME": environment.CITY_NAME,
            "KOTA_TIMEZONE": environment.TIMEZONE,
            **dict(zip(MAP_VARIABLES, environment.MAP_VIEW, strict=True)),
            **shape_variables(environment.OFFICIAL_SHAPES, environment.APPROXIMATE_SHAPES),
        },
    )
    with open_published_file(environment.PUBLISHED_DATABASE) as published:
        check_audiences(assets, published.columns_of)
        departments = published.departments()
    translated = compile_translations(SOURCE, environment.TRANSLATIONS_DIR)
    write_browser_words(superset_scripts(), environment.BROWSER_DIR)

    # Superset takes seconds to import: a wrong file is told before that.
    from superset.app import create_app

    app = create_app()
    with app.app_context():
        from reports.superset import access, metadata, prune, rows
        from reports.superset.accounts import parse_accounts, set_accounts

        accounts = parse_accounts(os.environ.get("KOTA_SUPERSET_USERS", "[]"), departments)
        upgraded = metadata.prepare_metadata(app.config["VERSION_STRING"])
        _import(assets)
        removed, kept = prune.prune(assets)
        # Closed before it is granted: rows first, then the grants.
        rows.set_row_rules(assets, departments)
        access.set_roles(assets, environment.PUBLIC)
        access.set_viewers(assets, environment.PUBLIC)
        set_accounts(accounts)
    return {
        **{kind: len(assets.of_kind(kind)) for kind in KINDS},
        "removed": removed,
        "kept": kept,
        "users": len(accounts),
        "translated": translated,
        "upgraded": upgraded,
        "seconds": round(time.monotonic() - started, 1),
    }


def _import(assets: Assets) -> None:
    from superset.commands.exceptions import CommandInvalidError, ImportFailedError
    from superset.commands.importers.v1.assets import ImportAssetsCommand
    from superset.utils.core import override_user

    from reports.superset.access import deployer

    with override_user(deployer()):
        try:
            ImportAssetsCommand(assets.contents()).run()
        except ImportFailedError as error:
            cause = error.__cause__
            if isinstance(cause, CommandInvalidError):
                raise InvalidAssetError(
                    "; ".join(_sentences(cause.normalized_messages()))
                ) from error
            raise InvalidAssetError(f"the import failed: {cause or error}") from error


def _sentences(messages: dict[str, Any]) -> list[str]:
    """``{file: {field: [problem, …]}}`` as "file: field: problem"."""
    sentences = []
    for place, problem in messages.items():
        if isinstance(problem, dict):
            sentences += [f"{place}: {inner}" for inner in _sentences(problem)]
        else:
            sentences.append(f"{place}: {' '.join(map(str, problem))}")
    return sentences


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
