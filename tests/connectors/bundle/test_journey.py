"""Bundles that are lost, doubled, mixed up or cut: in the end the city has what the village has."""

import os
import random
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest

from connectors.bundle.keys import make_keys
from connectors.bundle.receipt import issue
from connectors.bundle.received import last_received
from lake.erase import Target, erase, find
from lake.erasures import Erasure, append
from lake.table import LakeTable
from lake.token import token, token_keys
from tests.connectors.bundle.world import CHANGES, REGISTRY, World

pytestmark = pytest.mark.integration

PEOPLE = "id, name, cast(amount as double), updated_at"
HISTORY = "id, _kota_op, cast(amount as double)"


def _assert_equal(world: World) -> None:
    with sqlite3.connect(world.database) as con:
        letters = con.execute("select nik, kind from letters").fetchall()
        visits = con.execute("select who, day from visits").fetchall()
        people = con.execute(
            "select id, nik, name, cast(amount as real) from people where nik is not null"
        ).fetchall()
    con.close()

    def tokens(rows: list[tuple[object, ...]], place: int) -> list[tuple[object, ...]]:
        keys = token_keys()
        return sorted(
            (*row[:place], token(str(row[place]), keys), *row[place + 1 :]) for row in rows
        )

    assert world.current(world.city, "letters", "nik, kind") == tokens(letters, 0)
    assert world.current(world.city, "visits", "who, cast(day as varchar)") == tokens(visits, 0)
    assert world.current(world.city, "people", "id, nik, name, cast(amount as double)") == tokens(
        people, 1
    )
    for name, entry in world.app.tables.items():
        table = LakeTable(world.city.lake_dir, "desa", name)
        last = table.last_batch()
        assert last is not None
        assert last.lake_rows == len(world.current(world.city, name))
        identity = ", ".join(entry.key or ["_kota_hash", "_kota_copy"])
        assert len(set(world.current(world.city, name, identity))) == last.lake_rows


def test_rows_history_and_quarantine_arrive(world: World) -> None:
    made = [world.make()]
    for change in CHANGES:
        world.change(change)
        made.append(world.make())

    assert world.deliver(made[-1]) == "landed"
    _assert_equal(world)
    assert world.log(world.city, "people", HISTORY) == world.log(world.village, "people", HISTORY)
    assert world.log(world.city, "people", "_kota_at") == world.log(
        world.village, "people", "_kota_at"
    )


def test_only_what_changed_since_the_receipt_travels(world: World) -> None:
    assert world.make().sent.rows == 7  # type: ignore[union-attr]
    world.deliver(world.make())
    assert "bundle 1 has arrived" in world.acknowledge()
    assert world.make().sent is None

    world.change("update letters set kind = 'x' where nik like '%1'")
    made = world.make()

    assert made.sent is not None
    assert (made.sent.number, made.sent.rows) == (2, 1)
    assert world.deliver(made) == "landed"
    _assert_equal(world)


@pytest.mark.parametrize("order", [(2, 1, 0), (1, 0, 2)])
def test_any_order_lands_everything_once(world: World, order: tuple[int, ...]) -> None:
    made = []
    for change in ["", *CHANGES][:3]:
        world.change(change)
        made.append(world.make())
    outcomes = [world.deliver(made[place]) for place in order]

    newest = order.index(2)
    assert outcomes[newest] == "landed"
    assert set(outcomes[newest + 1 :]) <= {"known"}
    _assert_equal(world)
    last = last_received(world.city, "desa")
    assert last is not None
    assert last.number == 3


@pytest.mark.integration
def test_a_year_of_lost_doubled_and_late_bundles_and_receipts(world: World) -> None:
    chance = random.Random(3)  # noqa: S311 - the seed is what makes it replayable
    late = []
    for week in range(12):
        world.change(
            f"insert into visits values ('Budi', '2026-02-{week % 3 + 1:02}');"
            f"update letters set kind = 'k{week}';"
            f"delete from visits where rowid = (select min(rowid) from visits) and {week % 2};"
        )
        made = world.make()
        if made.sent is not None:
            late.append(made)
        for old in list(late):
            what = chance.random()
            if what < 0.4:
                world.deliver(old)
            if what < 0.2:
                late.remove(old)
        if last_received(world.city, "desa") and chance.random() < 0.4:
            world.acknowledge()
    world.deliver(world.make(everything=True))
    _assert_equal(world)


def test_quarantine_travels_with_tokens_and_is_closed_when_repaired(world: World) -> None:
    world.change("insert into letters values ('3671010101900009', 'a'), ('3671010101900009', 'b')")
    world.deliver(world.make())
    world.deliver(world.make(everything=True))
    assert len(world.events(world.city)) == len(world.events(world.village)) == 2
    entries = world.quarantine(world.city).open_entries()

    assert sorted(entry.rule for entry in entries) == ["duplicate_key", "required"]
    assert not any("3671010101900009" in entry.raw for entry in entries)
    assert token("3671010101900009", token_keys()) in "".join(entry.raw for entry in entries)

    world.acknowledge()
    world.change(CHANGES[2] + "delete from letters where kind = 'Nikah' and nik like '%9'")
    world.deliver(world.make())
    assert world.quarantine(world.city).open_entries() == []
    assert world.quarantine(world.village).open_entries() == []


