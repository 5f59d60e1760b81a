"""What discovery found, and what it proposes: the content of a registry file before it is text."""

from dataclasses import dataclass, field
from datetime import date

from connectors.discover.cursors import Reading
from connectors.discover.facts import ServerFacts, TableFacts
from connectors.discover.keys import Key
from connectors.discover.personal import Personal
from connectors.discover.references import Pointer
from connectors.discover.spellings import Spelling
from connectors.entry import Entry

FILL_IN_OWNER = "fill-in@office.example"


@dataclass(frozen=True)
class Block:
    """What a table says beyond keys and columns: its ``files:`` or ``rest:``."""

    name: str
    entry: Entry
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True)
class TableDraft:
    """A table that is worth taking."""

    facts: TableFacts
    name: str
    """Its name in the lake."""
    staging: str
    key: Key
    reading: Reading
    personal: dict[str, Personal]
    references: tuple[Pointer, ...]
    rows: int | None
    is_counted: bool
    sampled: int
    block: Block | None = None
    spellings: dict[str, Spelling] = field(default_factory=dict)
    """What the texts of its columns are, where the source has no types."""
    paths: dict[str, str] = field(default_factory=dict)
    """Where the values of columns are in nested records."""
    names_all: bool = False
    """Whether every column has to be named, in order, because nothing else names them."""


@dataclass(frozen=True)
class LeftTable:
    """A table that is proposed to be left, and why."""

    facts: TableFacts
    name: str
    reason: str
    rows: int | None
    personal: dict[str, Personal]


@dataclass(frozen=True)
class Draft:
    """An app as discovered."""

    app: str
    connection: str
    department: str | None
    technology: str
    schema: str | None
    """Said in the file only where it is not the one that the reader takes anyway."""
    timezone: str
    server: ServerFacts
    other_schemas: dict[str, int]
    drafted_on: date
    tables: tuple[TableDraft, ...]
    left: tuple[LeftTable, ...] = field(default=())
    remarks: tuple[str, ...] = ()
    """What else a person should know: a sentence each."""
