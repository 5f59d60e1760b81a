"""`kota verify` and `kota record`: prove that nothing was changed, and let others prove it."""

import getpass
from dataclasses import asdict
from itertools import islice
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from kota.console import JsonOption, console, error_console, fail, print_json, print_table
from kota.settings import get_settings
from lake.lock import BusyError
from record.chain import BrokenEntryError, RecordError, chain_path, newest_first
from record.export import export
from record.keys import key_path, make_key
from record.last_look import keep_look, known_heads
from record.verify import NoRecordError, Verification
from record.verify import verify as verify_record
from record.verify_chain import SHORTEST_HEAD
from record.work import accept

record = typer.Typer(
    help="What was done and found, chained so that nothing can be changed.", no_args_is_help=True
)


def verify(
    fast: Annotated[
        bool,
        typer.Option("--fast", help="Compare sizes of the lake's files instead of their hashes."),
    ] = False,
    keep: Annotated[
        bool,
        typer.Option("--keep", help="Keep the outcome: alerts tell of it, the next one asks it."),
    ] = False,
    heads: Annotated[
        list[str] | None,
        typer.Option("--head", metavar="HASH", help="A head that you kept; it must be there."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Prove that nothing was changed or removed since it was put on record."""
    if short := [head for head in heads or [] if len(head) < SHORTEST_HEAD]:
        raise typer.BadParameter(f"{short[0]} is too short: give {SHORTEST_HEAD} digits or more")
    settings = get_settings()
    asked = [head.lower() for head in heads or []]
    try:
        with error_console.status("…") as status:
            done = verify_record(
                settings,
                is_fast=fast,
                heads=[*asked, *known_heads(settings)] if keep else asked,
                progress=lambda what: status.update(f"Verifying {escape(what)} …"),
            )
    except NoRecordError as error:
        fail(str(error))
    if keep:
        keep_look(settings, done)
    if as_json:
        found = asdict(done.findings)
        head = {"sequence": done.head.sequence, "hash": done.head.hash} if done.head else None
        print_json({"is_whole": not done.findings.alarms, "head": head, **found})
    else:
        _tell(done)
    if done.findings.alarms:
        raise typer.Exit(1)


@record.command("show")
def show(
    limit: Annotated[int, typer.Option(min=1, help="How many entries, newest first.")] = 20,
    kind: Annotated[str | None, typer.Option(help="Only entries of this kind.")] = None,
    as_json: JsonOption = False,
) -> None:
    """List the newest entries."""
    entries = newest_first(chain_path(get_settings()))
    shown = list(islice((one for one in entries if kind in (None, one.kind)), limit))
    if as_json:
        print_json([asdict(entry) for entry in shown])
        return
    print_table(
        "",
        ["entry", "at (UTC)", "kind", "about", "hash"],
        [
            (one.sequence, one.at[:19].replace("T", " "), one.kind, _about(one.payload), one.hash)
            for one in shown
        ],
    )


@record.command("keygen")
def keygen() -> None:
    """Make the key that exports are signed with, and print its public half."""
    path = key_path(get_settings())
    try:
        public = make_key(path)
    except (RecordError, OSError) as error:
        fail(escape(str(error)))
    console.print(f"The private key is {path}; keep a copy of it where no server is.")
    console.print("Third parties get this, by another way than the exports, as city.pem:")
    console.print(public, highlight=False, markup=False)


@record.command("export")
def export_record(
    file: Annotated[Path, typer.Argument(help="The bundle to write, a .tar file.")],
) -> None:
    """Write the whole record as a signed bundle, which is checked without kota."""
    settings = get_settings()
    try:
        head = export(settings, file, key_path(settings))
    except BrokenEntryError:
        fail("the record was changed, so it is not signed: run `kota verify`")
    except FileNotFoundError as error:
        fail(f"{escape(str(error.filename))} is gone: run `kota verify`")
    except (RecordError, OSError) as error:
        fail(escape(str(error)))
    console.print(
        f"{file}: entries 1 to {head.sequence}, signed. The head is {head.hash}.",
        highlight=False,
        soft_wrap=True,
    )


@record.command("accept")
def accept_tables(
    names: Annotated[list[str], typer.Argument(metavar="APP.TABLE|SNAPSHOT...")],
    reason: Annotated[str, typer.Option(help="Why it is as it is; never a name of a citizen.")],
) -> None:
    """Take tables as they are after a restore or a move, or snapshots for lost with their disk."""
    if not reason.strip():
        raise typer.BadParameter("say why", param_hint="--reason")
    try:
        accept(get_settings(), names, reason.strip(), getpass.getuser())
    except (RecordError, BusyError, OSError) as error:
        fail(escape(str(error)))
    console.print(f"{', '.join(names)}: on record as it is now, with the reason.")


def _tell(done: Verification) -> None:
    found = done.findings
    for finding in found.found:
        if finding.is_alarm:
            error_console.print(
                f"[bold red]✗[/] {escape(finding.sentence)}", highlight=False, soft_wrap=True
            )
        else:
            console.print(
                f"[yellow]![/] {escape(finding.sentence)}", highlight=False, soft_wrap=True
            )
    console.print(
        f"Looked at {found.entries:,} entries, {found.commits:,} commits and {found.files:,} files "
        f"of the lake ({found.bytes_hashed:,} bytes hashed), {found.snapshots:,} snapshots, "
        f"{found.evidence:,} pieces of evidence.",
        highlight=False,
    )
    if not found.alarms:
        console.print("[bold green]whole[/] nothing was changed or removed.", highlight=False)
    if done.head:
        console.print(
            f"Head: {done.head.hash} ({done.head.name}). Keep it where this machine can't reach.",
            highlight=False,
            soft_wrap=True,
        )


def _about(payload: dict[str, object]) -> str:
    for name in ("app", "candidate", "snapshot", "snapshots", "erasure"):
        if name in payload:
            about = payload[name]
            said = ", ".join(about) if isinstance(about, list | dict) else about
            break
    else:
        said = ""
    status = payload.get("status") or payload.get("outcome") or ""
    return f"{said} {status}".strip()
