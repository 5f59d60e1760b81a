"""Tokens for personal data: HMAC-SHA256 (RFC 2104) under a key kept outside the lake.

A plain hash of a NIK is broken in a minute, since there are few of them; a keyed one is not. The
HMAC is computed inside DuckDB from its two pads, which are bound as parameters, so that neither the
key nor anything made from it stands in a statement, a plan or a log.
"""

import os

BLOCK_BYTES = 64
MIN_KEY_BYTES = 32
KEY_VARIABLE = "KOTA_TOKEN_KEY"


class TokenKeyError(Exception):
    """The key for tokens is missing or too short."""


def token_pads(environment: dict[str, str] | None = None) -> dict[str, bytes]:
    """The parameters ``$inner_pad`` and ``$outer_pad`` that ``token_sql`` needs.

    Raises ``TokenKeyError`` when the key is absent or shorter than 32 bytes.
    """
    key = (os.environ if environment is None else environment).get(KEY_VARIABLE, "").encode()
    if len(key) < MIN_KEY_BYTES:
        raise TokenKeyError(
            f"columns with policy 'token' need {KEY_VARIABLE}, {MIN_KEY_BYTES} characters or more; "
            "make one with `openssl rand -hex 32` and keep it: other keys give other tokens"
        )
    if len(key) > BLOCK_BYTES:
        raise TokenKeyError(f"{KEY_VARIABLE} is longer than {BLOCK_BYTES} bytes")
    block = key.ljust(BLOCK_BYTES, b"\0")
    return {
        "inner_pad": bytes(byte ^ 0x36 for byte in block),
        "outer_pad": bytes(byte ^ 0x5C for byte in block),
    }


def token_sql(value: str) -> str:
    """The DuckDB expression of the token of a text expression: 64 hex digits, NULL for NULL."""
    inner = f"unhex(sha256($inner_pad || encode({value})))"
    return f"case when {value} is not null then sha256($outer_pad || {inner}) end"
