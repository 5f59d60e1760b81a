"""`kota bundle`: an app in a place without internet, carried to the city as a file."""

import re
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.filesize import decimal
from rich.markup import escape

from connectors.bundle.errors import BundleError
from connectors.bundle.inbox import inbox, receipts_folder, write_receipt
from connectors.bundle.incoming import incoming
from connectors.bundle.keys import make_keys
from connectors.bundle.make import Made
from connectors.bundle.make import make as make_bundle
from connectors.bundle.receipt import acknowledge as acknowledge_receipt
from connectors.bundle.receipt import issue, read_receipt, receipt_text
from connectors.bundle.receive import Received
from connectors.bundle.receive import receive as receive_files
from connectors.bundle.received import last_received
from connectors.bundle.sent import SentBundles
from kota.console import JsonOption, console, error_console, fail, print_json, print_table
from kota.settings import get_settings
from kota.sources_commands import AppsArgument, chosen_apps
from lake.lock import BusyError

bundle = typer.Typer(help="Apps in places without internet.", no_args_is_help=True)

MIN_SPLIT = 1_000_000
UNITS = {"KB": 10**3, "MB": 10**6, "GB": 10**9}
FAT32_FILE = 4 * 2**30 - 1

AppArgument = Annotated[str, typer.Argument(metavar="APP")]
MassDeletionOption = Annotated[
    bool, typer.Option(help="Accept that a table lost more rows than its registry entry allows.")
]


@bundle.command("keys")
def show_keys() -> None:
    """Make this side's keys if there are none, and print what the other side needs."""
    try:
        keys = make_keys(get_settings())
    except BundleError as error:
        fail(str(error))
    console.print("On a village's laptop, give the city this line for the registry file:")
    console.print(f"  sender_key: {keys.signing}", highlight=False, soft_wrap=True)
    console.print("In the city, these two lines go into the registry file of every village:")
    console.print(f"  city_key: {keys.signing}", highlight=False, soft_wrap=True)
    console.print(f"  city_recipient: {keys.recipient}", highlight=False, soft_wrap=True)
    console.print("The secret halves are in keys/ under KOTA_HOME; keep a copy of the city's safe.")


@bundle.command("make")
def make(
    app: AppArgument,
    out: Annotated[Path, typer.Option(help="Where the bundle goes: a USB stick.")] = Path(),
    split: Annotated[
        str | None, typer.Option(help="Cut it into files of this size, such as 10MB.")
    ] = None,
    everything: Annotated[
        bool, typer.Option(help="Hold all there is, whatever the receipts say.")
    ] = False,
    allow_mass_deletion: MassDeletionOption = False,
    as_json: JsonOption = False,
) -> None:
    """Read an app on this laptop, and write what is new for the city as one bundle."""
    try:
        made = make_bundle(
            chosen_apps([app])[0],
            get_settings(),
            out,
            split=_size(split) if split else None,
            everything=everything,
            allow_mass_deletion=allow_mass_deletion,
        )
    except (BundleError, BusyError, OSError) as error:
        fail(escape(str(error)))
    if as_json:
        print_json(
            {
                "result": made.result.model_dump(mode="json"),
                "bundle": made.sent.model_dump(mode="json") if made.sent else None,
                "files": made.files,
                "is_new": made.is_new,
            }
        )
    else:
        _tell_made(app, made)
    if made.result.failed:
        fail(escape(made.result.sentence()))


@bundle.command("receive")
def receive(
    files: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[FILE]...", help="Bundles, or parts; the inbox when left out."),
    ] = None,
    receipts: Annotated[
        Path | None, typer.Option(help="Where receipts go; beside the bundle when left out.")
    ] = None,
    allow_mass_deletion: MassDeletionOption = False,
    as_json: JsonOption = False,
) -> None:
    """Land bundles, in any order, each once, and answer with a receipt."""
    settings = get_settings()
    apps = {app.app: app for app in chosen_apps(None) if app.bundle is not None}
    paths = files or sorted(inbox(settings).glob("*.kota"))
    beside = files[0].parent if files else receipts_folder(settings)
    try:
        received = receive_files(
            paths,
            settings,
            apps,
            allow_mass_deletion=allow_mass_deletion,
            remove_taken=not files,
        )
        answers = {}
        for name in dict.fromkeys(one.app for one in received if one.app):
            if receipt := issue(apps[name], settings):
                answers[name] = receipt
                write_receipt(receipts or beside, apps[name], receipt)
    except (BundleError, BusyError, OSError) as error:
        fail(escape(str(error)))
    if as_json:
        print_json({"bundles": [asdict(one) for one in received], "receipts": answers})
    else:
        _tell_received(received, answers)
    if any(one.outcome in {"failed", "refused"} for one in received):
        raise typer.Exit(1)


