"""A city in a box: ``python -m demo up`` brings all of it up.

``load`` puts a city into servers that run already, ``advance`` lets a day pass. Where they write
comes from the environment, as these addresses hold passwords: ``KOTA_DEMO_LAKSA`` and so on for
each app; apps without one are left out (see ``AppUris``).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from demo.drop_folder import NotOursError
from demo.loading import AppUris, NotLoadedError, advance_city, city_spec, load_city
from demo.truth import Truth
from demo.up import up
from kota.settings import get_settings

app = typer.Typer(help=__doc__, no_args_is_help=True)

_Day = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="A date, YYYY-MM-DD.")]


def _state_dir() -> Path:
    return get_settings().home / "demo"


def _date(moment: datetime | None) -> date | None:
    return None if moment is None else moment.date()


app.command()(up)


@app.command()
def load(
    citizens: Annotated[int, typer.Option(envvar="CITIZENS", min=100)] = 20_000,
    seed: Annotated[int | None, typer.Option(help="Another number makes another city.")] = None,
    day: _Day = None,
) -> None:
    """Make the city and load it into the apps; does nothing if it is there already."""
    spec = city_spec(_state_dir(), citizens, seed=seed, opened=_date(day))
    with _saying_what_is_wrong():
        _show(load_city(spec, AppUris.from_environment(), _state_dir(), say=typer.echo))


@app.command()
def advance(
    days: Annotated[int, typer.Option(min=1, help="How many days pass.")] = 1,
    to: _Day = None,
) -> None:
    """Let days pass: one, ``--days``, or all until the morning of ``--to``."""
    with _saying_what_is_wrong():
        _show(advance_city(AppUris.from_environment(), _state_dir(), days=days, to=_date(to)))


@contextmanager
def _saying_what_is_wrong() -> Iterator[None]:
    try:
        yield
    except (NotLoadedError, NotOursError, ValueError) as error:
        typer.echo(f"demo: {error}", err=True)
        raise typer.Exit(1) from None


def _show(truth: Truth) -> None:
    typer.echo(f"The city of {truth.spec.citizens} citizens is at {truth.day}.")
    for name, tables in truth.apps.items():
        for table, t in tables.items():
            step = f"+{len(t.inserted)} ~{len(t.changed)} -{len(t.deleted)}"
            typer.echo(f"  {name}.{table}: {t.rows} rows ({step})")


if __name__ == "__main__":
    app()
