"""Precision and recall over pairs of mentions in different apps."""

from dataclasses import dataclass

import duckdb

# A full name, and something beside it.
_SAYS_ENOUGH = """
    coalesce(mentions.name_key like '% %' and (
        mentions.kelurahan_code is not null or mentions.phone is not null
        or mentions.street_key is not null or mentions.child_key is not null
    ), false)
"""


@dataclass(frozen=True)
class Score:
    """Pairs across apps: of one person in truth, put together, and both."""

    true: int
    found: int
    right: int

    @property
    def precision(self) -> float:
        """The share of pairs put together that are one person."""
        return self.right / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        """The share of pairs of one person that were put together."""
        return self.right / self.true if self.true else 1.0


def judge(con: duckdb.DuckDBPyConnection, found: str) -> None:
    """Make the table ``judged``: each mention with its ``person_id``, its ``method``, the true
    ``person`` and what it ``says``: ``nik``, ``birth_date``, ``name`` (with an area, a phone, an
    address or a child) or ``little``.

    Reads ``mentions`` and ``links`` (as in ``demo.links``). Who is no citizen is a person of their
    own: whoever is put together with them is wrongly so.
    """
    con.execute(f"""
        create or replace table judged as
        select
            mentions.source_app, mentions.source_table, mentions.record_key,
            found.person_id, found.method,
            coalesce(
                case when links.person >= 0 then links.person end,
                -row_number() over (
                    order by mentions.source_app, mentions.source_table, mentions.record_key
                )
            ) as person,
            case
                when mentions.nik is not null then 'nik'
                when mentions.birth_date is not null then 'birth_date'
                when {_SAYS_ENOUGH} then 'name'
                else 'little'
            end as says
        from mentions
        inner join {found} as found using (source_app, source_table, record_key)
        left join links
            on mentions.source_app = links.app and mentions.source_table = links.table
            and links.key = case
                -- A pupil's number is behind that of the school.
                when mentions.source_app = 'sekolah' then split_part(mentions.record_key, '/', 2)
                else mentions.record_key
            end
        qualify row_number() over (
            partition by mentions.source_app, mentions.source_table, mentions.record_key
        ) = 1
    """)


def score(con: duckdb.DuckDBPyConnection, where: str) -> Score:
    """The score over the mentions that meet a condition."""

    def pairs(*by: str) -> int:
        """Pairs that agree in ``by`` and are of different apps."""

        def agreeing(columns: tuple[str, ...]) -> int:
            row = con.execute(
                "select coalesce(sum(n * (n - 1) // 2), 0) from ("
                f"select count(*) as n from judged where {where} group by {', '.join(columns)})"
            ).fetchone()
            return int(row[0]) if row else 0

        return agreeing(by) - agreeing((*by, "source_app"))

    return Score(pairs("person"), pairs("person_id"), pairs("person_id", "person"))


def score_of_app(con: duckdb.DuckDBPyConnection, app: str, table: str) -> Score:
    """The score over the pairs of which one side is a mention in this table."""
    counted = "count(*) filter (where source_app <> ?)"
    mine = "count(*) filter (where source_app = ? and source_table = ?)"

    def pairs(*by: str) -> int:
        row = con.execute(
            f"select coalesce(sum(others * mine), 0) from (select {counted} as others, "
            f"{mine} as mine from judged group by {', '.join(by)})",
            [app, app, table],
        ).fetchone()
        return int(row[0]) if row else 0

    return Score(pairs("person"), pairs("person_id"), pairs("person_id", "person"))
