"""`kota areas`: the boundaries that maps draw."""

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from kota.console import console, fail
from kota.settings import get_settings
from reports.areas.files import approximate_shapes, official_shapes

areas = typer.Typer(help="The boundaries of kecamatan and kelurahan on the maps.")


@areas.callback()
def _areas() -> None:
    """The boundaries of kecamatan and kelurahan on the maps."""


@areas.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="GeoJSON of every kelurahan, with its code.")],
) -> None:
    """Check the city's official boundaries and take them for the maps at the next deploy."""
    from reports.areas.official import inspect
    from reports.areas.seed import read_kelurahan
    from reports.areas.shapes import write_shapes

    settings = get_settings()
    kelurahan = read_kelurahan(settings.root)
    found = inspect(file, kelurahan)
    for note in found.notes:
        console.print(f"Note: {note}.", highlight=False)
    if found.problems:
        fail("\n".join(f"{problem}." for problem in found.problems))
    taken = date.today().strftime("%d/%m/%Y")  # noqa: DTZ011 - the day on the wall here
    write_shapes(
        official_shapes(settings), kelurahan, found.geometries, f"Batas resmi, diimpor {taken}"
    )
    console.print(
        f"{len(found.geometries)} kelurahan are taken. `kota reports deploy` shows them.",
        highlight=False,
    )


@areas.command("draw")
def draw() -> None:
    """Draw the approximate boundaries anew, after the seed of areas has changed."""
    from reports.areas.approximate import ORIGIN
    from reports.areas.approximate import draw as draw_cells
    from reports.areas.seed import read_kelurahan
    from reports.areas.shapes import write_shapes

    settings = get_settings()
    kelurahan = read_kelurahan(settings.root)
    write_shapes(approximate_shapes(settings), kelurahan, draw_cells(kelurahan), ORIGIN)
    console.print(f"{len(kelurahan)} kelurahan are drawn.", highlight=False)
