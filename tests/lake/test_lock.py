"""One extraction of an app at a time."""

from pathlib import Path

import pytest

from lake.lock import BusyError, exclusive


def test_a_lock_is_held_by_one_and_free_again_afterwards(tmp_path: Path) -> None:
    path = tmp_path / "lake" / ".lock"
    with (
        exclusive(path, "extracting laksa"),
        pytest.raises(BusyError, match="extracting laksa is already being done"),
        exclusive(path, "extracting laksa"),
    ):
        pass
    with exclusive(path, "extracting laksa"):
        pass
