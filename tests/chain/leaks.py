"""Search a published file for the people of the demo city, by value and by pattern."""

import re
from pathlib import Path

import duckdb

from demo.people import read_people

PATTERNS = {
    "a NIK": re.compile(r"(?<![0-9a-f])\d{16}(?![0-9a-f])"),
    # Groups of a UUID's digits come after a dash.
    "a phone number": re.compile(r"(?<![\w.-])(?:\+?62|0)[ .-]?8[1-9](?:[ .-]?\d){7,10}(?!\w)"),
    "an e-mail address": re.compile(r"[\w.%+-]+@[\w-]+\.\w+"),
}


def leaks(database: Path, people_folder: Path) -> set[str]:
    """``column: what was found`` for everything in the file that tells who somebody is."""
    people = read_people(people_folder).to_pydict()
    names = {
        name.casefold()
        for column in ("name", "name_stored")
        for name in people[column]
        if name and len(name.split()) >= 2
    }
    numbers = {
        re.sub(r"\D", "", number)
        for column in ("nik", "nik_stored", "phone", "phone_stored")
        for number in people[column]
        if number
    }
    # A phone number is the same with 0, 62 or +62 before it.
    phones = {re.sub(r"^(62|0)", "", n) for n in numbers if len(n) < 15}
    secrets = names | {n for n in numbers if len(n) >= 15} | phones
    secrets |= {email.casefold() for email in people["email"] if email}
    found = set()
    for column, values in _texts(database).items():
        text = "\n".join(values)
        digits = "\n".join(re.sub(r"[ .+-]", "", value) for value in values)
        if any(secret in text or secret in digits for secret in secrets):
            found.add(f"{column}: somebody of the city")
        found |= {f"{column}: {kind}" for kind, pattern in PATTERNS.items() if pattern.search(text)}
    return found


def _texts(database: Path) -> dict[str, list[str]]:
    """Every distinct value that is text or a whole number, by column."""
    texts = {}
    with duckdb.connect(database, read_only=True) as con:
        for schema, table, column in con.execute(
            "select schema_name, table_name, column_name from duckdb_columns() where not internal "
            "and not starts_with(data_type, 'TIMESTAMP') and data_type not in ('DATE', 'DOUBLE')"
        ).fetchall():
            rows = con.execute(
                f'select distinct "{column}"::varchar from "{schema}"."{table}" '
                f'where "{column}" is not null'
            ).fetchall()
            texts[f"{schema}.{table}.{column}"] = [value.casefold() for (value,) in rows]
    return texts
