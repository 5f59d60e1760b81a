"""Precision and recall over pairs of mentions in different apps."""

from dataclasses import dataclass

import duckdb


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


def judge(con: duckdb.DuckDBPyConnection, links: str) -> None:
    """Make the table ``judged``: each mention with its ``person_id``, its ``method``, the true
    ``person``, and whether it ``is_thin``: a phone and nothing else, which decides nothing."""
    con.execute(f"""
        create or replace table judged as
        select
            truth.source_app, links.person_id, links.method, truth.person,
            mentions.name_key is null and mentions.nik is null as is_thin,
            mentions.nik is null and mentions.birth_date is null as is_poor
        from {links} as links
        inner join truth using (source_app, record_key)
        inner join mentions using (source_app, record_key)
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
