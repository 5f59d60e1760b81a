"""Messages to a program: JSON by POST, signed, so that the receiver knows who sent it."""

import hashlib
import hmac
import json
import time
from typing import Any
from urllib.parse import urlsplit

import httpx
from pydantic import SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

SIGNATURE = "X-Kota-Signature"
DELIVERY = "X-Kota-Delivery"
TIMEOUT_SECONDS = 10
ATTEMPTS = 3
FIRST_PAUSE_SECONDS = 0.5


class WebhookSettings(BaseSettings):
    """``KOTA_WEBHOOK_URL`` and ``KOTA_WEBHOOK_SECRET``."""

    model_config = SettingsConfigDict(env_prefix="KOTA_WEBHOOK_", extra="ignore")

    url: SecretStr = SecretStr("")
    """Nothing is posted without one. It may hold a token, so it is never shown."""
    secret: SecretStr = SecretStr("")
    """The key of the signature; without one nothing is signed."""


class WebhookError(Exception):
    """It was not taken; the sentence says why, without the address's secrets."""


def signature(secret: str, moment: str, body: bytes) -> str:
    """``t=<seconds>,v1=<hex>``: HMAC-SHA256 over the moment, a point and the body.

    A receiver makes the same, compares in constant time, and refuses an old moment.
    """
    made = hmac.new(secret.encode(), f"{moment}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={moment},v1={made}"


def post(settings: WebhookSettings, document: dict[str, Any], number: str) -> None:
    """Deliver one document; a server that is busy is asked again. Raises ``WebhookError``.

    ``number`` names the delivery, so that one sent twice by a crash is known as one.
    """
    body = json.dumps(document, ensure_ascii=False, default=str).encode()
    headers = {"Content-Type": "application/json", DELIVERY: number}
    if secret := settings.secret.get_secret_value():
        headers[SIGNATURE] = signature(secret, str(int(time.time())), body)
    url = settings.url.get_secret_value()
    where = urlsplit(url).hostname or "the webhook"
    said = ""
    for attempt in range(ATTEMPTS):
        if attempt:
            time.sleep(FIRST_PAUSE_SECONDS * 2 ** (attempt - 1))
        try:
            answer = httpx.post(url, content=body, headers=headers, timeout=TIMEOUT_SECONDS)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            said = f"webhook {where} does not answer ({type(error).__name__})"
            continue
        if answer.is_success:
            return
        said = f"webhook {where} answered {answer.status_code}"
        if answer.status_code < 500 and answer.status_code != 429:
            break
    raise WebhookError(said)
