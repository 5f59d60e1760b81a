"""Follow what is wrong and tell who has to know: once when it breaks, once when it is over.

Called at the end of every run. A mail server that is down fails no run: the message waits, and is
sent at the end of a later one.
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime

from alerts.incident import Channel, Incident, follow
from alerts.mail import MailError, SmtpSettings
from alerts.of_apps import troubles_of
from alerts.of_city import KINDS, troubles_of_city
from alerts.of_figures import troubles_of_figures
from alerts.of_record import troubles_of_record
from alerts.store import alone, save, unfinished
from alerts.story import Story
from alerts.trouble import Trouble
from alerts.webhook import WebhookError, WebhookSettings
from connectors.registry import App, load_registry
from kota.settings import Settings
from lake.lock import BusyError
from warehouse.snapshots import snapshots


@dataclass
class Told:
    """What happened to the messages."""

    incidents: list[Incident]
    """Open ones, and those of which a message waits."""
    sent: int = 0
    problems: list[str] = field(default_factory=list)
    """Why some could not be sent; they wait."""

    def sentence(self) -> str | None:
        """For a run's output; None where there is nothing to say."""
        if self.problems:
            waiting = sum(len(incident.waiting) for incident in self.incidents)
            return f"alerts: {'; '.join(self.problems)}; messages that wait: {waiting}"
        return f"alerts: messages sent: {self.sent}" if self.sent else None


def tell(settings: Settings, now: datetime | None = None, *, is_night_over: bool = True) -> Told:
    """Open, update and close incidents by what is wrong now, and send what is to be sent.

    Unless ``is_night_over``, or while somebody builds, nothing is said of build and audit: the
    night may still hold an app back and go on. Raises ``BusyError`` while another process tells.
    """
    with alone(settings):
        apps = load_registry(settings)
        at = now or datetime.now(UTC)
        known = unfinished(settings)
        wrong = [
            *_of_city(settings, known, is_night_over),
            *troubles_of_figures(settings),
            *troubles_of_record(settings),
            *_of_apps(settings, apps, at),
        ]
        incidents = follow(known, wrong, channels(), at)
        told = Told(save(settings, incidents))
        _send(settings, apps, told)
        return told


def tell_quietly(settings: Settings, *, is_night_over: bool = True) -> str | None:
    """As ``tell``, in a sentence for a run that must not fail because of it."""
    try:
        return tell(settings, is_night_over=is_night_over).sentence()
    except Exception as error:
        return f"alerts: not told ({type(error).__name__}); `kota alerts check` tries again"


def _of_apps(settings: Settings, apps: Mapping[str, App], now: datetime) -> list[Trouble]:
    published = snapshots(settings)
    held = published[-1].manifest.held if published else {}
    return [
        trouble
        for app in apps.values()
        for trouble in troubles_of(settings, app, held.get(app.app), now)
    ]


def _of_city(settings: Settings, known: Sequence[Incident], is_night_over: bool) -> list[Trouble]:
    """While a night is under way, what was wrong before it still is."""
    if is_night_over:
        with suppress(BusyError):
            return troubles_of_city(settings)
    return [
        Trouble(one.kind, None, one.since, one.what, one.marts)
        for one in known
        if one.kind in KINDS and one.closed_at is None
    ]


def channels() -> list[Channel]:
    """Those that are set up in this process's environment."""
    found: list[Channel] = []
    if SmtpSettings().host:
        found.append("mail")
    if WebhookSettings().url.get_secret_value():
        found.append("webhook")
    return found


def _send(settings: Settings, apps: Mapping[str, App], told: Told) -> None:
    """Send what waits, one by one, each noted before the next: a kill repeats one at most.

    A channel that does not answer is left alone until the next run.
    """
    ready = set(channels())
    for place, incident in enumerate(list(told.incidents)):
        if not any(delivery.channel in ready for delivery in incident.waiting):
            continue
        story = Story(settings, incident, apps)
        for delivery in incident.waiting:
            if delivery.channel not in ready:
                continue
            try:
                story.send(delivery)
            except (MailError, WebhookError) as error:
                tried = delivery.model_copy(update={"error": str(error)})
                told.problems.append(str(error))
                if not (isinstance(error, MailError) and error.is_about_it):
                    ready.discard(delivery.channel)
            else:
                tried = delivery.model_copy(update={"error": None, "sent_at": datetime.now(UTC)})
                told.sent += 1
            tried = tried.model_copy(update={"attempts": delivery.attempts + 1})
            incident = incident.with_delivery(delivery, tried)
            told.incidents[place] = incident
            save(settings, told.incidents)
    told.incidents = save(settings, told.incidents)
