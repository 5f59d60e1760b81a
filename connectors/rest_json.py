"""JSON as it was sent: numbers keep their digits, and a place is named by keys joined by dots."""

import json
from typing import Any


class Number(str):
    """A JSON number by its digits: a float would round prices, and ids beyond 2^53."""

    __slots__ = ()


def parse(text: str) -> Any:
    """A JSON text with its numbers as ``Number``. Raises ``ValueError``."""
    try:
        return json.loads(text, parse_float=Number, parse_int=Number, parse_constant=Number)
    except RecursionError:
        raise ValueError("too deeply nested") from None


def at(body: Any, path: str) -> Any:
    """The value at a dotted path (a number picks from a list), or None; ``""`` is all of it."""
    for key in keys(path):
        if isinstance(body, dict):
            body = body.get(key)
        elif isinstance(body, list) and key.isdigit() and int(key) < len(body):
            body = body[int(key)]
        else:
            return None
    return body


def has(body: Any, path: str) -> bool:
    """Whether something is at the path, were it null."""
    *parents, last = keys(path) or [""]
    parent = at(body, ".".join(parents))
    return not path.strip(".") or (isinstance(parent, dict) and last in parent)


def keys(path: str) -> list[str]:
    """The keys of a dotted path."""
    return [key for key in path.split(".") if key]


def is_true(value: Any) -> bool:
    """Whether a flag is up, in any of the spellings that are met."""
    return str(value).lower() in {"true", "1", "yes", "y"}


def written(value: Any) -> str:
    """A value as JSON again, numbers digit for digit."""
    if isinstance(value, Number):
        return str(value)
    if isinstance(value, dict):
        return "{" + ", ".join(f"{written(str(k))}: {written(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(written, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


def text(value: Any) -> str | None:
    """A value as it lands: text and numbers as they are, what is nested as JSON."""
    if value is None:
        return None
    plain = value if isinstance(value, str) else written(value)
    try:
        plain.encode()
    except UnicodeEncodeError:  # half of a surrogate pair: kept in sight as \ud83d
        return plain.encode("utf-8", "backslashreplace").decode()
    return str(plain)
