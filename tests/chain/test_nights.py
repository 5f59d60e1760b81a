"""Bad nights: whatever an app sends, its last good figures stay and the city goes on."""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import psycopg
import pymysql
import pytest

from demo.truth import Truth
from tests.chain.city import Done, RunningCity
from tests.chain.conftest import Day
from tests.chain.test_chain import assert_true, facts, query, total

pytestmark = pytest.mark.integration

HELD = {
    "epuskesmas": "epuskesmas.puskesmas has no column kd_kec any more",
    "laksa": "test not_null_stg_laksa__complaints_status failed (Got 1 result",
    "perizinan": "marts.fct_permit_applications: nothing was submitted in the future",
    "siapkerja": "siapkerja.lowongan: the table did not grow beyond belief in a night",
}
"""What an auditor reads of each app that is held."""
FAILED = {
    "pbb": "there is no folder /nowhere",
    "simpeg": "the source lost",
}
"""What the extraction says of each app that did not come, or not all of it."""
WRONG = (
    ("laksa", "update pengaduan set status = 4, updated_at = updated_at + interval 1 hour "
     "where id = (select * from (select max(id) from pengaduan) as newest)"),
    ("simpeg", "create table kept as select * from absensi_bulanan"),
    ("simpeg", "delete from absensi_bulanan"),
    ("simpeg", "alter table pegawai modify jk varchar(10) not null"),
)  # fmt: skip
"""In MariaDB: a status that LAKSA never told of; a table emptied, and a column of another type."""
RIGHT = (
    ("laksa", "update pengaduan set status = 0, updated_at = updated_at + interval 1 hour "
     "where status = 4"),
    ("simpeg", "insert into absensi_bulanan select * from kept"),
    ("simpeg", "drop table kept"),
    ("simpeg", "alter table pegawai modify jk tinyint not null"),
)  # fmt: skip
A_YEAR_AHEAD = (
    "update izin.permohonan set diajukan_pada = diajukan_pada + interval '{}', "
    "selesai_pada = null, status = 'diajukan', diubah_pada = diubah_pada + interval '1 hour' "
    "where id = (select max(id) from izin.permohonan)"
)
"""A clock at the permit office is wrong; no test of dbt's looks at that."""
TWICE = (
    "insert into lowongan select id + 1000000, kode, perusahaan, sektor, jabatan, jml_lowongan, "
    "upah, kecamatan, tgl_buka, tgl_tutup, aktif, updated_at from lowongan"
)
"""The vendor imported all vacancies once more, under new keys."""
FRESHNESS = "select app, {} from marts.rpt_app_freshness"


@dataclass(frozen=True)
class Night:
    """A run of kota, what officials read before and after it, and what is true."""

    run: Done
    before: Path
    snapshot: Path
    truth: Truth
    status: Any

    def column(self, column: str) -> dict[str, Any]:
        """A column of the freshness report, by app."""
        return dict(query(self.snapshot, FRESHNESS.format(column)))


@pytest.fixture(scope="module")
def bad_night(city: RunningCity, recovered: Day) -> Iterator[Night]:
    """Everything goes wrong in one night, at an app each."""
    city.advance()
    mysql(city, WRONG)
    permits(city, A_YEAR_AHEAD.format("1 year"))
    clinics(city, "alter table klinik.puskesmas rename kd_kec to kd_kecamatan")
    jobs(city, TWICE)
    yield live(city, recovered.snapshot, {"KOTA_CONN_PBB": "file:///nowhere"})


@pytest.fixture(scope="module")
def first_night(
    city: RunningCity, bad_night: Night, tmp_path_factory: pytest.TempPathFactory
) -> Night:
    """Another city hall begins on the same night, and can't reach Segar."""
    newcomer = RunningCity(tmp_path_factory.mktemp("newcomer"), city.servers)
    newcomer.state = city.state
    return live(newcomer, bad_night.before, {"KOTA_CONN_SEGAR": "http://u:p@127.0.0.1:9/api"})


@pytest.fixture(scope="module")
def good_night(city: RunningCity, bad_night: Night, first_night: Night) -> Night:  # noqa: ARG001
    """All of it is put right at its source."""
    mysql(city, RIGHT)
    permits(city, A_YEAR_AHEAD.format("-1 year"))
    clinics(city, "alter table klinik.puskesmas rename kd_kecamatan to kd_kec")
    jobs(city, "delete from lowongan where id > 1000000")
    return live(city, bad_night.snapshot, {})


def live(city: RunningCity, before: Path, changes: dict[str, str]) -> Night:
    """Run kota once."""
    run = city.kota("run", "--json", changes=changes)
    status = city.kota("status", "--json").json
    return Night(run, before, city.current.resolve(), city.truth, status)


def test_a_bad_night_is_published_and_told_in_one_sentence_an_app(bad_night: Night) -> None:
    assert bad_night.run.code == 1
    assert bad_night.snapshot != bad_night.before
    told = bad_night.run.err
    for app, reason in HELD.items():
        assert told.count(f"✗ {app} is held back since ") == 1, told
        assert reason in told
    for sentence in FAILED.values():
        assert sentence in told
    assert "column changed its type" in told


