"""Take delimited text apart into records, sound and malformed, each with its line number.

DuckDB's reader is not asked, because after a badly quoted value it can lose the rows up to its
next buffer without a word (seen in 1.5.5, with ``store_rejects`` too). Here the marks of a block
are found at once with numpy; where quoting looks odd, a regular expression decides about that
record, so that a stray quote costs its own line and not those after it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

LONGEST_RECORD = 1 << 22
"""A quote that isn't closed within so many bytes was not meant as one."""

LINE_FEED, RETURN = 10, 13

Codes = npt.NDArray[np.uint8]
Places = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Dialect:
    """How records are written; marks are single bytes of UTF-8."""

    delimiter: str
    quote: str | None = '"'
    escape: str | None = None
    """What takes the meaning from the character after it; None: a quote is doubled."""


@dataclass(frozen=True)
class Malformed:
    """A piece of text that is no record."""

    line: int
    raw: bytes
    why: str


@dataclass
class Split:
    """What a block of text is made of."""

    sound: list[bytes] = field(default_factory=list)
    """Records with their line ends, in order."""
    lines: list[Places] = field(default_factory=list)
    """The line each of them begins in."""
    malformed: list[Malformed] = field(default_factory=list)

    def add_sound(self, records: bytes) -> None:
        """Take whole records, or none."""
        if records:
            self.sound.append(records)


