"""A receipt: one line that the city signs, short enough for a text message.

It names the newest bundle that landed whole. The village's record knows what was in it.
"""

import base64
import binascii
from datetime import UTC, datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from connectors.bundle.errors import BundleError
from connectors.bundle.keys import is_signed, public_keys, sign
from connectors.bundle.received import last_received
from connectors.bundle.sent import Acknowledged, SentBundles
from connectors.registry import App
from kota.settings import Settings

KIND = "receipt"
WORD = "kota-receipt"
MAX_FILE = 10_000


class Receipt(BaseModel):
    """What a receipt says."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    app: str
    number: int
    """0: send everything."""
    id: str
    issued_at: int
    """Milliseconds, by the city's clock."""


def issue(app: App, settings: Settings) -> str | None:
    """The receipt for an app; None before its first bundle. Raises ``BundleError``."""
    last = last_received(settings, app.app)
    if app.bundle is None or last is None:
        return None
    if public_keys(settings).signing != app.bundle.city_key:
        raise BundleError(
            f"{app.app}.yml has another city_key than this city's: `kota bundle keys` shows it"
        )
    issued_at = int(datetime.now(UTC).timestamp() * 1000)
    said = f"{app.app}:{last.number}:{last.id}:{issued_at}"
    signature = base64.urlsafe_b64encode(sign(settings, KIND, said.encode())).decode().rstrip("=")
    return f"{WORD}:{said}:{signature}"


def read_receipt(text: str) -> tuple[Receipt, bytes, bytes]:
    """A receipt, what was signed, and the signature. Raises ``BundleError``."""
    fields = "".join(text.split()).split(":")  # a message may come broken into lines
    try:
        word, app, number, identifier, issued_at, signature = fields
        if word != WORD:
            raise ValueError(word)
        receipt = Receipt(app=app, number=int(number), id=identifier, issued_at=int(issued_at))
        signed = base64.urlsafe_b64decode(signature + "=" * (-len(signature) % 4))
    except (ValueError, ValidationError, binascii.Error):
        raise BundleError(f"this is no receipt: it is one line that begins with {WORD}:") from None
    return receipt, ":".join(fields[1:5]).encode(), signed


def receipt_text(said: str) -> str:
    """The receipt in a file, or the line itself. Raises ``BundleError``."""
    if said.startswith(WORD):
        return said
    try:
        with Path(said).open(encoding="ascii") as file:
            return file.read(MAX_FILE)
    except (OSError, UnicodeError):
        raise BundleError(f"there is no receipt at {said}") from None


def acknowledge(app: App, text: str, settings: Settings) -> str:
    """Let the next bundle begin after what the city has. Returns a sentence.

    Raises ``BundleError``.
    """
    receipt, content, signature = read_receipt(text)
    if app.bundle is None or receipt.app != app.app:
        raise BundleError(f"the receipt is for {receipt.app}, not for {app.app}")
    if not is_signed(app.bundle.city_key, KIND, content, signature):
        raise BundleError(f"{app.app}: the receipt was changed, or is not the city's; ask again")
    record = SentBundles(settings, app.app)
    known = record.acknowledged()
    if receipt.issued_at <= known.issued_at:
        return f"{app.app}: a newer receipt is known already, so nothing changes"
    if receipt.number and record.find(receipt.number, receipt.id) is None:
        raise BundleError(
            f"{app.app}: this laptop did not make bundle {receipt.number} of the receipt; "
            "the next bundle holds everything that no other receipt covers"
        )
    record.acknowledge(
        Acknowledged(number=receipt.number, id=receipt.id, issued_at=receipt.issued_at)
    )
    if receipt.number == 0:
        return f"{app.app}: the city asks for everything; the next bundle will hold it"
    return f"{app.app}: bundle {receipt.number} has arrived; the next one begins after it"
