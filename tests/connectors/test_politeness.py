"""How a busy source is spared: rows are held back while it has enough to do."""

import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pymysql
import pytest

from connectors import one_pass, politeness
from demo.mariadb import OWNER
from demo.ports import HOST
from kota.settings import Settings
from tests.connectors.legacy_mysql import MysqlApp, MysqlServer, running_server

pytestmark = pytest.mark.integration

TABLES = {"requests": {"key": ["id"], "mode": "snapshot"}}
ROWS = 400


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MysqlServer]:
    """A server with a table of several batches."""
    folder: Path = tmp_path_factory.mktemp("busy")
    with running_server(folder) as server:
        server.run(
            "create table requests (id int primary key, wide decimal(50,1));\n"
            f"insert into requests select seq, seq from seq_1_to_{ROWS}"
        )
        yield server


@pytest.fixture
def polite(source: MysqlServer, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> MysqlApp:
    """The app, which looks at the source's load after every batch."""
    pace = one_pass.Pace
    monkeypatch.setattr(one_pass, "Pace", lambda app, reader: pace(app, reader, 0.002))
    return MysqlApp(source, settings, TABLES, batch_rows=50, pause_above=1)


def work(source: MysqlServer, seconds: float, clerks: int = 3) -> list[threading.Thread]:
    """Clerks whose statements run at the source for some seconds."""

    def one() -> None:
        password = source.server.uri(OWNER).split(":")[2].split("@")[0]
        account = {"host": HOST, "port": source.server.port, "user": OWNER, "password": password}
        with closing(pymysql.connect(**account)) as con:  # type: ignore[call-overload]
            con.cursor().execute(f"select sleep({seconds})")

    threads = [threading.Thread(target=one) for _ in range(clerks)]
    for thread in threads:
        thread.start()
    time.sleep(0.3)
    return threads


def test_reading_pauses_until_the_source_has_time(source: MysqlServer, polite: MysqlApp) -> None:
    polite.extract()
    source.run("update requests set wide = wide + 1")
    clerks = work(source, 6)
    result = polite.extract()
    still_at_work = [clerk for clerk in clerks if clerk.is_alive()]
    for clerk in clerks:
        clerk.join()

    assert not result.failed, result.sentence()
    assert result.tables[0].rows_landed == ROWS
    assert len(still_at_work) < 2


def test_a_source_that_stays_busy_is_left_to_the_next_run(
    source: MysqlServer, polite: MysqlApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(politeness, "LONGEST_PAUSE_SECONDS", 0.2)
    clerks = work(source, 4)
    result = polite.extract()
    for clerk in clerks:
        clerk.join()

    assert "more than 1 statements have been running at the source" in result.tables[0].message
    assert polite.extract().tables[0].outcome == "landed"