def test_parts_come_in_any_order_and_missing_ones_are_named(world: World) -> None:
    noise = random.Random(3)  # noqa: S311 - text that does not compress
    people = ", ".join(
        f"({i}, '{i:016}', '{noise.getrandbits(900):x}', 1, '', '2026-01-01')"
        for i in range(10, 6000)
    )
    world.change(f"insert into people values {people}")
    made = world.make(split=256 * 1024)
    assert len(made.files) > 2

    first, *others = made.files
    (waiting,) = world.receive(*reversed(others))
    assert (waiting.outcome, waiting.missing) == ("waiting", [first.name])

    whole = first.read_bytes()
    first.write_bytes(whole[:-1000])
    cut, still = world.receive(first)
    assert cut.outcome == "refused"
    assert "copy the file again" in cut.message
    assert still.missing == [first.name]

    first.write_bytes(whole)
    assert world.receive(first)[-1].outcome == "landed"
    _assert_equal(world)
    assert not list((world.city.home / "bundles" / "incoming" / "desa").iterdir())


def test_a_bundle_made_again_with_nothing_new_is_the_same_files(world: World) -> None:
    made = world.make()
    content = made.files[0].read_bytes()
    again = world.make()

    assert not again.is_new
    assert again.files == made.files
    assert made.files[0].read_bytes() == content


def test_a_laptop_that_begins_anew_takes_over(world: World) -> None:
    made = world.make()
    world.deliver(made)
    old = made.files[0].rename(world.stick / "old.kota")
    world.acknowledge()
    for name in ("lake", "bundles"):
        (world.village.home / name).rename(world.village.home / f"lost-{name}")
    world.change(CHANGES[0])
    world.make()
    world.change(CHANGES[1])
    before = LakeTable(world.city.lake_dir, "desa", "people").version()
    world.deliver(world.make())

    _assert_equal(world)
    assert LakeTable(world.city.lake_dir, "desa", "people").version() == before + 1
    (refused,) = world.receive(old)
    assert "begun desa." in refused.message

    for name in ("lake", "bundles"):
        (world.village.home / name).rename(world.village.home / f"lost-{name}-again")
    world.change("delete from letters")
    (failed,) = world.receive(*world.make().files)
    assert "deletes 1 of 1 rows" in failed.message
    (landed,) = world.receive(allow_mass_deletion=True)
    assert landed.outcome == "landed"
    assert world.current(world.city, "letters") == []


def test_a_table_that_can_not_land_leaves_the_others_alone(world: World) -> None:
    made = world.make()
    agreed = world.app
    other = REGISTRY.replace("key: [nik]", "key: [nik, kind]")
    world.register(make_keys(world.village), make_keys(world.city), other)
    (failed,) = world.receive(*made.files)

    assert failed.outcome == "failed"
    assert "desa.letters: the village's registry file has another key" in failed.message
    assert len(world.current(world.city, "people")) == 2
    assert issue(world.app, world.city) is None
    world.app = agreed
    (landed,) = world.receive()
    assert landed.outcome == "landed"
    _assert_equal(world)


def test_a_city_that_lost_its_lake_asks_for_everything(world: World) -> None:
    world.deliver(world.make())
    world.acknowledge()
    (world.city.home / "lake").rename(world.city.home / "lost")
    world.change(CHANGES[0])
    (refused,) = world.receive(*world.make().files)

    assert refused.outcome == "refused"
    assert "goes on from bundle 1" in refused.message
    assert "asks for everything" in world.acknowledge()
    world.deliver(world.make())
    _assert_equal(world)
    assert issue(world.app, world.city) is not None


def test_a_new_column_arrives(world: World) -> None:
    world.deliver(world.make())
    world.acknowledge()
    world.change(
        "alter table people add column phone text; update people set phone = '1',"
        " updated_at = '2026-01-05 08:00:00'"
    )
    world.deliver(world.make())

    assert world.current(world.city, "people", "id, phone")[0] == (1, "1")


def test_files_of_a_village_office_arrive(world: World, tmp_path: Path) -> None:
    folder = tmp_path / "office"
    folder.mkdir()
    os.environ["KOTA_CONN_DESA"] = f"file://{folder}"
    world.register(
        make_keys(world.village),
        make_keys(world.city),
        REGISTRY[: REGISTRY.index("tables:")]
        + "tables: {letters: {key: [nik], mode: snapshot, max_deleted_share: 0.9, "
        "files: {pattern: '*.csv', content: complete}, columns: {nik: {policy: token}}}}",
    )

    def put(text: str, finished_at: int) -> None:
        (folder / "a.csv").write_text(text, "utf-8")
        os.utime(folder / "a.csv", (finished_at, finished_at))  # a fresh file may be half a file

    put("nik;kind\n3671010101900001;Usaha\n12;Nikah\n", 1_700_000_000)
    world.deliver(world.make())
    world.acknowledge()
    put("nik;kind\n3671010101900001;Domisili\n", 1_700_100_000)
    made = world.make()
    world.deliver(made)

    assert made.sent is not None
    assert made.sent.rows == 2
    assert world.current(world.city, "letters", "nik, kind") == [
        (token("3671010101900001", token_keys()), "Domisili")
    ]


def test_an_erased_person_does_not_come_back_by_bundle(world: World) -> None:
    made = world.make()
    world.deliver(made)
    letters = world.app.tables["letters"]
    table = LakeTable(world.city.lake_dir, "desa", "letters")
    target = Target(table, letters.key, "nik", {"nik": "token"})
    withheld = find(target, "3671010101900001", world.city).withheld
    append(
        world.city.lake_dir,
        Erasure(
            id="1",
            begun_at=datetime.now(UTC),
            reference="1/PPID",
            done_by="test",
            identifiers=(),
            token_key_id="",
            withheld=withheld,
        ),
    )
    erase(target, "3671010101900001", world.city, "1")
    world.change("update letters set kind = 'again'")
    world.deliver(world.make())

    assert world.current(world.city, "letters", "nik, kind") == [
        (token("3671010101900002", token_keys()), "again")
    ]