class Splitter:
    """Splits text that comes in blocks. ``line`` is the number of the line it begins with."""

    def __init__(self, dialect: Dialect, width: int, line: int = 1) -> None:
        self.dialect = dialect
        self.width = width
        self.line = line
        self._rest = b""
        self._record = re.compile(_values(dialect, width) + rb"\r?\n")
        self._plain_record = re.compile(_values(dialect, width, is_plain=True) + rb"\r?\n")
        self._any_record = re.compile(_values(dialect, None) + rb"\r?\n")
        self._unfinished = re.compile(_unfinished(dialect))

    def feed(self, block: bytes, *, is_last: bool = False) -> Split:
        """The records that are complete with this block; what is not waits for the next one."""
        data = self._rest + block
        if is_last and data and not data.endswith(b"\n"):
            data += b"\n"
        split = Split()
        at, window = 0, len(data)
        while at < len(data):
            stop = min(len(data), at + window)
            taken, is_odd = self._take_sound(np.frombuffer(data, np.uint8)[at:stop], split)
            at += taken
            if not is_odd and stop < len(data):
                window *= 4
                continue
            after = self._decide(data, at, split, is_last) if at < len(data) else at
            if after == at:
                break
            # Odd lines come in crowds: look at little, lest each costs a look at the whole block.
            at, window = after, 1 << 12
        self._rest = data[at:]
        return split

    def _take_sound(self, codes: Codes, split: Split) -> tuple[int, bool]:
        """Take the records before the first odd one; where that begins, and whether there is one.

        Nothing odd: what is left over is not complete.
        """
        dialect = self.dialect
        is_mark = (codes == ord(dialect.delimiter)) | (codes == LINE_FEED)
        if dialect.quote:
            is_mark |= codes == ord(dialect.quote)
        marks = np.flatnonzero(is_mark)
        kinds = codes[marks]
        is_feed = kinds == LINE_FEED
        is_delimiter = kinds == ord(dialect.delimiter)
        is_end = is_feed
        odd = _first_lone_return(codes)
        if dialect.quote:
            is_quote = kinds == ord(dialect.quote)
            is_outside = (np.cumsum(is_quote) & 1) == 0
            is_end = is_feed & is_outside
            is_delimiter &= is_outside
            odd = min(odd, _first_odd_quote(codes, marks[is_quote], dialect))
        ends = np.flatnonzero(is_end)
        ends = ends[marks[ends] < odd]
        widths = np.diff(np.cumsum(is_delimiter)[ends], prepend=0) + 1
        feeds = np.cumsum(is_feed)[ends]
        # A record of several lines and the wrong width may be a quote that was never closed.
        doubtful = np.flatnonzero((np.diff(feeds, prepend=0) > 1) & (widths != self.width))
        if len(doubtful):
            odd = 0
            ends, widths, feeds = (each[: doubtful[0]] for each in (ends, widths, feeds))
        if len(ends):
            self._sort(codes, marks[ends] + 1, widths, feeds, split)
        return (int(marks[ends[-1]]) + 1 if len(ends) else 0), odd < len(codes)

    def _sort(
        self, codes: Codes, stops: Places, widths: Places, feeds: Places, split: Split
    ) -> None:
        """Records of the right width are sound; empty lines are nothing; others are malformed."""
        starts = np.concatenate(([0], stops[:-1]))
        lines = self.line + np.concatenate(([0], feeds[:-1]))
        self.line += int(feeds[-1])
        sizes = stops - starts
        is_blank = (sizes == 1) | ((sizes == 2) & (codes[starts] == RETURN))
        is_sound = (widths == self.width) & ~is_blank
        begin = 0
        for place in np.flatnonzero(~is_sound):
            split.add_sound(codes[begin : starts[place]].tobytes())
            begin = int(stops[place])
            if not is_blank[place]:
                raw = codes[starts[place] : begin].tobytes()
                why = f"it has {widths[place]} columns, not {self.width}"
                split.malformed.append(Malformed(int(lines[place]), raw, why))
        split.add_sound(codes[begin : stops[-1]].tobytes())
        split.lines.append(lines[is_sound])

    def _decide(self, data: bytes, at: int, split: Split, is_last: bool) -> int:
        """Judge one record whose quoting is odd; returns where the next begins, or ``at``."""
        found = self._record.match(data, at)
        if found:
            split.add_sound(found.group())
            split.lines.append(np.array([self.line], np.int64))
            self.line += found.group().count(b"\n")
            return found.end()
        may_wait = not is_last and len(data) - at <= LONGEST_RECORD
        if may_wait and self._unfinished.match(data, at):
            return at
        return self._reject(data, at, split, may_wait)

    def _reject(self, data: bytes, at: int, split: Split, may_wait: bool) -> int:
        """Set aside a line, and those after it that its open quote makes doubtful."""
        stop = data.find(b"\n", at) + 1
        whole = self._any_record.match(data, at)
        if whole and not self._has_plain_record(whole.group()):
            stop = whole.end()
        elif stop and self.dialect.quote and self._unfinished.match(data[at:stop]):
            # The rest of a quoted value is no plain record: the quote that ends it is in the way.
            while stop < len(data) and not self._plain_record.match(data, stop):
                after = data.find(b"\n", stop) + 1
                if may_wait and (not after or self._unfinished.match(data, stop)):
                    return at
                if not after or after - at > LONGEST_RECORD:
                    break
                stop = after
            if may_wait and stop == len(data):
                return at
        if not stop:
            return at
        raw = data[at:stop]
        if whole and stop == whole.end():
            why = f"it does not have {self.width} columns"
        else:
            why = "a quote is not closed, or stands inside a value"
        split.malformed.append(Malformed(self.line, raw, why))
        self.line += raw.count(b"\n")
        return stop

    def _has_plain_record(self, raw: bytes) -> bool:
        """Whether a line within it is a record by itself, so that a quote ran over it."""
        at = raw.find(b"\n") + 1
        while 0 < at < len(raw):
            if self._plain_record.match(raw, at):
                return True
            at = raw.find(b"\n", at) + 1
        return False


