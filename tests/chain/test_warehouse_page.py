"""docs/warehouse.md says what dbt built."""

import json

import pytest

from tests.chain.city import RunningCity
from warehouse.candidate import find_candidate
from warehouse.page import PAGE, rewritten

pytestmark = pytest.mark.integration


@pytest.mark.usefixtures("opening")
def test_the_page_has_the_marts_and_their_lineage(city: RunningCity) -> None:
    manifest = find_candidate(city.settings).folder / "dbt" / "manifest.json"

    page = PAGE.read_text("utf-8")

    # python -m warehouse.page <manifest> brings it up to date.
    assert rewritten(page, json.loads(manifest.read_text("utf-8"))) == page
