"""An id for each employee that leads nowhere without the city's key."""

from warehouse.pseudonyms import pseudonyms


def model(dbt, session):
    """One row per employee: SIMPEG's number as text, and the id under which marts know them."""
    dbt.config(materialized="table")
    known = dbt.ref("stg_simpeg__employees").project(
        "cast(employee_id as varchar) as employee_number"
    )
    return pseudonyms(session, known, "employee_number", "employee_token")