def _first_odd_quote(codes: Codes, quotes: Places, dialect: Dialect) -> int:
    """Where the first quote stands that neither opens nor closes a value properly."""
    first = len(codes)
    if dialect.escape:
        # An escaped quote looks like any other: the regular expression decides about it.
        escapes = np.flatnonzero(codes == ord(dialect.escape))
        first = int(escapes[0]) if len(escapes) else first
    proper = np.zeros(256, bool)
    proper[[ord(dialect.delimiter), LINE_FEED, ord(dialect.quote or "\n")]] = True
    opening, closing = quotes[::2], quotes[1::2]
    odd = opening[(opening > 0) & ~proper[codes[opening - 1]]]
    first = min(first, int(odd[0])) if len(odd) else first
    proper[RETURN] = True  # whether a line feed follows is looked at elsewhere
    closing = closing[closing + 1 < len(codes)]
    odd = closing[~proper[codes[closing + 1]]]
    return min(first, int(odd[0])) if len(odd) else first


def _first_lone_return(codes: Codes) -> int:
    returns = np.flatnonzero(codes[:-1] == RETURN)
    lone = returns[codes[returns + 1] != LINE_FEED]
    return int(lone[0]) if len(lone) else len(codes)


def _values(dialect: Dialect, width: int | None, *, is_plain: bool = False) -> bytes:
    """So many values, or one and more, and what stands between them."""
    value, delimiter = _value(dialect, is_plain=is_plain), _marks(dialect.delimiter)
    if width is None:
        return value + rb"(?:" + delimiter + value + rb")*+"
    return delimiter.join([value] * width)


def _value(dialect: Dialect, *, is_plain: bool = False) -> bytes:
    """A value; in a plain one, quotes stand only around it."""
    no_rest = rb"\r\n" + _marks(dialect.delimiter, dialect.escape)
    no_start = no_rest + _marks(dialect.quote)
    escaped = rb"|" + _marks(dialect.escape) + rb"[^\r\n]" if dialect.escape else b""
    start = rb"(?:[^" + no_start + rb"]" + escaped + rb")"
    rest = rb"(?:[^" + (no_start if is_plain else no_rest) + rb"]" + escaped + rb")*+"
    if not escaped:
        rest = rb"[^" + (no_start if is_plain else no_rest) + rb"]*+"
    quoted = rb"|" + _open_quoted(dialect) + _marks(dialect.quote) if dialect.quote else b""
    return rb"(?:" + start + rest + quoted + rb")?+"


def _open_quoted(dialect: Dialect) -> bytes:
    """A quoted value up to where it could be closed."""
    quote, other = _marks(dialect.quote), rb"[^" + _marks(dialect.quote, dialect.escape) + rb"]*+"
    inner = quote * 2
    if dialect.escape:
        inner = rb"(?:" + inner + rb"|" + _marks(dialect.escape) + rb"(?s:.))"
    return quote + other + rb"(?:" + inner + other + rb")*+"


def _marks(*marks: str | None) -> bytes:
    return re.escape("".join(mark or "" for mark in marks)).encode()


def _unfinished(dialect: Dialect) -> bytes:
    """Any number of whole values and then one whose end is not there yet."""
    delimiter = _marks(dialect.delimiter)
    last = rb"[^\r\n" + delimiter + rb"]*+\r?"
    if dialect.quote:
        open_end = _marks(dialect.escape) + rb"?" if dialect.escape else b""
        closed = _marks(dialect.quote) + rb"\r?"
        quoted = _open_quoted(dialect) + rb"(?:" + closed + rb"|" + open_end + rb")"
        last = rb"(?:" + quoted + rb"|" + last + rb")"
    return rb"(?:" + _value(dialect) + delimiter + rb")*+" + last + rb"\Z"


def without_last_lines(blocks: Iterator[bytes], count: int) -> Iterator[bytes]:
    """The text without its last lines; empty lines at its very end do not count as any."""
    held = b""
    for block in blocks:
        held += block
        # One more line than asked for, since the last may not have ended yet.
        at = len(held)
        for _ in range(count + 1):
            at = held.rfind(b"\n", 0, at)
            if at < 0:
                break
        if at > 0 and held[at:].strip():
            yield held[: at + 1]
            held = held[at + 1 :]
    lines = held.rstrip(b"\r\n").splitlines(keepends=True)
    yield b"".join(lines[: max(0, len(lines) - count)])
