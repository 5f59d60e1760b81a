"""Files that an app drops: what lies there is what lay there on that morning."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from demo.apps import APPS
from demo.city import City
from demo.days import DAY, midnight
from demo.drop_folder import DropFolder, Folder, NotOursError, file_times
from demo.drops import DropFile
from demo.spec import TIMEZONE
from demo.truth import AppTruth

DAYS_KEPT = 3


def files_of(city: City) -> Iterator[DropFile]:
    """A file a day of which three are kept, and one that is written again every day."""
    for age in range(1, DAYS_KEPT + 1):
        day = city.day - timedelta(days=age)
        yield DropFile(f"harian/{day}.csv", midnight(day) + 3600, f"{day};1\n".encode)
    yield DropFile("semua.csv", midnight(city.day) - DAY // 2, lambda: f"{city.day}".encode())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "drops"


def found(folder: Path) -> dict[str, tuple[bytes, float]]:
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {
        path.relative_to(folder).as_posix(): (path.read_bytes(), path.stat().st_mtime)
        for path in files
    }


def expected(city: City) -> dict[str, tuple[bytes, float]]:
    files = list(files_of(city))
    times = file_times(files)
    return {file.path: (file.content(), times[file.path]) for file in files}


def test_files_are_as_old_as_on_the_clocks_of_the_city(folder: Path, city: City) -> None:
    DropFolder("app", folder, files_of).load(city, say=lambda _: None)
    assert found(folder) == expected(city)
    written = datetime.fromtimestamp((folder / "semua.csv").stat().st_mtime, TIMEZONE)
    assert (written.date(), written.hour) == (city.day - timedelta(days=1), 12)


def test_a_day_touches_only_what_it_changes(folder: Path, city: City) -> None:
    keeper = DropFolder("app", folder, files_of)
    keeper.load(city, say=lambda _: None)
    kept = folder / f"harian/{city.day - timedelta(days=1)}.csv"
    before = kept.stat()
    later = city.on(city.day + timedelta(days=1))
    keeper.advance(city, later, {})
    assert found(folder) == expected(later)
    assert (kept.stat().st_ino, kept.stat().st_ctime_ns) == (before.st_ino, before.st_ctime_ns)
    assert keeper.has(AppTruth(engine="files", tables={}, files=file_times(files_of(later))))
    kept.unlink()
    assert not keeper.has(AppTruth(engine="files", tables={}, files=file_times(files_of(later))))


def test_an_advance_that_was_killed_is_done_again(
    folder: Path, city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    keeper = DropFolder("app", folder, files_of)
    keeper.load(city, say=lambda _: None)
    later = city.on(city.day + timedelta(days=1))
    with monkeypatch.context() as dying:
        dying.setattr(Path, "replace", _die)
        with pytest.raises(KeyboardInterrupt):
            keeper.advance(city, later, {})
    assert len(found(folder)) > len(expected(city))  # half a file lies there under another name
    keeper.advance(city, later, {})
    assert found(folder) == expected(later)


def _die(*_: object) -> None:
    raise KeyboardInterrupt


def test_a_folder_of_somebody_else_is_refused(folder: Path, city: City) -> None:
    folder.mkdir()
    (folder / "thesis.docx").write_bytes(b"three years of work")
    with pytest.raises(NotOursError, match="holds files already"):
        DropFolder("app", folder, files_of).load(city, say=lambda _: None)
    assert (folder / "thesis.docx").exists()


@pytest.mark.parametrize(
    "app_id", [app.id for app in APPS.values() if isinstance(app.home, Folder)]
)
def test_files_of_the_apps_that_were_not_written_again_have_the_same_bytes(
    city: City, app_id: str
) -> None:
    home = APPS[app_id].home
    assert isinstance(home, Folder)
    later = city.on(city.day + timedelta(days=7))
    before = {(file.path, file.modified): file for file in home.files(city)}
    after = list(home.files(later))
    for file in after:
        same = before.get((file.path, file.modified))
        assert same is None or same.content() == file.content(), file.path
        assert file.modified < midnight(later.day)
    assert len({file.path for file in after}) == len(after)
