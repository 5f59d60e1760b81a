"""What SQLite adds up of a column: values, total, least, greatest, and whether the sum is exact.

Any column can hold any type there, so what is not stored as the column's kind is left out of the
sums, as it is left out of the lake.
"""

from lake.column import Column
from lake.columns import quoted
from lake.control import kind_of


def sums_sql(column: Column) -> tuple[str, str, str, str, str] | None:
    """The five expressions, in SQLite's words; None where its sum is not the lake's.

    Times are compared where all of them are text: ISO text sorts as the times do.
    """
    value, kind = quoted(column.name), kind_of(column.lake_type)
    filled = f"sum(case when trim({value}) <> '' then 1 else 0 end)"
    values = f"coalesce({filled}, 0)"
    if kind == "text":
        return values, f"cast(sum(length({value})) as text)", "null", "null", "'1'"
    if kind == "time":
        if column.formats:
            return values, "null", "null", "null", "'1'"
        is_text = f"min(case when {value} is not null then typeof({value}) end) = 'text' and "
        is_text += f"max(typeof({value})) = 'text'"
        filled_text = f"nullif(trim({value}), '')"
        least, greatest = (
            f"case when {is_text} then {of}({filled_text}) end" for of in ("min", "max")
        )
        return values, "null", least, greatest, "'1'"
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
