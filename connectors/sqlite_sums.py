"""What SQLite adds up of a column: values, total, least, greatest, and whether the sum is exact.

Any column can hold any type there, so what is not stored as the column's kind is left out of the
sums, as it is left out of the lake.
"""

from lake.column import Column
from lake.columns import quoted
from lake.control import kind_of


def sums_sql(column: Column) -> tuple[str, str, str, str, str] | None:
    """The five expressions, in SQLite's words; None where its sum is not the lake's.

    Times are compared where all are text of one length: then they sort as the times do.
    """
    value, kind = quoted(column.name), kind_of(column.lake_type)
    filled = f"sum(case when trim({value}) <> '' then 1 else 0 end)"
    values = f"coalesce({filled}, 0)"
    if kind == "text":
        return values, f"cast(sum(length({value})) as text)", "null", "null", "'1'"
    if kind == "time":
        # Zeros say that there is none.
        time = f"case when trim({value}) <> '' and {value} not like '0000-00-00%' then {value} end"
        if column.formats:
            return f"count({time})", "null", "null", "null", "'1'"
        is_alike = (
            f"min(typeof({time})) in ('text', 'null') and max(typeof({time})) in ('text', 'null') "
            f"and min(length({time})) = max(length({time}))"
        )
        least, greatest = (f"case when {is_alike} then {of}({time}) end" for of in ("min", "max"))
        return f"count({time})", "null", least, greatest, "'1'"
    if kind != "number" or column.decimal != ".":
        return None
    number = f"case when typeof({value}) in ('integer', 'real') then {value} end"
    total, least, greatest = (
        f"case typeof({of}({number})) when 'real' then printf('%!.17g', {of}({number})) "
        f"else cast({of}({number}) as text) end"
        for of in ("sum", "min", "max")
    )
    whole = f"case when sum(typeof({value}) = 'real') > 0 then '0' else '1' end"
    return values, total, least, greatest, whole
