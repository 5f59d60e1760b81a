"""A real mail server in a process of its own: ``python -m tests.alerts.mail_server PORT FOLDER``.

It keeps every message as a file. With ``--tls`` it offers STARTTLS and asks for the account,
``--wrapped`` speaks TLS from the first byte.
"""

import argparse
import ssl
import time
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

USER, PASSWORD = "kota", "mail-secret"


class Keep:
    """Each message as a file, with the addresses it went to."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    async def handle_RCPT(  # noqa: N802
        self,
        _server: SMTP,
        _session: Session,
        envelope: Envelope,
        address: str,
        _options: list[str],
    ) -> str:
        """Nobody of that name."""
        if address.startswith("nobody"):
            return "550 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Write it whole, or not at all."""
        content = envelope.content or b""
        assert isinstance(content, bytes)
        number = len(list(self.folder.glob("*.eml")))
        partial = self.folder / f"{number:03}.partial"
        to = ", ".join(envelope.rcpt_tos)
        partial.write_bytes(f"X-Went-To: {to}\r\n".encode() + content)
        partial.rename(partial.with_suffix(".eml"))
        return "250 taken"


def _account(
    _server: SMTP, _session: Session, _envelope: Envelope, _how: str, data: object
) -> AuthResult:
    given = (getattr(data, "login", b""), getattr(data, "password", b""))
    return AuthResult(success=given == (USER.encode(), PASSWORD.encode()), handled=False)


def main() -> None:
    """Serve until killed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("port", type=int)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--tls", type=Path)
    parser.add_argument("--wrapped", type=Path)
    arguments = parser.parse_args()
    certificate = arguments.tls or arguments.wrapped
    context = None
    if certificate:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(certificate)
    options: dict[str, object] = {}
    if arguments.tls:
        options = {
            "tls_context": context,
            "require_starttls": True,
            "authenticator": _account,
            "auth_required": True,
        }
    Controller(
        Keep(arguments.folder),
        hostname="127.0.0.1",
        port=arguments.port,
        ssl_context=context if arguments.wrapped else None,
        **options,  # type: ignore[arg-type]
    ).start()
    while True:
        time.sleep(60)


if __name__ == "__main__":
    main()
