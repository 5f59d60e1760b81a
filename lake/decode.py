"""From an arriving value to the lake's: types, spellings of numbers and dates, tokens."""

from lake import columns as c
from lake.column import Column
from lake.token import token_sql
from lake.zone import instant_sql

ZERO_DATE = "^0000-00-00"
DATE = "[0-9]{4}[-/.][0-9]{1,2}[-/.][0-9]{1,2}([ T][0-9:.]*(Z|[+-][0-9:]+)?)?"
TIMES = ("DATE", "TIMESTAMP WITH TIME ZONE")


def land_sql(column: Column) -> str:
    """The DuckDB expression that turns an incoming value into the lake's value.

    The session's time zone is the app's, so a naive time means the app's local time. A zero date
    is how MySQL says "none"; an empty text in a typed column likewise.
    """
    value = c.quoted(column.name)
    if column.policy == "token":
        return token_sql(f"cast({value} as varchar)")
    if column.is_decoded:
        return _decoded(column, f"nullif(trim({value}), '')")
    if column.source_type == column.lake_type:
        return value
    if column.source_type == "TIMESTAMP":
        return instant_sql(value, column.utc_offset_seconds)
    return f"cast({value} as {column.lake_type})"


def is_lost_sql(column: Column, landed: str) -> str:
    """Whether a value is there, as text, and could not be decoded to ``landed``."""
    value = c.quoted(column.name)
    test = f"{landed} is null and trim({value}) <> ''"
    if column.lake_type in TIMES:
        test += f" and not regexp_matches({value}, '{ZERO_DATE}')"
    return f"({test})"


def _decoded(column: Column, text: str) -> str:
    kind = column.lake_type
    if column.formats and kind in TIMES:
        formats = ", ".join(c.literal(form) for form in column.formats)
        return f"cast(try_strptime({text}, [{formats}]) as {kind})"
    if kind in {"DOUBLE", "BIGINT"} or kind.startswith("DECIMAL"):
        if column.decimal == ",":
            text = f"replace(replace({text}, '.', ''), ',', '.')"
        if kind != "DOUBLE":
            return _exact_number(text, kind)
    if kind in TIMES:
        return _plausible_time(text, kind)
    return f"try_cast({text} as {kind})"


def _plausible_time(text: str, kind: str) -> str:
    """A cast takes ``infinity``, the year 20225 and, of a date, whatever stands behind it."""
    value = f"try_cast({text} as {kind})"
    last = "9999-12-31" if kind == "DATE" else "9999-12-31 23:59:59.999999"
    test = f"{value} between '0001-01-01' and '{last}'"
    if kind == "DATE":
        test += f" and regexp_full_match({text}, '{DATE}')"
    return f"case when {test} then {value} end"


def _exact_number(text: str, kind: str) -> str:
    """A cast rounds what does not fit, without a word: a value with more digits is undecodable.

    What differs by less than a floating-point number can hold is the source's own rounding.
    """
    number, exact = f"try_cast({text} as double)", f"try_cast({text} as {kind})"
    is_equal = f"abs({number} - cast({exact} as double)) <= 1e-9 * greatest(1, abs({number}))"
    return f"case when {is_equal} then {exact} end"