@pytest.mark.parametrize("app", sorted(HELD))
def test_a_held_app_is_marked_wherever_its_figures_are_shown(bad_night: Night, app: str) -> None:
    (status,) = [entry for entry in bad_night.status["apps"] if entry["app"] == app]

    assert (status["is_held"], status["is_fresh"]) == (True, False)
    assert HELD[app] in status["held_reason"]
    assert bad_night.column("is_stale")[app] is True
    assert bad_night.column("status_name")[app].startswith("Ditahan sejak ")
    assert HELD[app] in bad_night.column("held_reason")[app]
    assert bad_night.column("is_held") == {
        entry["app"]: entry["is_held"] for entry in bad_night.status["apps"]
    }


def test_the_figures_of_a_held_app_are_the_last_good_ones(bad_night: Night) -> None:
    for mart, column in (
        ("fct_complaints", "status"),
        ("fct_complaints", "department_code"),
        ("fct_permit_applications", "status"),
    ):
        assert facts(bad_night.snapshot, mart, column) == facts(bad_night.before, mart, column)
    rows = bad_night.column("row_count")
    before = dict(query(bad_night.before, FRESHNESS.format("row_count")))
    assert {app: rows[app] for app in HELD} == {app: before[app] for app in HELD}


def test_the_news_of_the_others_is_published(bad_night: Night) -> None:
    prices = bad_night.truth.apps["segar"]["harga"].rows

    assert total(bad_night.before, "fct_commodity_prices") < prices
    assert total(bad_night.snapshot, "fct_commodity_prices") == prices
    calls = bad_night.truth.apps["darurat112"]["panggilan"].rows
    assert bad_night.column("row_count")["darurat112"] == calls


def test_an_app_that_did_not_come_keeps_its_rows(bad_night: Night) -> None:
    rows = bad_night.column("row_count")
    before = dict(query(bad_night.before, FRESHNESS.format("row_count")))

    assert rows["pbb"] == before["pbb"]
    absent = {entry["app"]: entry["last_run"] for entry in bad_night.status["apps"]}
    for app, sentence in FAILED.items():
        assert sentence in absent[app]


def test_what_failed_stays_on_record(bad_night: Night, city: RunningCity) -> None:
    records = sorted((city.settings.audit_dir / "held").glob("*.json"))
    recorded = "".join(path.read_text("utf-8") for path in records)

    assert bad_night.snapshot.name not in [path.stem for path in records]
    for app in ("laksa", "perizinan", "siapkerja"):
        assert HELD[app] in recorded


def test_what_was_refused_is_no_news_and_stays_told(bad_night: Night, city: RunningCity) -> None:
    again = city.kota("run", "darurat112")

    assert again.code == 1
    assert f"Nothing changed: snapshot {bad_night.snapshot.name} stands." in again.out
    assert "✗ laksa is held back since " in again.err


def test_an_installation_begins_with_the_apps_that_can_be_read(first_night: Night) -> None:
    assert first_night.run.code == 1
    names = first_night.column("status_name")
    assert names["segar"] == "Belum pernah dimuat"
    assert "segar is held back since" in first_night.run.err
    assert "never loaded: segar.komoditas, segar.pasar, segar.harga" in first_night.run.err
    assert total(first_night.snapshot, "fct_commodity_prices") == 0
    # It has no last good state of what fails its checks.
    assert first_night.column("row_count")["laksa"] == 0
    calls = first_night.truth.apps["darurat112"]["panggilan"].rows
    assert first_night.column("row_count")["darurat112"] == calls


def test_all_is_released_the_first_night_it_passes(good_night: Night) -> None:
    assert good_night.run.code == 0, good_night.run.err
    assert_true(good_night.snapshot, good_night.truth)
    assert set(good_night.column("is_held").values()) == {False}
    assert set(good_night.column("status_name").values()) == {"Terkini"}
    assert not any(entry["is_held"] for entry in good_night.status["apps"])
    assert good_night.status["published"]["held"] == {}


def mysql(city: RunningCity, statements: tuple[tuple[str, str], ...]) -> None:
    """Change apps in MariaDB as their owners can."""
    for app, statement in statements:
        parts = urlsplit(city.uris.uris[app])
        with (
            pymysql.connect(
                host=parts.hostname,
                port=parts.port or 3306,
                user=unquote(parts.username or ""),
                password=unquote(parts.password or ""),
                database=app,
                autocommit=True,
                sql_mode="NO_ENGINE_SUBSTITUTION",
            ) as con,
            con.cursor() as cursor,
        ):
            cursor.execute(statement)


def permits(city: RunningCity, statement: str) -> None:
    with psycopg.connect(city.servers.postgres.uri("perizinan"), autocommit=True) as office:
        office.execute(statement)


def clinics(city: RunningCity, statement: str) -> None:
    with psycopg.connect(city.servers.postgres.uri("epuskesmas"), autocommit=True) as office:
        office.execute(statement)


def jobs(city: RunningCity, statement: str) -> None:
    database = Path(city.connections["KOTA_CONN_SIAPKERJA"].removeprefix("sqlite:///"))
    with sqlite3.connect(database) as office:
        office.execute(statement)
