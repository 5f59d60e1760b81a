"""``python -m demo up``: the whole chain on this machine, served until Ctrl-C."""

import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from connectors.registry import RegistryError
from demo.airflow_api import AirflowError
from demo.ports import Ports, PortTakenError
from demo.process import AlreadyRunningError, StepFailedError
from demo.progress import Steps
from demo.running_city import RunningCity, running_city
from demo.server import ServerError
from kota.settings import get_settings

EXPECTED_ERRORS = (
    AirflowError,
    AlreadyRunningError,
    PortTakenError,
    RegistryError,
    ServerError,
    StepFailedError,
)
LOOK_AT = (
    "1. Sign in to Superset as [bold]official[/bold] and open [bold]Ruang Kendali[/bold] "
    "(complaints red, yellow and green, by kecamatan and by department), then "
    "[bold]Layanan Terpadu[/bold] (requests across departments, permits, staple prices).",
    "2. In Airflow, follow one run from [bold]extract_laksa[/bold] to [bold]warehouse[/bold]: "
    "twelve apps of nine technologies, one audited snapshot.",
    "3. In another shell, [bold]. {env_file}[/bold] and [bold]python -m demo advance[/bold], then "
    "trigger the extract DAGs: only what changed lands, and a new snapshot is published.",
)


def up(
    serve: Annotated[
        bool, typer.Option(help="Serve until Ctrl-C; otherwise end after publishing.")
    ] = True,
    citizens: Annotated[int, typer.Option(envvar="CITIZENS", min=100)] = 20_000,
    seed: Annotated[
        int | None, typer.Option(envvar="SEED", help="Another number makes another city.")
    ] = None,
) -> None:
    """Bring the city up: legacy apps, Airflow, lake, warehouse, Superset."""
    console = Console()
    steps = Steps(console)
    is_done = False
    try:
        with (
            _interruptible(),
            running_city(
                get_settings(), Ports.from_environment(), steps, citizens=citizens, seed=seed
            ) as city,
        ):
            is_done = True
            _describe(city, console)
            if serve:
                console.print("\nServing. Ctrl-C stops everything.")
                while True:
                    city.check()
                    time.sleep(1)
    except KeyboardInterrupt:
        if not is_done:
            console.print("Stopped before the city was up.")
            raise typer.Exit(130) from None
    except EXPECTED_ERRORS as error:
        console.print(f"[bold red]✗[/bold red] {error}", highlight=False, soft_wrap=True)
        raise typer.Exit(1) from None


def _describe(city: RunningCity, console: Console) -> None:
    table = Table(box=None, padding=(0, 2))
    for heading in ("", "address", "user", "password"):
        table.add_column(heading, overflow="fold")
    for user, password in city.superset.accounts().items():
        table.add_row("Superset", city.superset.url, user, password)
    table.add_row("Airflow", city.airflow.url, "admin", city.credentials.airflow_admin)
    auditor = city.superset.accounts()["auditor"]
    table.add_row("Mutu Data", f"{city.docs_url}/mutu_data.html", "auditor", auditor)
    table.add_row("Data Docs", city.docs_url, "auditor", auditor)
    console.print("\n[bold]The city is up.[/bold]\n", table, "")
    for sentence in LOOK_AT:
        console.print(sentence.format(env_file=city.env_file), soft_wrap=True, highlight=False)


@contextmanager
def _interruptible() -> Iterator[None]:
    """The first Ctrl-C or SIGTERM ends the demo in order; later ones must not disturb that."""

    def end(_signal: int, _frame: FrameType | None) -> None:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_IGN)
        raise KeyboardInterrupt

    before = {number: signal.signal(number, end) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
