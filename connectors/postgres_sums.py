"""What PostgreSQL adds up of a column: values, total, least, greatest, as text but the first."""

from connectors.postgres_types import TIMES, SourceColumn
from lake.columns import quoted
from lake.control import kind_of

WHOLE = ("int2", "int4", "int8", "oid")
TEXTS = ("text", "varchar", "bpchar")
UTC = "YYYY-MM-DD HH24:MI:SS.US+00"


def sums_sql(column: SourceColumn, lake_type: str) -> tuple[str, str, str, str] | None:
    """The four expressions; None where the server's sum is not the lake's.

    So it is where the server has as text what the registry reads as a number or time.
    """
    kind, name = column.type_name, quoted(column.name)
    lands_as = kind_of(lake_type)
    if kind in TIMES and lands_as == "time":
        return _time(name, kind)
    if lands_as == "number":
        return _number(name, kind)
    if kind in TEXTS and lands_as == "text":
        text = f"{name}::text"
        filled = f"count(*) filter (where btrim({text}) <> '')"
        return filled, f"sum(length({text}))::text", "null::text", "null::text"
    return None


def _number(name: str, kind: str) -> tuple[str, str, str, str] | None:
    if kind in WHOLE:
        value, where = f"{name}::int8", ""
    elif kind == "money":
        value, where = f"{name}::numeric", ""
    elif kind in {"numeric", "float8"}:
        value, where = name, f" filter (where {name} <> 'NaN')"
    elif kind == "float4":  # 0.1 stays 0.1, as it does on its way to the lake
        value, where = f"{name}::text::float8", f" filter (where {name} <> 'NaN')"
    else:
        return None
    total, least, greatest = (f"({of}({value}){where})::text" for of in ("sum", "min", "max"))
    return f"count({name})", total, least, greatest


def _time(name: str, kind: str) -> tuple[str, str, str, str]:
    """Ends within what the lake can hold; the others are in quarantine."""
    _, first, last = TIMES[kind]
    ends = [
        f"{of}({name}) filter (where {name} between {first} and {last})" for of in ("min", "max")
    ]
    if kind == "timestamptz":
        ends = [f"to_char(({end}) at time zone 'UTC', '{UTC}')" for end in ends]
    least, greatest = (f"({end})::text" for end in ends)
    return f"count({name})", "null::text", least, greatest
