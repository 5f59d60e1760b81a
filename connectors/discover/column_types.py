"""What the texts of a table's columns are: each judged by its values and those of the others."""

import re
from collections.abc import Mapping, Sequence

from connectors.discover.held import HeldRows
from connectors.discover.personal import Personal
from connectors.discover.spellings import Spelling, find_spelling, has_decimal_comma

_NO_COUNT = re.compile(r"\ba NIK|family card|phone number|tax number|bank account|identity number")
"""Evidence of personal data whose digits are a name, not a count."""
_DASHES = {"-", "--"}


def find_spellings(
    held: HeldRows, tables: Sequence[str], columns: Sequence[str]
) -> dict[str, Spelling]:
    """Of each column, by its values in all of the tables, which have the same columns."""
    values = {
        column: {value for table in tables for value in held.values(table, column)}
        for column in columns
    }
    has_comma = any(map(has_decimal_comma, values.values()))
    return {
        column: find_spelling(column, texts, comma_elsewhere=has_comma)
        for column, texts in values.items()
    }


def as_spelt(
    spellings: Mapping[str, Spelling], personal: Mapping[str, Personal]
) -> dict[str, Spelling]:
    """The same, with text where a person's number would lose what makes it one."""
    return {
        column: Spelling(nulls=spelling.nulls, remark="stays text: digits that are not counted")
        if spelling.type == "BIGINT"
        and column in personal
        and _NO_COUNT.search(personal[column].evidence)
        else spelling
        for column, spelling in spellings.items()
    }


def nulls_of(spellings: Mapping[str, Spelling]) -> list[str]:
    """Texts that mean "no value" in this table: words always, a dash where it is in a number."""
    found = {
        text: None
        for spelling in spellings.values()
        for text in spelling.nulls
        if spelling.type or text not in _DASHES
    }
    return list(found)
