"""What every room's tests need: settings in an empty folder, and nothing from this machine."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from kota.settings import Settings, get_settings

TOKEN_KEY = "a key for tests, long enough to be taken"


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No connection and no setting of whoever runs the tests reaches them."""
    for name in os.environ:
        if name.startswith(("KOTA_", "AIRFLOW_CONN_")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("KOTA_TOKEN_KEY", TOKEN_KEY)


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Settings]:
    """Settings whose state and app registry are empty folders."""
    (tmp_path / "apps").mkdir()
    monkeypatch.setenv("KOTA_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("KOTA_APPS_DIR", str(tmp_path / "apps"))
    get_settings.cache_clear()
    yield get_settings()
    get_settings.cache_clear()
