"""Whoever reads a report sees in it whether its figures are of an earlier day."""

import yaml

from kota.settings import PROJECT_ROOT

MARTS = PROJECT_ROOT / "dbt_project" / "models" / "marts"

# What these tell is of the build itself: how it matched, and what it could not place.
ABOUT_THE_BUILD = {"rpt_person_match_rates", "rpt_unresolved_places"}


def test_every_report_says_whether_it_is_stale() -> None:
    silent = set()
    for path in MARTS.glob("rpt_*.yml"):
        (model,) = yaml.safe_load(path.read_text("utf-8"))["models"]
        if not {"is_stale", "is_app_stale"} & {column["name"] for column in model["columns"]}:
            silent.add(model["name"])

    assert silent == ABOUT_THE_BUILD
