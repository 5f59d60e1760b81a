"""`kota diff`: what changed between two publications of the same number, and why."""

from dataclasses import asdict
from typing import Annotated

import typer

from connectors.registry import RegistryError
from kota.console import JsonOption, console, fail, print_json
from kota.diff_words import summary, told
from kota.settings import get_settings
from warehouse.diff import NoSuchMartError, SnapshotDiff, diff
from warehouse.snapshots import UnknownSnapshotError


def diff_snapshots(
    first: Annotated[str, typer.Argument(metavar="ID1", help="The earlier snapshot.")],
    second: Annotated[str, typer.Argument(metavar="ID2", help="The later one.")],
    what: Annotated[
        str | None, typer.Argument(metavar="[MART[.COLUMN]]", help="All marts when left out.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Tell what changed between two snapshots, row by row and in sum, and why."""
    mart, _, column = (what or "").removeprefix("marts.").partition(".")
    try:
        found = diff(get_settings(), first, second, mart or None, column or None)
    except (UnknownSnapshotError, NoSuchMartError, RegistryError) as error:
        fail(f"diff: {error}")
    if as_json:
        print_json(_document(found))
        return
    for sentence in summary(found):
        console.print(sentence, highlight=False, soft_wrap=True)
    for change in found.changed:
        console.print()
        for sentence in told(change, column or None, found):
            console.print(sentence, highlight=False, markup=False, soft_wrap=True)


def _document(found: SnapshotDiff) -> dict[str, object]:
    return {
        "before": {"id": found.before.id, "as_of": found.before.as_of},
        "after": {"id": found.after.id, "as_of": found.after.as_of},
        "files": found.files,
        "same": found.same,
        "only_before": found.only_before,
        "only_after": found.only_after,
        "changed": [asdict(change) for change in found.changed],
    }
