"""What MariaDB or MySQL adds up of a column: values, total, least, greatest, as text."""

from connectors.mysql_columns import MysqlColumn, identifier
from lake.control import kind_of

TIMES = {"date", "datetime", "timestamp"}
NOTHING = "cast(null as char)"


def sums_sql(column: MysqlColumn, lake_type: str) -> tuple[str, str, str, str] | None:
    """The four expressions; None where the server's sum is not the lake's.

    So it is where the server has as text what the registry reads as a number or time.
    """
    name, lands_as = identifier(column.name), kind_of(lake_type)
    if column.kind in TIMES and lands_as == "time":
        value = f"case when {name} <> 0 then {name} end"  # all zeros say that there is none
        zone = ", '+00'" if column.kind == "timestamp" else ""
        least, greatest = (f"concat(cast({of}({value}) as char){zone})" for of in ("min", "max"))
        return f"count({value})", NOTHING, least, greatest
    if column.is_number and column.kind != "bit" and lands_as == "number":
        total, least, greatest = (f"cast({of}({name}) as char)" for of in ("sum", "min", "max"))
        return f"count({name})", total, least, greatest
    if column.is_text and lands_as == "text":
        filled = f"count(case when trim({name}) <> '' then 1 end)"
        return filled, f"cast(sum(char_length({name})) as char)", NOTHING, NOTHING
    return None
