"""Why two mentions were not joined, in words an auditor can check."""

import duckdb

from warehouse.persons.comparisons import WORDS
from warehouse.persons.persons import REVIEW_WEIGHT

REASONS = {
    "below": "not enough evidence",
    "name_differs": "the names differ",
    "thin": "nothing agrees but name and area, and the register knows neither",
    "two_entries": "the register lists both, in different homes",
    "rivals": "another person fits about as well",
    "two_niks": "it would tie two NIKs together",
    "kept_apart": "a human decided that they are different",
    "same_nik": "the same NIK, but names or birth dates disagree",
}


def explain(con: duckdb.DuckDBPyConnection) -> None:
    """Make the table ``doubts``: pairs of mentions in the review band, both ways round.

    Columns: ``unique_id``, ``other_id``, ``match_weight`` (null for a doubtful NIK), ``reason``,
    ``evidence``: what each comparison says and adds, in bits.
    """
    reason = " ".join(f"when '{key}' then '{words}'" for key, words in REASONS.items())
    con.execute(f"""
        create or replace table doubts as
        with pairs as (
            select
                unique_id_l, unique_id_r, match_weight,
                case verdict {reason} end as reason,
                {evidence()} as evidence
            from verdicts
            -- A phone alone is in doubt always; to look at all of them helps nobody.
            where match_weight >= {REVIEW_WEIGHT} and verdict not in ('linked', 'no_name')
            union all
            select unique_id_l, unique_id_r, null, '{REASONS["same_nik"]}', null
            from nik_doubts
        ),
        open as (
            select pairs.*
            from pairs
            inner join records as l on pairs.unique_id_l = l.unique_id
            inner join records as r on pairs.unique_id_r = r.unique_id
            left join grouped as gl on l.entity = gl.entity
            left join grouped as gr on r.entity = gr.entity
            left join decided
                on least(l.entity, r.entity) = least(decided.entity_l, decided.entity_r)
                and greatest(l.entity, r.entity) = greatest(decided.entity_l, decided.entity_r)
            where coalesce(gl.person, l.entity) <> coalesce(gr.person, r.entity)
                and decided.decision is null
        )
        select
            unique_id_l as unique_id, unique_id_r as other_id, match_weight, reason, evidence
        from open
        union all
        select unique_id_r, unique_id_l, match_weight, reason, evidence from open
    """)


def evidence() -> str:
    """``name: same words (+15.3); birth date: differs (-12.1); …``, as one SQL expression."""
    parts = []
    for name, words in WORDS.items():
        levels = " ".join(
            f"when {len(words) - 1 - place} then '{word}'" for place, word in enumerate(words)
        )
        parts.append(
            f"'{name.replace('_', ' ')}: ' || case gamma_{name} {levels} else 'not known' end "
            f"|| case when gamma_{name} < 0 then '' "
            f"else ' (' || printf('%+.1f', mw_{name}) || ')' end"
        )
    parts.append("'NIK: a slip apart' || printf(' (%+.1f)', mw_nik)")
    parts.append("'register: is listed there' || printf(' (%+.1f)', mw_register)")
    return "concat_ws('; ', " + ", ".join(parts) + ")"
