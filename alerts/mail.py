"""Messages by e-mail: SMTP with STARTTLS, over TLS, or in the clear to a relay on this machine."""

import smtplib
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from alerts.message import Message

TIMEOUT_SECONDS = 15
LOCAL = ("127.0.0.1", "::1", "localhost")


class SmtpSettings(BaseSettings):
    """The mail server: ``KOTA_SMTP_HOST``, ``KOTA_SMTP_PASSWORD`` and so on."""

    model_config = SettingsConfigDict(env_prefix="KOTA_SMTP_", extra="ignore")

    host: str = ""
    """No mail goes out without one."""
    port: Annotated[int, Field(ge=1, le=65535)] = 587
    security: Literal["starttls", "tls", "plain"] = "starttls"
    user: str = ""
    password: SecretStr = SecretStr("")
    sender: str = "kota@localhost"
    ca_file: Path | None = None
    """The authority of a server whose certificate the machine does not know."""


@dataclass(frozen=True)
class Attachment:
    """A file that goes with a message."""

    name: str
    media_type: str
    content: bytes


class MailError(Exception):
    """The message was not taken; the sentence says why, without a secret."""

    def __init__(self, said: str, *, is_about_it: bool = False) -> None:
        super().__init__(said)
        self.is_about_it = is_about_it
        """Whether another message may be taken, since this one's address is wrong."""


def send_mail(
    settings: SmtpSettings,
    to: Sequence[str],
    message: Message,
    number: str,
    files: Sequence[Attachment] = (),
) -> None:
    """Hand one message to the server. Raises ``MailError`` when nobody can have it.

    ``number`` names it, so that a message sent twice by a crash is known as one.
    """
    mail = EmailMessage()
    mail["Subject"] = message.subject
    mail["From"] = settings.sender
    mail["To"] = ", ".join(to)
    mail["Date"] = format_datetime(datetime.now(UTC))
    mail["Message-ID"] = f"<{number}@{settings.sender.partition('@')[2] or 'kota'}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail["Content-Language"] = "id"
    mail.set_content(message.text)
    for file in files:
        kind, _, of = file.media_type.partition("/")
        mail.add_attachment(file.content, maintype=kind, subtype=of, filename=file.name)
    if not to:
        raise MailError(
            "nobody is named to be told of it: set alerts.data_engineer in city.yml",
            is_about_it=True,
        )
    where = f"{settings.host}:{settings.port}"
    try:
        with _connected(settings) as server:
            if settings.user:
                server.login(settings.user, settings.password.get_secret_value())
            server.send_message(mail)
    except smtplib.SMTPAuthenticationError as error:
        raise MailError(f"mail server {where} refused account {settings.user}") from error
    except smtplib.SMTPRecipientsRefused as error:
        named = ", ".join(error.recipients)
        raise MailError(f"mail server {where} refused {named}", is_about_it=True) from error
    except smtplib.SMTPNotSupportedError as error:
        raise MailError(f"mail server {where} has no {settings.security}") from error
    except ssl.SSLError as error:
        raise MailError(f"mail server {where}: {error.reason or 'TLS failed'}") from error
    except (OSError, smtplib.SMTPException) as error:
        raise MailError(f"mail server {where} did not take it ({type(error).__name__})") from error


def _connected(settings: SmtpSettings) -> smtplib.SMTP:
    """A session, encrypted as the settings say; an account's password never goes in the clear."""
    if settings.security == "plain":
        if settings.user and settings.host not in LOCAL:
            raise MailError(
                f"KOTA_SMTP_SECURITY=plain would send the password of {settings.user} in the clear"
            )
        return smtplib.SMTP(settings.host, settings.port, timeout=TIMEOUT_SECONDS)
    context = ssl.create_default_context(cafile=settings.ca_file)
    if settings.security == "tls":
        return smtplib.SMTP_SSL(
            settings.host, settings.port, timeout=TIMEOUT_SECONDS, context=context
        )
    server = smtplib.SMTP(settings.host, settings.port, timeout=TIMEOUT_SECONDS)
    try:
        server.starttls(context=context)
    except BaseException:
        server.close()
        raise
    return server
