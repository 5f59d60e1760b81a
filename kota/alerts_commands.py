"""`kota alerts`: what is wrong, who was told, and whether messages arrive."""

from datetime import UTC, datetime
from typing import Annotated, Any

import typer

from alerts.incident import Incident
from alerts.mail import MailError, SmtpSettings, send_mail
from alerts.message import Message
from alerts.store import past, unfinished
from alerts.tell import channels, tell, tell_quietly
from alerts.webhook import WebhookError, WebhookSettings, post
from connectors.registry import RegistryError
from kota.console import JsonOption, console, error_console, fail, print_json, print_table
from kota.settings import get_settings
from lake.lock import BusyError

alerts = typer.Typer(help="Who is told when something breaks.", no_args_is_help=True)

NO_CHANNEL = "no channel is set up: KOTA_SMTP_HOST for e-mail, KOTA_WEBHOOK_URL for a webhook"
RECENT = 20


@alerts.command("list")
def list_alerts(
    every: Annotated[bool, typer.Option("--all", help="All that are over, too.")] = False,
    as_json: JsonOption = False,
) -> None:
    """List the incidents that are open, and the newest that are over."""
    settings = get_settings()
    current = unfinished(settings)
    former = past(settings)
    shown = [*current, *reversed(former if every else former[-RECENT:])]
    if as_json:
        print_json([incident.model_dump(mode="json") for incident in shown])
        return
    if not shown:
        console.print("No incident so far.")
    else:
        print_table(
            "Incidents (times in UTC)",
            ["incident", "since", "over", "told", "what"],
            [_row(incident) for incident in shown],
        )
    if not channels():
        console.print(f"Nobody is told: {NO_CHANNEL}.", highlight=False)


@alerts.command("check")
def check_alerts(as_json: JsonOption = False) -> None:
    """Look what is wrong now, tell who has to know, and send what waits.

    Every run does this in the end. Ends with 1 when a message could not be sent.
    """
    try:
        told = tell(get_settings())
    except (BusyError, RegistryError) as error:
        fail(f"alerts: {error}")
    still = [incident for incident in told.incidents if incident.closed_at is None]
    if as_json:
        print_json(
            {
                "open": [incident.model_dump(mode="json") for incident in still],
                "sent": told.sent,
                "problems": told.problems,
            }
        )
    else:
        console.print(f"Open incidents: {len(still)}, messages sent: {told.sent}.")
    for problem in told.problems:
        error_console.print(f"[bold red]✗[/] {problem}", highlight=False)
    if told.problems:
        raise typer.Exit(1)


@alerts.command("test")
def test_alerts(
    to: Annotated[
        str | None, typer.Option(metavar="ADDRESS", help="The data engineer when left out.")
    ] = None,
) -> None:
    """Send a message by every channel that is set up, and say whether it was taken."""
    settings = get_settings()
    ready = channels()
    if not ready:
        fail(f"alerts: {NO_CHANNEL}")
    number = f"test-{datetime.now(UTC):%Y%m%dT%H%M%SZ}"
    said = Message(
        f"[kota] Uji coba pemberitahuan {settings.city.name}",
        "Ini uji coba. Bila pesan ini sampai, pemberitahuan gangguan data juga akan sampai.\n",
    )
    address = to or settings.city.alerts.data_engineer
    problems = []
    for channel in ready:
        try:
            if channel == "mail":
                send_mail(SmtpSettings(), [address] if address else [], said, number)
                console.print(f"E-mail to {address}: taken by the server.", highlight=False)
            else:
                post(WebhookSettings(), {"incident": number, "event": "test"}, number)
                console.print("Webhook: taken.")
        except (MailError, WebhookError) as error:
            problems.append(str(error))
    for problem in problems:
        error_console.print(f"[bold red]✗[/] {problem}", highlight=False)
    if problems:
        raise typer.Exit(1)


def tell_after_a_run() -> None:
    """What a run does in the end; it says a sentence and never fails because of it."""
    if said := tell_quietly(get_settings()):
        error_console.print(f"[yellow]![/] {said}", highlight=False, soft_wrap=True)


def _row(incident: Incident) -> tuple[Any, ...]:
    waiting = ", ".join(f"{one.channel} waits" for one in incident.waiting)
    sent = sum(delivery.sent_at is not None for delivery in incident.deliveries)
    more = f" (and {len(incident.what) - 1} more)" if len(incident.what) > 1 else ""
    return (
        incident.number,
        f"{incident.since:%Y-%m-%d %H:%M}",
        f"{incident.closed_at:%Y-%m-%d %H:%M}" if incident.closed_at else "open",
        waiting or f"{sent} sent",
        (incident.what[0] if incident.what else "") + more,
    )