@bundle.command("receipt")
def receipt(app: AppArgument) -> None:
    """Print the receipt of an app again: one line, to be written down or sent as a message."""
    try:
        said = issue(chosen_apps([app])[0], get_settings())
    except BundleError as error:
        fail(escape(str(error)))
    if said is None:
        fail(f"{app}: no bundle has landed yet")
    console.print(said, highlight=False, soft_wrap=True, markup=False)


@bundle.command("acknowledge")
def acknowledge(
    receipt: Annotated[str, typer.Argument(help="The file the city gave, or the line itself.")],
) -> None:
    """Take a receipt back to the laptop, so that the next bundle holds only what came after."""
    settings = get_settings()
    try:
        text = receipt_text(receipt)
        app = chosen_apps([read_receipt(text)[0].app])[0]
        console.print(acknowledge_receipt(app, text, settings))
    except (BundleError, OSError) as error:
        fail(escape(str(error)))


@bundle.command("status")
def status(apps: AppsArgument = None, as_json: JsonOption = False) -> None:
    """What was sent, acknowledged and received."""
    settings = get_settings()
    rows = []
    for app in chosen_apps(apps):
        if app.bundle is None:
            continue
        record = SentBundles(settings, app.app)
        sent, last = record.all(), last_received(settings, app.app)
        rows.append(
            {
                "app": app.app,
                "sender": app.bundle.sender,
                "made here": sent[-1].number if sent else None,
                "acknowledged": record.acknowledged().number if sent else None,
                "landed here": last.number if last else None,
                "of": last.made_at.isoformat(sep=" ", timespec="minutes") if last else None,
                "files missing": sum(
                    len(one.missing_parts()) for one in incoming(settings, app.app)
                ),
            }
        )
    waiting = sorted(path.name for path in inbox(settings).glob("*.kota"))
    if as_json:
        print_json({"apps": rows, "inbox": waiting})
    elif not rows:
        console.print("No app arrives in bundles; see docs/bundles.md.")
    else:
        print_table("Bundles", list(rows[0]), [list(row.values()) for row in rows])
        if waiting:
            console.print(f"In the inbox: {escape(', '.join(waiting))}")


def _tell_made(app: str, made: Made) -> None:
    if made.sent is None:
        console.print(f"{app}: the city has everything already; no bundle is needed.")
        return
    what = f"bundle {made.sent.number}, {made.sent.rows:,} rows, {decimal(made.sent.size)}"
    if made.is_new:
        console.print(f"{app}: {what}, in {len(made.files)} files. Bring all of them:")
    else:
        console.print(f"{app}: nothing new since {what}, which is here still:")
    for path in made.files:
        console.print(f"  {path}", highlight=False, soft_wrap=True, markup=False)
        if path.exists() and path.stat().st_size > FAT32_FILE:
            error_console.print("  greater than a FAT32 stick takes: use --split 4GB or less")


def _tell_received(received: list[Received], answers: dict[str, str]) -> None:
    for one in received:
        where = error_console if one.outcome in {"failed", "refused"} else console
        text = one.message if one.message.startswith(one.name) else f"{one.name}: {one.message}"
        where.print(f"{one.outcome}: {text}", highlight=False, soft_wrap=True, markup=False)
        for name in one.missing:
            where.print(f"  {name}", highlight=False, soft_wrap=True, markup=False)
    if not received:
        console.print("Nothing has arrived.")
    for name, line in answers.items():
        console.print(f"Receipt of {name}, to take back (also in {name}.receipt):")
        console.print(line, highlight=False, soft_wrap=True, markup=False)


def _size(text: str) -> int:
    match = re.fullmatch(r"(\d+) ?(KB|MB|GB)", text.strip().upper())
    size = int(match[1]) * UNITS[match[2]] if match else 0
    if size < MIN_SPLIT:
        raise BundleError(f"--split {text} is no size: write it like 10MB; the least is 1MB")
    return size
