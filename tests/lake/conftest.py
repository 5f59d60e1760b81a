"""A registered legacy app whose tables in the lake are made as extractions make them."""

from pathlib import Path

import pytest

from kota.settings import Settings
from tests.connectors.legacy import LegacyApp


@pytest.fixture
def legacy(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> LegacyApp:
    """The legacy app in a SQLite file."""
    return LegacyApp(settings, tmp_path, monkeypatch)
