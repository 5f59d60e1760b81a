"""Waiting for a lock: until it is free, and not for ever."""

import threading
from pathlib import Path

import pytest

from kota.patience import patiently
from lake.lock import BusyError, exclusive


def test_it_waits_until_the_other_is_done_and_says_so_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kota.patience.SECONDS_BETWEEN", 0.01)
    path, held, done = tmp_path / ".lock", threading.Event(), threading.Event()

    def other() -> None:
        with exclusive(path, "building"):
            held.set()
            done.wait(5)

    thread = threading.Thread(target=other)
    thread.start()
    held.wait(5)
    with pytest.raises(BusyError), patiently(lambda: exclusive(path, "building"), 0.05):
        pass
    threading.Timer(0.05, done.set).start()
    with patiently(lambda: exclusive(path, "building"), 5):
        assert done.is_set()
    thread.join()
    assert capsys.readouterr().out.count("building is already being done") == 2
