"""The Splink model of this city, learned without labels.

How often a comparison agrees by chance (u) is learned from random pairs. How often it agrees for
one person (m) is learned by expectation maximisation among mentions of one NIK, where most pairs,
but not all, are one person.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import duckdb
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

from warehouse.persons.comparisons import comparisons

TRAINING_MENTIONS = 200_000
RANDOM_PAIRS = 2e6
"""Pairs of random mentions from which chance agreement is learned."""

Model = dict[str, Any]
"""Splink's settings with the learned probabilities, as its JSON files hold them."""


def learn(con: duckdb.DuckDBPyConnection) -> Model:
    """The model learned from ``records``: the same records give the same model.

    Learning looks at mentions as they were written; profiles are no longer alike.
    """
    con.execute(f"""
        create or replace table training as
        select unique_id, nik_written, {_COMPARED}
        from records
        where hash(coalesce(nik_written, source_app || record_key)) % greatest(
            1, (select count(*) from records) // {TRAINING_MENTIONS}
        ) = 0
    """)
    settings = SettingsCreator(
        link_type="dedupe_only",
        comparisons=list(comparisons()),
        retain_intermediate_calculation_columns=True,
        retain_matching_columns=False,
        em_convergence=1e-4,
    )
    with quiet():
        linker = Linker(DuckDBAPI(con).register("training"), settings, validate_settings=False)
        linker.training.estimate_u_using_random_sampling(
            RANDOM_PAIRS, min_count_per_level=None, num_chunks=1
        )
        linker.training.estimate_parameters_using_expectation_maximisation(
            block_on("nik_written"), estimate_without_term_frequencies=True
        )
        model: Model = linker.misc.save_model_to_json()
        linker.table_management.delete_tables_created_by_splink_from_db()
    con.execute("drop table training")
    return model


_COMPARED = """
    name_key, name_sorted, name_words, given_name, is_rare_name, birth_date, is_birth_date_sure,
    sex, kelurahan_code, kecamatan_code, phone
"""


@contextmanager
def quiet() -> Iterator[None]:
    """Splink says a lot at level INFO that nobody reads in a nightly run."""
    log = logging.getLogger("splink")
    before = log.level
    log.setLevel(logging.ERROR)
    try:
        yield
    finally:
        log.setLevel(before)
