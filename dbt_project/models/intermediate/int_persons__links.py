"""Which mentions are one person, by warehouse/persons in this build's own connection."""

from warehouse.persons.link import link_persons


def model(dbt, session):
    """One row per mention, with the id of its person and what is in doubt."""
    dbt.config(materialized="table")
    return link_persons(
        session,
        mentions=dbt.ref("int_persons__mentions"),
        former=dbt.source("ops", "person_history"),
        decisions=dbt.ref("seed_person_decisions"),
    )
