"""A village with a laptop and a real app, a city, and a stick that is carried between them."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import yaml

from connectors.bundle.keys import PublicKeys, make_keys
from connectors.bundle.make import Made, make
from connectors.bundle.receipt import acknowledge, issue
from connectors.bundle.receive import Received, receive
from connectors.registry import App
from kota.settings import Settings
from lake.engine import connect
from lake.quarantine import Quarantine
from lake.table import LakeTable

REGISTRY = """
app: desa
name: Village app
description: For tests.
department: dukcapil
owner: desa@kota.example
tier: 3
connection: desa
timezone: Asia/Jakarta
schedule: "@weekly"
freshness_hours: 336
tables:
  people:
    key: [id]
    mode: incremental
    cursor: updated_at
    max_deleted_share: 0.9
    columns:
      nik: {personal: umum, policy: token, required: true}
      secret: {policy: drop}
  letters:
    key: [nik]
    mode: snapshot
    max_deleted_share: 0.9
    columns:
      nik: {personal: umum, policy: token}
  visits:
    key: []
    mode: snapshot
    max_deleted_share: 0.9
    columns:
      who: {personal: umum, policy: token}
"""
SCHEMA = """
create table people (id integer, nik varchar(16), name text, amount decimal(10, 2), secret text,
                     updated_at datetime);
create table letters (nik varchar(16), kind text);
create table visits (who text, day date);
insert into people values
  (1, '3671010101900001', 'Aminah', 10.5, 'x', '2026-01-01 08:00:00'),
  (2, '3671010101900002', 'Budi', 20, 'x', '2026-01-02 08:00:00'),
  (3, null, 'Tanpa NIK', 0, 'x', '2026-01-02 08:00:00');
insert into letters values ('3671010101900001', 'Domisili'), ('3671010101900002', 'Usaha');
insert into visits values ('Aminah', '2026-01-01'), ('Aminah', '2026-01-01'),
  ('Budi', '2026-01-02');
"""
CHANGES = [
    "update people set amount = 11, updated_at = '2026-01-03 08:00:00' where id = 1;"
    "insert into people values (4, '3671010101900004', 'Dewi', 1, 'x', '2026-01-03 08:00:00');",
    "delete from people where id = 2; delete from letters where nik like '%2';"
    "delete from visits where rowid in (select min(rowid) from visits);"
    "insert into visits values ('Budi', '2026-01-02'), ('Citra', '2026-01-03');",
    "update letters set kind = 'Nikah'; insert into visits values ('Aminah', '2026-01-01');"
    "update people set nik = '3671010101900003', updated_at = '2026-01-04 08:00:00' where id = 3;",
]


class World:
    """Both sides, with a KOTA_HOME each."""

    def __init__(self, settings: Settings, folder: Path) -> None:
        self.city = settings
        self.village = settings.model_copy(update={"home": folder / "laptop"})
        self.stick = folder / "stick"
        self.database = folder / "desa.sqlite"
        os.environ["KOTA_CONN_DESA"] = f"sqlite:///{self.database}"  # see the fixture
        self.change(SCHEMA)
        self.register(make_keys(self.village), make_keys(self.city))

    def register(self, village: PublicKeys, city: PublicKeys, text: str = REGISTRY) -> None:
        """Write the registry file that both sides share."""
        keys = {
            "sender": "sukamaju",
            "sender_key": village.signing,
            "city_key": city.signing,
            "city_recipient": city.recipient,
        }
        self.app = App.model_validate({**yaml.safe_load(text), "bundle": keys})
        path = self.city.apps_dir / "desa.yml"
        path.write_text(yaml.safe_dump({**yaml.safe_load(text), "bundle": keys}), "utf-8")

    def change(self, sql: str) -> None:
        """Change the village's app."""
        with sqlite3.connect(self.database) as con:
            con.executescript(sql)
        con.close()

    def make(self, **options: Any) -> Made:
        """Make a bundle on the laptop, where nobody has the city's token key."""
        with _without("KOTA_TOKEN_KEY"):
            made = make(self.app, self.village, self.stick, **options)
        assert not made.result.failed, made.result.sentence()
        return made

    def receive(self, *files: Path, **options: Any) -> list[Received]:
        """Receive files in the city."""
        return receive(files, self.city, {"desa": self.app}, **options)

    def deliver(self, made: Made) -> str:
        """Receive a whole bundle; its outcome."""
        received = self.receive(*made.files)
        assert received[-1].outcome in {"landed", "known"}, received[-1].message
        return received[-1].outcome

    def acknowledge(self) -> str:
        """Carry the receipt back."""
        receipt = issue(self.app, self.city)
        assert receipt is not None
        return acknowledge(self.app, receipt, self.village)

    def current(self, settings: Settings, table: str, columns: str = "*") -> list[Any]:
        """Rows of the current state on one side."""
        lake = LakeTable(settings.lake_dir, "desa", table)
        with connect(settings, timezone="Asia/Jakarta") as con:
            state = lake.current(self.app.tables[table].key)
            return con.execute(f"select {columns} from ({state}) order by all").fetchall()

    def log(self, settings: Settings, table: str, columns: str) -> list[Any]:
        """The change log on one side."""
        lake = LakeTable(settings.lake_dir, "desa", table)
        with connect(settings) as con:
            return con.execute(f"select {columns} from {lake.relation()} order by all").fetchall()

    def quarantine(self, settings: Settings) -> Quarantine:
        """The quarantine on one side."""
        return Quarantine(settings.lake_dir, "desa")

    def events(self, settings: Settings) -> list[Any]:
        """What was ever noted in the quarantine of one side."""
        with connect(settings) as con:
            relation = self.quarantine(settings).relation()
            return con.execute(f"select entry, event from {relation} order by all").fetchall()


@contextmanager
def _without(name: str) -> Iterator[None]:
    value = os.environ.pop(name)
    try:
        yield
    finally:
        os.environ[name] = value
