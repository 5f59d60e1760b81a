"""A village and a city."""

from pathlib import Path

import pytest

from kota.settings import Settings
from tests.connectors.bundle.world import World


@pytest.fixture
def world(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    """Both with keys exchanged; nothing sent yet."""
    monkeypatch.setenv("KOTA_CONN_DESA", "")  # the world sets it, and this puts it back
    return World(settings, tmp_path)
