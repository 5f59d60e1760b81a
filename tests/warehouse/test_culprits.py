"""Who is held back for what failed: the fewest apps that explain it, the nearest to it first."""

import pytest

from warehouse.culprits import build_failures, everyone, fewest
from warehouse.dbt import FailedNode
from warehouse.lineage import Lineage

PARENTS = {
    "test.kota.not_null_stg_a.1": ["model.kota.stg_a"],
    "test.kota.fct_a_adds_up.1": ["model.kota.fct_a"],
    "test.kota.all_add_up.1": ["model.kota.fct_all"],
    "test.kota.seed_is_complete.1": ["seed.kota.seed_days"],
    "model.kota.fct_all": ["model.kota.fct_a", "model.kota.fct_b"],
    "model.kota.fct_a": ["model.kota.stg_a", "model.kota.int_places"],
    "model.kota.fct_b": ["model.kota.stg_b", "model.kota.int_places"],
    "model.kota.int_places": ["model.kota.stg_a", "model.kota.stg_b", "model.kota.stg_c"],
    **{f"model.kota.stg_{app}": [f"source.kota.lake_{app}.rows"] for app in "abc"},
}
EVERY_APP = {"a", "b", "c"}


def blamed(*nodes: str, changed: set[str] = EVERY_APP) -> set[str]:
    """The apps to hold when these nodes failed."""
    failed = [FailedNode(node, "Got 3 results, configured to fail if != 0") for node in nodes]
    return set(fewest(build_failures(failed, Lineage(PARENTS)), changed))


@pytest.mark.parametrize(
    ("failed", "apps"),
    [
        (["test.kota.not_null_stg_a.1"], {"a"}),
        # Of all apps above it, its own is the nearest.
        (["model.kota.fct_b"], {"b"}),
        # One that is certain explains what could be others.
        (["test.kota.all_add_up.1", "test.kota.not_null_stg_a.1"], {"a"}),
        (["test.kota.all_add_up.1", "model.kota.fct_b"], {"b"}),
        (["test.kota.not_null_stg_a.1", "model.kota.stg_c"], {"a", "c"}),
        # No app is behind a seed: holding some would not help.
        (["test.kota.seed_is_complete.1", "test.kota.not_null_stg_a.1"], set()),
    ],
)
def test_the_fewest_and_nearest_are_blamed(failed: list[str], apps: set[str]) -> None:
    assert blamed(*failed) == apps


def test_an_app_without_news_is_never_blamed() -> None:
    assert blamed("model.kota.fct_b", changed={"c"}) == {"c"}
    assert blamed("test.kota.not_null_stg_a.1", changed={"b", "c"}) == set()


def test_when_it_fails_again_everyone_above_it_is_held() -> None:
    failures = build_failures([FailedNode("model.kota.fct_b", "x")], Lineage(PARENTS))
    assert set(everyone(failures, {"a", "b"})) == {"a", "b"}


def test_a_reason_quotes_no_value_of_a_row() -> None:
    message = "Conversion Error: Could not convert string 'Siti Aminah' to INT64"
    (failure,) = build_failures([FailedNode("model.kota.fct_a", message)], Lineage(PARENTS))
    assert failure.what == "fct_a could not be built"
