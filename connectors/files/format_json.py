"""JSON: a record a line, or one document with a list of records in it."""

from collections.abc import Iterator, Sequence
from typing import Any

import pyarrow as pa

from connectors.files.encoding import Utf8Blocks, guess_encoding
from connectors.files.opened import FileAsked, OpenedFile, batched_records, text_columns
from connectors.rest_json import at, parse, written
from lake.column import Column

LARGEST_DOCUMENT = 100 << 20
"""A document is held in memory as a whole; what is larger has to come as JSON lines."""


class JsonFile(OpenedFile):
    """One JSON file. All of it is looked through for its columns, lest a late one is missed."""

    names_every_column = False

    def __init__(self, asked: FileAsked, *, is_lines: bool) -> None:
        super().__init__(asked)
        self._is_lines = is_lines
        self._names = list(dict.fromkeys(name for _, record in self._objects() for name in record))

    @property
    def columns(self) -> list[Column]:
        """The keys of all records, and what the registry gives a path to."""
        return text_columns(dict.fromkeys([*self._names, *self.asked.paths]))

    def batches(self, wanted: Sequence[str]) -> Iterator[pa.RecordBatch]:
        """Stream the records as text; nested values are JSON."""
        self.rejected.clear()
        paths = {name: self.asked.paths.get(name) for name in wanted}
        texts = (
            (
                row,
                {
                    name: _text(at(record, path) if path else record.get(name))
                    for name, path in paths.items()
                },
            )
            for row, record in self._objects()
        )
        yield from batched_records(wanted, texts, self.asked.source.null_texts)

    def _objects(self) -> Iterator[tuple[int, dict[str, Any]]]:
        self.notes.clear()
        if not self._is_lines:
            yield from self._document()
            return
        decoded = self._decoded()
        for row, line in decoded.lines():
            if not line.strip():
                continue
            try:
                record = parse(line)
            except ValueError:
                self.reject(row, line, "it is not JSON")
                continue
            if isinstance(record, dict):
                yield row, record
            else:
                self.reject(row, line, "it is not a JSON object")
        self._note_repairs(decoded)

    def _document(self) -> Iterator[tuple[int, dict[str, Any]]]:
        if self.asked.path.stat().st_size > LARGEST_DOCUMENT:
            raise self.asked.error("is too large for one JSON document; ask for JSON lines")
        decoded = self._decoded()
        try:
            found = parse(b"".join(decoded).decode())
        except ValueError:
            raise self.asked.error("is not a JSON document") from None
        self._note_repairs(decoded)
        if path := self.asked.source.rows:
            found = at(found, path)
        if not isinstance(found, list):
            raise self.asked.error("has no list of records there; set rows in the registry")
        for row, record in enumerate(found, start=1):
            if isinstance(record, dict):
                yield row, record
            else:
                self.reject(row, written(record), "it is not a JSON object")

    def _decoded(self) -> Utf8Blocks:
        return Utf8Blocks(
            self.asked.path, self.asked.source.encoding or guess_encoding(self.asked.path)
        )

    def _note_repairs(self, decoded: Utf8Blocks) -> None:
        if note := decoded.note(self.asked.name):
            self.notes.append(note)


def _text(value: Any) -> str | None:
    """A value as the text of a column; a nested one stays JSON."""
    return value if value is None or isinstance(value, str) else written(value)
