"""What `kota run` did is on record, whole, and without a citizen in it."""

import gzip
from collections import Counter
from pathlib import Path

import duckdb
import pytest

from record.chain import chain_path, oldest_first
from record.evidence import evidence_dir
from tests.chain.city import RunningCity
from tests.chain.conftest import Day
from tests.chain.leaks import leaks

pytestmark = pytest.mark.integration


def test_a_run_is_on_record_step_by_step(opening: Day, city: RunningCity) -> None:
    entries = list(oldest_first(chain_path(city.settings)))
    kinds = Counter(entry.kind for entry in entries[: entries_of(city) + 4])

    assert kinds == {
        "begin": 1,
        "extract": entries_of(city),
        "build": 1,
        "audit": 1,
        "publication": 1,
    }
    published = next(entry for entry in entries if entry.kind == "publication")
    assert published.payload["snapshot"] == opening.snapshot.name


def test_nothing_was_changed_since(opening: Day, city: RunningCity) -> None:  # noqa: ARG001
    done = city.kota("verify", "--json")

    assert done.code == 0, done.err + done.out
    assert done.json["is_whole"]
    assert [finding["sentence"] for finding in done.json["found"]] == []


def test_no_citizen_can_be_found_in_the_record(
    opening: Day,  # noqa: ARG001
    city: RunningCity,
    tmp_path: Path,
) -> None:
    texts = chain_path(city.settings).read_text("utf-8").splitlines()
    for path in evidence_dir(city.settings).glob("*/*.gz"):
        texts += gzip.decompress(path.read_bytes()).decode().splitlines()
    with duckdb.connect(tmp_path / "record.duckdb") as con:
        con.execute("create table record as select unnest(?) as line", [texts])

    assert leaks(tmp_path / "record.duckdb", city.people) == set()


def entries_of(city: RunningCity) -> int:
    """How many apps a run reads."""
    return len({connection for connection in city.connections if "KOTA_CONN_" in connection})
