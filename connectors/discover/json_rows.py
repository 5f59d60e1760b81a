"""Where the rows are in a JSON document, and what is nested in them."""

from collections.abc import Iterable, Iterator
from typing import Any

from connectors.rest_json import parse

_LIKELY = ("data", "rows", "records", "results", "items", "list", "content", "hasil")
DEEPEST = 3


def find_rows(body: Any) -> str | None:
    """The dotted path of the list of objects in a document; "" for all of it, None for nowhere.

    Of several, the one with a likely name, else the longest.
    """
    found = list(_lists(body, ()))
    if not found:
        return None
    best = max(found, key=lambda each: (each[0] == (), _is_likely(each[0]), each[1]))
    return ".".join(best[0])


def nested_paths(columns: Iterable[tuple[str, Iterable[str]]]) -> dict[str, str]:
    """Columns for what is in JSON objects: name to dotted path, such as ``lokasi_lat``."""
    columns = [(name, list(values)) for name, values in columns]
    taken = {name for name, _ in columns}
    found: dict[str, str] = {}
    for name, values in columns:
        for value in values:
            if not value.startswith("{"):
                continue
            try:
                inner = parse(value)
            except ValueError:
                continue
            for path in _leaves(inner, (name,)):
                if any("." in key or not key for key in path):
                    continue
                column = "_".join(path)
                if column not in taken:
                    found.setdefault(column, ".".join(path))
    return found


def _lists(body: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], int]]:
    if isinstance(body, list):
        if body and all(isinstance(row, dict) for row in body):
            yield path, len(body)
    elif isinstance(body, dict) and len(path) < DEEPEST:
        for key, value in body.items():
            if "." not in key:
                yield from _lists(value, (*path, key))


def _is_likely(path: tuple[str, ...]) -> bool:
    return bool(path) and path[-1].lower() in _LIKELY


def _leaves(value: Any, path: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    if not isinstance(value, dict) or len(path) > DEEPEST:
        yield path
        return
    for key, inner in value.items():
        yield from _leaves(inner, (*path, key))
