"""One incident, ready to be told: who is to know, in which words, and what it blocks."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from alerts.blocked import Blocked, blocked_by
from alerts.incident import Delivery, Incident
from alerts.mail import SmtpSettings, send_mail
from alerts.message import Message, message
from alerts.webhook import WebhookSettings, post
from connectors.registry import App
from kota.settings import Settings


class Story:
    """An incident with all that its messages need."""

    def __init__(self, settings: Settings, incident: Incident, apps: Mapping[str, App]) -> None:
        self.settings = settings
        self.incident = incident
        self.app = apps.get(incident.app) if incident.app else None

    @cached_property
    def blocked(self) -> Blocked:
        """What it blocks."""
        return blocked_by(self.settings, self.incident)

    @property
    def recipients(self) -> list[str]:
        """The owner of the app and the city's data engineer; of a limit, those named for it."""
        if self.incident.kind == "above_limit":
            return self.settings.city.alerts.told_of_limits
        engineer = self.settings.city.alerts.data_engineer
        addresses = [self.app.owner if self.app else None, engineer]
        return list(dict.fromkeys(address for address in addresses if address))

    def send(self, delivery: Delivery) -> None:
        """Send one message. Raises ``MailError``, ``WebhookError``."""
        number = f"{self.incident.number}-{delivery.event}"
        if delivery.channel == "mail":
            send_mail(SmtpSettings(), self.recipients, self.message(delivery), number)
        else:
            post(WebhookSettings(), self.document(delivery), number)

    def message(self, delivery: Delivery) -> Message:
        """In words."""
        name = self.app.name if self.app else self.incident.app or self.incident.area_name
        zone = self.settings.city.timezone
        return message(self.incident, delivery.event, self.blocked, name, zone)

    def document(self, delivery: Delivery) -> dict[str, Any]:
        """For a program."""
        said = self.message(delivery)
        incident = self.incident
        return {
            "incident": incident.number,
            "event": delivery.event,
            "kind": incident.kind,
            "city": self.settings.city.name,
            "app": incident.app,
            "department": self.app.department if self.app else None,
            "owner": self.app.owner if self.app else None,
            "since": incident.since,
            "opened_at": incident.opened_at,
            "closed_at": incident.closed_at,
            "what": incident.what,
            "blocks": {"marts": self.blocked.marts, "dashboards": self.blocked.dashboards},
            "subject": said.subject,
            "text": said.text,
        }
