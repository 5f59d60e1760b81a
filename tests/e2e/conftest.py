"""The city brings its own environment, which every test of this folder needs."""

import pytest


@pytest.fixture(autouse=True)
def _clean_environment() -> None:
    """The city's own fixture cleans the environment once, before it comes up."""
