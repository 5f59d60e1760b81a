"""A file lands in the lake once, wherever it lies."""

import contextlib

import pytest

from connectors.extract import extract_app
from lake.engine import connect
from lake.table import LakeTable
from tests.connectors.files.drop import APP, HOUR, Drop
from tests.connectors.files.zips import write_zip

pytestmark = pytest.mark.integration


@pytest.mark.parametrize("kind", ["file", "sftp", "ftp", "s3"])
def test_files_of_every_place_land_in_the_lake_once(
    kind: str, request: pytest.FixtureRequest, drop: Drop
) -> None:
    with contextlib.ExitStack() as servers:
        if kind == "sftp":
            drop = request.getfixturevalue("sftp")
        drop.put("prices.csv", "id,price\n1,12500\n2,9000\n", age=100 * HOUR)
        write_zip(drop.folder / "more.zip", {"x/p.csv": b"id,price\n3,700\n"})
        drop.touch("more.zip", age=100 * HOUR)
        if kind == "ftp":
            servers.enter_context(drop.served_by_ftp())
        if kind == "s3":
            bucket = request.getfixturevalue("bucket")
            for name in ("prices.csv", "more.zip"):
                bucket.put(name, (drop.folder / name).read_bytes())
            drop.uri = bucket.uri()
        drop.monkeypatch.setenv("KOTA_CONN_PASAR", drop.uri)
        first = extract_app(APP, drop.settings)
        second = extract_app(APP, drop.settings)
    assert [(t.table, t.outcome, t.rows_landed, t.message) for t in first.tables] == [
        ("prices", "landed", 2, ""),
        ("zipped_prices", "landed", 1, ""),
    ]
    assert [(t.outcome, t.rows_read) for t in second.tables] == [("unchanged", 0)] * 2
    table = LakeTable(drop.settings.lake_dir, "pasar", "prices")
    state = table.current(["id"])
    with connect(drop.settings) as con:
        rows = con.execute(f"select id, price from ({state}) order by id").fetchall()
    assert rows == [(1, 12500), (2, 9000)]
