"""What the registry says about a table that arrives as files."""

import codecs
import re
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, field_validator, model_validator

from connectors.entry import Entry

FormatName = Literal["csv", "xlsx", "xls", "dbf", "xml", "jsonl", "json", "parquet", "fixed"]


def _known_encoding(name: str) -> str:
    try:
        return codecs.lookup(name).name
    except LookupError:
        raise ValueError(f"unknown encoding {name!r}, try cp1252 or utf-8") from None


def _one_byte(mark: str) -> str:
    if len(mark.encode()) != 1 or mark in "\r\n":
        raise ValueError(f"{mark!r} is not one plain character")
    return mark


def _regular(pattern: str) -> str:
    try:
        re.compile(pattern)
    except re.error as error:
        raise ValueError(f"not a regular expression: {error}") from error
    return pattern


Encoding = Annotated[str, AfterValidator(_known_encoding)]
Mark = Annotated[str, AfterValidator(_one_byte)]
Regex = Annotated[str, AfterValidator(_regular)]


class Csv(Entry):
    """How a delimited text is written. What is not said is found out from its first lines."""

    delimiter: Mark | None = None
    quote: Mark | None = '"'
    """What encloses a value that has delimiters or line ends in it; null: nothing does."""
    escape: Mark | None = None
    r"""What takes the meaning from a mark after it (``\``); by default a quote is doubled."""
    skip_footer: Annotated[int, Field(ge=0)] = 0
    """Lines at the end that are no rows."""


class Xml(Entry):
    """Where the rows are in an XML document."""

    row: str
    """The element that is a row, by its path from the root: ``data/penduduk`` or ``penduduk``.

    A column is an attribute or a child of it by its own name, or what its ``path`` in
    ``columns`` leads to: ``alamat/kota``, ``alamat/@kode``.
    """


class FixedColumn(Entry):
    """One column of a text whose columns have fixed places."""

    name: str
    start: Annotated[int, Field(ge=1)]
    """The first character, counted from 1."""
    width: Annotated[int, Field(ge=1)]


class FileSource(Entry):
    """Which files are a table, and how they are read."""

    pattern: str
    """Names of its files, relative to the place: ``laporan/*.csv``, ``*.zip!*.dbf``."""
    content: Literal["complete", "together", "part"]
    """Whether each file is the whole table, so that the newest counts; or all files that are there
    now are the table together, each sent again under its name; or each adds and corrects rows.

    Rows that a complete file, or all files together, lack are deleted (mode: snapshot).
    """
    format: FormatName | None = None
    """By default, what the name's suffix says."""
    settle_seconds: Annotated[int, Field(ge=0)] = 60
    """A file written to more recently may still be on its way and is left for the next run."""
    marker: str | None = None
    """An ending such as ``.done``: the sender adds such a file when another is complete."""
    encoding: Encoding | None = None
    """By default a byte-order mark says it, or a sample is looked at; a DBF names its own."""
    header: Annotated[int, Field(ge=0)] | None = None
    """The line or row with the column names; 0: there is none, and ``columns`` names them.

    By default the first line, and in a workbook the first row in which most cells are text.
    """
    header_rows: Annotated[int, Field(ge=1)] = 1
    """In a workbook, over how many rows a name is spread; they are joined."""
    nulls: list[str] = Field(default_factory=lambda: [""])
    """Texts that mean "no value", besides the empty one."""
    stop_at: Regex | None = None
    """In a workbook, the row whose first filled cell has this in it ends the table: a grand total,
    a signature."""
    skip_rows: Regex | None = None
    """In a workbook, rows whose first filled cell has this in it are no data: subtotals."""
    sheets: str | list[str] | None = None
    """Names of the sheets to read, as patterns; ``_sheet`` tells their rows apart.

    By default the first one.
    """
    fill_down: list[str] = Field(default_factory=list)
    """In a workbook, columns in which an empty cell means what stands above it: merged cells."""
    above: dict[str, Regex] = Field(default_factory=dict)
    """In a workbook, columns whose value stands above the header, once for a sheet: the group of a
    regular expression that is looked for in each row up there, its cells joined by spaces.

    ``{npsn: 'NPSN *: *([0-9]+)'}``
    """
    csv: Csv = Csv()
    xml: Xml | None = None
    rows: str = ""
    """In a JSON document, where the list of rows is: keys joined by dots."""
    fixed: list[FixedColumn] = Field(default_factory=list)

    @model_validator(mode="after")
    def _format_has_its_block(self) -> Self:
        if self.format == "xml" and self.xml is None:
            raise ValueError("format xml needs `xml: {row: …}`")
        if self.format == "fixed" and not self.fixed:
            raise ValueError("format fixed needs `fixed: [{name: …, start: …, width: …}]`")
        return self

    @model_validator(mode="after")
    def _together_has_no_archives(self) -> Self:
        if self.content == "together" and "!" in self.pattern.replace("[!", ""):
            raise ValueError("content together is for files that lie open, not in archives")
        return self

    @field_validator("above")
    @classmethod
    def _one_group_each(cls, value: dict[str, str]) -> dict[str, str]:
        for name, pattern in value.items():
            if re.compile(pattern).groups != 1:
                raise ValueError(f"{name}: put what is wanted, and nothing else, in (brackets)")
        return value

    @property
    def null_texts(self) -> list[str]:
        """All spellings of "no value"."""
        return list(dict.fromkeys(["", *self.nulls]))
