"""The ids of published nights: added once a candidate, readable at any version."""

from pathlib import Path

import duckdb

from kota.settings import Settings
from warehouse.folder import DATABASE
from warehouse.persons.history import attach_history, history_version, remember


def _candidate(settings: Settings, name: str, links: dict[str, str]) -> Path:
    folder = settings.candidates_dir / name
    folder.mkdir(parents=True)
    with duckdb.connect(folder / DATABASE) as con:
        con.execute("create schema intermediate")
        con.execute("create table intermediate.int_persons__links (mention text, person_id text)")
        con.executemany("insert into intermediate.int_persons__links values (?, ?)", links.items())
    return folder


def _read(settings: Settings, version: int | None) -> list[tuple[str, str, int]]:
    with duckdb.connect() as con:
        con.execute("create schema ops")
        attach_history(con, settings, version)
        rows: list[tuple[str, str, int]] = con.execute(
            "from ops.person_history order by version, mention"
        ).fetchall()
        return rows


def test_a_version_reads_the_same_for_ever(settings: Settings) -> None:
    assert _read(settings, history_version(settings)) == []
    first = _candidate(settings, "a", {"m1": "p", "m2": "q"})

    remember(settings, first)
    remember(settings, first)
    pinned = history_version(settings)
    remember(settings, _candidate(settings, "b", {"m1": "p", "m2": "p", "m3": "r"}))

    assert _read(settings, pinned) == [("m1", "p", 0), ("m2", "q", 0)]
    assert _read(settings, history_version(settings))[2:] == [("m2", "p", 1), ("m3", "r", 1)]
    assert settings.persons_dir.stat().st_mode & 0o077 == 0
