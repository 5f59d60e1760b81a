"""The morning report: each who decides gets a dashboard as PDF, with the rows that are theirs."""

from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from playwright.sync_api import Browser

from alerts.mail import Attachment, MailError, SmtpSettings, send_mail
from alerts.message import MONTHS, Message
from delivery.browser import browser, window_of
from delivery.people import Person, people
from kota.settings import Settings
from reports.client import ReportsError


@dataclass
class Delivered:
    """To whom it went, and why not to others."""

    sent: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def send_morning_reports(settings: Settings, superset_url: str) -> Delivered:
    """Send today's report to everybody with an e-mail address whose role is to have one.

    One who cannot be served does not keep the others waiting. Raises ``ReportsError`` where
    nothing can be sent at all: no mail server, no browser.
    """
    smtp = SmtpSettings()
    if not smtp.host:
        raise ReportsError("no mail server is set: KOTA_SMTP_HOST")
    slugs = settings.city.morning_report
    receivers = [person for person in people() if person.email and person.role in slugs]
    delivered = Delivered()
    if not receivers:
        return delivered
    have = _Sent(settings)
    with browser() as running:
        for person in receivers:
            if person.username in have.names:
                continue
            try:
                report = _printed(running, superset_url, person, slugs[person.role])
                _send(settings, smtp, person, report)
            except (ReportsError, MailError) as error:
                delivered.problems.append(f"{person.username}: {error}")
            else:
                have.add(person.username)
                delivered.sent.append(person.username)
    return delivered


def morning_report_of(settings: Settings, superset_url: str, username: str) -> Attachment:
    """The report as this person would be sent it now.

    Raises ``ReportsError`` where there is no such account or its role is sent none.
    """
    person = next((person for person in people() if person.username == username), None)
    if person is None:
        raise ReportsError(f"no account is called {username}")
    slug = settings.city.morning_report.get(person.role)
    if slug is None:
        raise ReportsError(f"{username}: city.yml names no morning_report for {person.role}")
    with browser() as running:
        return _printed(running, superset_url, person, slug)


def _printed(running: Browser, superset_url: str, person: Person, slug: str) -> Attachment:
    with window_of(running, superset_url, person) as window:
        return Attachment(f"{slug}.pdf", "application/pdf", window.pdf(slug))


class _Sent:
    """Who has today's report, remembered so that a second try reaches only the others."""

    def __init__(self, settings: Settings) -> None:
        today = datetime.now(ZoneInfo(settings.city.timezone))
        self._path = settings.home / "delivery" / f"morning-{today:%Y%m%d}.txt"
        self.names = set(self._path.read_text("utf-8").split()) if self._path.exists() else set()

    def add(self, name: str) -> None:
        """Note it at once: the next one may end the program."""
        self.names.add(name)
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._path.open("a", encoding="utf-8") as lines:
            lines.write(f"{name}\n")


def _send(settings: Settings, smtp: SmtpSettings, person: Person, report: Attachment) -> None:
    now = datetime.now(ZoneInfo(settings.city.timezone))
    day = f"{now.day} {MONTHS[now.month - 1]} {now.year}"
    whose = "perangkat daerah Anda" if person.role == "Official" else "seluruh kota"
    said = Message(
        f"[kota] Laporan pagi {settings.city.name}, {day}",
        f"Terlampir laporan pagi {day} dengan data {whose}.\n"
        "Waktu data tertera pada laporan. Rincian dan keadaan terakhir ada di dasbor.\n",
    )
    number = f"morning-{now:%Y%m%d}-{person.username}"
    send_mail(smtp, [person.email or ""], said, number, [report])
