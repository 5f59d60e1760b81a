"""CSV: delimited text in any encoding, with quoted line ends, a header somewhere, dirty rows.

Decoding and splitting run in this thread; turning sound records into columns runs beside it, in
Arrow's own reader, some blocks ahead. What Arrow is given was found sound before, so it has
nothing to guess or to skip, and its row count is checked against ours.
"""

import csv
import io
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import chain

import numpy as np
import pyarrow as pa
from pyarrow import csv as arrow_csv

from connectors.files.csv_dialect import guess_delimiter
from connectors.files.csv_records import (
    Dialect,
    Places,
    Split,
    Splitter,
    without_last_lines,
)
from connectors.files.encoding import Utf8Blocks, guess_encoding
from connectors.files.header import clear_names
from connectors.files.opened import FileAsked, OpenedFile, text_batch, text_columns
from lake.column import Column

PARSE_BYTES = 1 << 21
BLOCKS_AHEAD = 3
MOST_HEADER_BYTES = 1 << 20


class CsvFile(OpenedFile):
    """One delimited text file."""

    def __init__(self, asked: FileAsked) -> None:
        super().__init__(asked)
        source = asked.source
        self._encoding = source.encoding or guess_encoding(asked.path)
        head = self._head()
        said = source.csv
        after_title = "".join(head.splitlines(keepends=True)[max(0, (source.header or 1) - 1) :])
        delimiter = said.delimiter or guess_delimiter(after_title, said.quote)
        self.dialect = Dialect(
            delimiter, said.quote, said.escape if said.escape != said.quote else None
        )
        self._header_lines, header = self._read_header(head)
        self._names = clear_names(header)

    @property
    def columns(self) -> list[Column]:
        """The names in the header, or the registry's where there is none."""
        return text_columns(self._names)

    def batches(self, wanted: Sequence[str]) -> Iterator[pa.RecordBatch]:
        """Stream the rows; malformed ones are set aside with their line number."""
        with ThreadPoolExecutor(1) as pool:
            ahead: deque[Future[pa.RecordBatch]] = deque()
            for records, lines in self._pieces():
                ahead.append(pool.submit(self._parse, records, lines, wanted))
                if len(ahead) > BLOCKS_AHEAD:
                    yield ahead.popleft().result()
            while ahead:
                yield ahead.popleft().result()

    def _pieces(self) -> Iterator[tuple[bytes, Places]]:
        """Sound records in pieces of a size that suits Arrow, with their line numbers."""
        held, lines, size = [], [], 0
        for split in self._splits():
            for bad in split.malformed:
                raw = bad.raw.decode(errors="replace").rstrip("\r\n")
                self.reject(bad.line, raw, bad.why)
            held += split.sound
            lines += split.lines
            size += sum(map(len, split.sound))
            if size >= PARSE_BYTES:
                yield b"".join(held), np.concatenate(lines)
                held, lines, size = [], [], 0
        if size:
            yield b"".join(held), np.concatenate(lines)

    def _splits(self) -> Iterator[Split]:
        decoded = Utf8Blocks(self.asked.path, self._encoding)
        blocks = self._without_header(decoded)
        if self.asked.source.csv.skip_footer:
            blocks = without_last_lines(blocks, self.asked.source.csv.skip_footer)
        splitter = Splitter(self.dialect, len(self._names), self._header_lines + 1)
        for block in blocks:
            yield splitter.feed(block)
        yield splitter.feed(b"", is_last=True)
        if note := decoded.note(self.asked.name):
            self.notes.append(note)

    def _without_header(self, decoded: Utf8Blocks) -> Iterator[bytes]:
        blocks = _with_line_feeds(iter(decoded))
        head, at = b"", 0
        for block in blocks:
            head += block
            at = _after_lines(head, self._header_lines)
            if at >= 0:
                break
        return chain([head[at:] if at >= 0 else b""], blocks)

    def _parse(self, records: bytes, lines: Places, wanted: Sequence[str]) -> pa.RecordBatch:
        dialect = self.dialect
        table = arrow_csv.read_csv(
            pa.BufferReader(records),
            read_options=arrow_csv.ReadOptions(
                column_names=self._names, use_threads=False, block_size=len(records) + 1
            ),
            parse_options=arrow_csv.ParseOptions(
                delimiter=dialect.delimiter,
                quote_char=dialect.quote or False,
                double_quote=dialect.quote is not None,
                escape_char=dialect.escape or False,
                newlines_in_values=True,
            ),
            convert_options=arrow_csv.ConvertOptions(
                column_types=dict.fromkeys(self._names, pa.string()),
                include_columns=list(wanted) or self._names[:1],
                null_values=self.asked.source.null_texts,
                strings_can_be_null=True,
                check_utf8=False,
            ),
        )
        if table.num_rows != len(lines):
            raise self.asked.error(
                f"was taken apart into {len(lines)} rows after line {lines[0]}, but read as "
                f"{table.num_rows}; nothing of it is loaded"
            )
        values = [table.column(name).combine_chunks() for name in wanted]
        return text_batch(wanted, values, pa.array(lines, pa.int64()))

    def _head(self) -> str:
        head = b""
        for block in _with_line_feeds(iter(Utf8Blocks(self.asked.path, self._encoding))):
            head += block
            if len(head) >= MOST_HEADER_BYTES // 2:
                break
        return head[:MOST_HEADER_BYTES].decode(errors="replace")

    def _read_header(self, head: str) -> tuple[int, list[str]]:
        """How many lines there are up to the end of the header, and the names in it."""
        source, dialect = self.asked.source, self.dialect
        lines = io.StringIO(head, newline="\n")
        before = 1 if source.header is None else source.header
        for _ in range(before - 1):
            lines.readline()
        rows = csv.reader(
            lines,
            delimiter=dialect.delimiter,
            quotechar=dialect.quote,
            quoting=csv.QUOTE_MINIMAL if dialect.quote else csv.QUOTE_NONE,
            escapechar=dialect.escape,
        )
        try:
            first = next(rows, None)
        except csv.Error:
            raise self.asked.error("has a first line that can't be read as CSV") from None
        if before == 0:
            return 0, self._names_without_header(len(first or []))
        if not first:
            raise self.asked.error(
                f"has no column names in line {before}; set header in the registry (0: none)"
            )
        return before - 1 + rows.line_num, first

    def _names_without_header(self, width: int) -> list[str]:
        declared = list(self.asked.declared)
        return declared + [""] * (width - len(declared))


def _with_line_feeds(blocks: Iterator[bytes]) -> Iterator[bytes]:
    """Lines that end in a carriage return alone, as old Macintosh programs wrote, end in \\n."""
    first = next(blocks, b"")
    is_old = b"\r" in first[:-1] and b"\n" not in first
    for block in chain([first], blocks):
        yield block.replace(b"\r", b"\n") if is_old else block


def _after_lines(text: bytes, count: int) -> int:
    """Where the text after so many lines begins; -1 if there are fewer."""
    at = 0
    for _ in range(count):
        at = text.find(b"\n", at) + 1
        if not at:
            return -1
    return at
