"""What every room's tests need: settings in an empty folder, and nothing from this machine."""

import os
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

from kota.settings import Settings, get_settings

LONGEST = ("e2e", "chain/test_followed_nights.py", "chain", "faults", "reports")
"""These go to the workers first and in this order: one that began last would run on alone."""
SHARING = ("e2e", "chain", "reports", "expectations", "connectors/files")
"""Folders whose tests share servers or a warehouse, so that one worker takes them all."""
ALONE = ("chain/test_followed_nights.py",)

TOKEN_KEY = "a key for tests, long enough to be taken"


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the longest ones."""
    items.sort(key=lambda item: _place(_group(item.nodeid)))


class _Together(LoadScopeScheduling):  # type: ignore[misc]
    """What shares servers goes to one worker; xdist's own groups get lost under pytest 9.2."""

    def _split_scope(self, nodeid: str) -> str:
        return _group(nodeid)


@pytest.hookimpl
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadScopeScheduling:
    """Spread the tests over workers by what they share, the longest first."""
    config.option.loadscopereorder = False
    return _Together(config, log)


def _group(nodeid: str) -> str:
    """The folder that shares something, or else the file."""
    path = PurePosixPath(nodeid.partition("::")[0].removeprefix("tests/"))
    folders = [str(parent) for parent in path.parents if str(parent) in SHARING]
    return str(path) if str(path) in ALONE or not folders else folders[0]


def _place(group: str) -> int:
    return LONGEST.index(group) if group in LONGEST else len(LONGEST)


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
