"""Text whose columns have fixed places, as mainframes and banks write it."""

from collections.abc import Iterator, Sequence

import pyarrow as pa

from connectors.files.encoding import Utf8Blocks, guess_encoding
from connectors.files.opened import FileAsked, OpenedFile, batched_records, text_columns
from lake.column import Column


class FixedFile(OpenedFile):
    """One fixed-width text file. Places count characters, not bytes."""

    def __init__(self, asked: FileAsked) -> None:
        super().__init__(asked)
        if not asked.source.fixed:
            raise asked.error("needs `fixed:` in the registry: name, start and width of columns")

    @property
    def columns(self) -> list[Column]:
        """The columns the registry lays out."""
        return text_columns([column.name for column in self.asked.source.fixed])

    def batches(self, wanted: Sequence[str]) -> Iterator[pa.RecordBatch]:
        """Stream the rows; blanks around a value are layout, not value."""
        yield from batched_records(wanted, self._records(), self.asked.source.null_texts)

    def _records(self) -> Iterator[tuple[int, dict[str, str | None]]]:
        columns = self.asked.source.fixed
        shortest = min(column.start for column in columns)
        for number, line in self._lines():
            if len(line) < shortest:
                self.reject(number, line, "it ends before the first column begins")
                continue
            yield (
                number,
                {c.name: line[c.start - 1 : c.start - 1 + c.width].strip() for c in columns},
            )

    def _lines(self) -> Iterator[tuple[int, str]]:
        encoding = self.asked.source.encoding or guess_encoding(self.asked.path)
        decoded = Utf8Blocks(self.asked.path, encoding)
        for number, line in decoded.lines():
            if number > (self.asked.source.header or 0) and line.strip():
                yield number, line
        if note := decoded.note(self.asked.name):
            self.notes.append(note)
