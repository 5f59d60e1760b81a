"""Tokens for personal data: HMAC-SHA256 (RFC 2104) under a key kept outside the lake.

A plain hash of a NIK is broken in a minute, since there are few of them; a keyed one is not. The
HMAC is computed inside DuckDB from the two pads of the key, which are bound as variables of the
connection, so that neither the key nor anything made from it stands in a statement or a log.
"""

import hashlib
import hmac
import os
from collections.abc import Iterator, Mapping, Sequence
from itertools import count

import duckdb

BLOCK_BYTES = 64
MIN_KEY_BYTES = 32
KEY_VARIABLE = "KOTA_TOKEN_KEY"


class TokenKeyError(Exception):
    """The key for tokens is missing or too short."""


def token_keys(environment: Mapping[str, str] | None = None) -> list[bytes]:
    """The keys in the order in which they are applied: ``KOTA_TOKEN_KEY``, ``…_2``, ``…_3`` …

    A key that is added later wraps the tokens of those before it (docs/personal-data.md). Raises
    ``TokenKeyError`` when the first is absent, or one is shorter than 32 bytes.
    """
    said = os.environ if environment is None else environment
    keys: list[bytes] = []
    for name in _names():
        key = said.get(name, "").encode()
        if keys and not key:
            return keys
        if len(key) < MIN_KEY_BYTES:
            raise TokenKeyError(
                f"columns with policy 'token' need {name}, {MIN_KEY_BYTES} characters or more; "
                "make one with `openssl rand -hex 32` and keep it: other keys give other tokens"
            )
        if len(key) > BLOCK_BYTES:
            raise TokenKeyError(f"{name} is longer than {BLOCK_BYTES} bytes")
        keys.append(key)
    return keys


def token_pads(environment: Mapping[str, str] | None = None) -> dict[str, bytes]:
    """The variables ``inner_pad_1``, ``outer_pad_1`` and so on that ``token_sql`` needs.

    Raises ``TokenKeyError`` when the key is absent or shorter than 32 bytes.
    """
    pads: dict[str, bytes] = {}
    for place, key in enumerate(token_keys(environment), start=1):
        block = key.ljust(BLOCK_BYTES, b"\0")
        pads[f"inner_pad_{place}"] = bytes(byte ^ 0x36 for byte in block)
        pads[f"outer_pad_{place}"] = bytes(byte ^ 0x5C for byte in block)
    return pads


def token(value: str, keys: Sequence[bytes]) -> str:
    """The token of one value under a chain of keys, as ``token_sql`` makes it."""
    for key in keys:
        value = hmac.new(key, value.encode(), hashlib.sha256).hexdigest()
    return value


def token_key_id(keys: Sequence[bytes]) -> str:
    """A name for a chain of keys that tells it from others and nothing about them."""
    return token("kota token key", keys)[:8]


def bind_key(con: duckdb.DuckDBPyConnection, environment: Mapping[str, str] | None = None) -> None:
    """Let ``token_sql`` work on a connection. Raises ``TokenKeyError``."""
    for name, pad in token_pads(environment).items():
        con.execute(f"set variable {name} = $pad", {"pad": pad})


def token_sql(value: str) -> str:
    """The DuckDB expression of the token of a text expression: 64 hex digits, NULL for NULL."""
    return wrapped_sql(value, 1, len(token_keys()))


def wrapped_sql(value: str, first: int, last: int) -> str:
    """The keys from ``first`` to ``last`` (counted from 1) applied to a text expression."""
    chain = value
    for place in range(first, last + 1):
        inner = f"unhex(sha256(getvariable('inner_pad_{place}') || encode({chain})))"
        chain = f"sha256(getvariable('outer_pad_{place}') || {inner})"
    return f"case when {value} is not null then {chain} end"


def _names() -> Iterator[str]:
    yield KEY_VARIABLE
    yield from (f"{KEY_VARIABLE}_{place}" for place in count(2))
