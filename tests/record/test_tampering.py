"""Each way of changing or removing something is found, and named in one clear sentence."""

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest
from deltalake import DeltaTable

from kota.settings import Settings
from lake.log import LOG
from record.chain import ORIGIN, chain_path, make_entry, newest_first, oldest_first
from record.evidence import evidence_dir
from tests.record.conftest import FIRST, SECOND, alarms, notes


def table(settings: Settings) -> Path:
    return settings.lake_dir / "legacy" / "requests"


def commit(settings: Settings, version: int) -> Path:
    return table(settings) / LOG / f"{version:020d}.json"


def files_of(settings: Settings, version: int) -> list[Path]:
    added = [json.loads(line).get("add") for line in commit(settings, version).open()]
    return [table(settings) / add["path"] for add in added if add]


def flip(path: Path) -> None:
    """Change one bit, and neither the size nor the time."""
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.chmod(0o644)
    path.write_bytes(content)


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def edit_file(settings: Settings) -> None:
    flip(files_of(settings, 2)[0])


def delete_file(settings: Settings) -> None:
    files_of(settings, 2)[0].unlink()


def delete_quarantined(settings: Settings) -> None:
    next((settings.lake_dir / "legacy" / "_quarantine").glob("*.parquet")).unlink()


def delete_commit(settings: Settings) -> None:
    commit(settings, 1).unlink()


def delete_batch(settings: Settings) -> None:
    """The newest batch, with its file: as if it had never come."""
    files_of(settings, 2)[0].unlink()
    commit(settings, 2).unlink()


def edit_commit(settings: Settings) -> None:
    replace(commit(settings, 2), "rows_read", "rows_raed")


def delete_table(settings: Settings) -> None:
    shutil.rmtree(table(settings))


def forge_checkpoint(settings: Settings) -> None:
    """The commits stay, and readers no longer see what the last one brought."""
    delta = DeltaTable(str(table(settings)), version=1)
    delta.create_checkpoint()
    folder = table(settings) / LOG
    (folder / f"{1:020d}.checkpoint.parquet").rename(folder / f"{2:020d}.checkpoint.parquet")
    replace(folder / "_last_checkpoint", '"version":1', '"version":2')


def edit_snapshot(settings: Settings) -> None:
    path = settings.published_dir / SECOND / "kota.duckdb"
    path.chmod(0o644)
    with duckdb.connect(path) as con:
        con.execute("update marts.fct_complaints set category_name = 'Sampah'")


def swap_snapshot(settings: Settings) -> None:
    """Another whole snapshot, manifest and all, under the name of the current one."""
    shutil.rmtree(settings.published_dir / SECOND)
    shutil.copytree(settings.published_dir / FIRST, settings.published_dir / SECOND)


def edit_manifest(settings: Settings) -> None:
    replace(settings.published_dir / SECOND / "manifest.json", '"warnings": 0', '"warnings": 9')


def edit_configuration(settings: Settings) -> None:
    replace(settings.published_dir / SECOND / "configuration.json", "stg_a", "stg_b")


def edit_lineage(settings: Settings) -> None:
    flip(settings.candidates_dir / SECOND / "openlineage.jsonl")


def delete_snapshot(settings: Settings) -> None:
    shutil.rmtree(settings.published_dir / FIRST)


def move_link(settings: Settings) -> None:
    link = settings.published_dir / "current"
    link.unlink()
    link.symlink_to(FIRST)


def rewrite_verdict(settings: Settings) -> None:
    replace(settings.candidates_dir / SECOND / "verdict.json", '"pass"', '"warn"')


def rewrite_checks(settings: Settings) -> None:
    replace(settings.candidates_dir / SECOND / "checks.jsonl", "true", "false")


def edit_candidate(settings: Settings) -> None:
    with duckdb.connect(settings.candidates_dir / SECOND / "kota.duckdb") as con:
        con.execute("delete from marts.fct_complaints")


def delete_evidence(settings: Settings) -> None:
    for path in evidence_dir(settings).glob("*/*.gz"):
        path.unlink()


FILE = r"part-[0-9a-f]{32}\.parquet"
TAMPERED: list[tuple[Callable[[Settings], None], str]] = [
    (edit_file, rf"legacy\.requests: batch 3, file {FILE} is not what was written: its checksum"),
    (delete_file, rf"legacy\.requests: batch 3, file {FILE} is missing"),
    (delete_quarantined, r"legacy\._quarantine: file part-.*\.parquet is missing"),
    (delete_commit, r"legacy\.requests: commit 1 \(batch 2\) was removed from its Delta log"),
    (delete_batch, r"legacy\.requests: commit 2 \(batch 3\) was removed from its Delta log"),
    (edit_commit, r"legacy\.requests: commit 2 \(batch 3\) in its Delta log is not what was"),
    (delete_table, r"legacy\.requests: its log is gone, and with it the whole table"),
    (forge_checkpoint, r"legacy\.requests: its commits name 3 files and readers see 2: its check"),
    (edit_snapshot, rf"snapshot {SECOND}: its kota\.duckdb is not .*: fct_complaints differ"),
    (swap_snapshot, rf"snapshot {SECOND}: its manifest\.json is not what was written"),
    (edit_manifest, rf"snapshot {SECOND}: its manifest\.json is not what was written"),
    (edit_configuration, rf"snapshot {SECOND}: its configuration\.json is not what was written"),
    (edit_lineage, rf"candidate {SECOND}: its openlineage\.jsonl is not what was written"),
    (delete_snapshot, rf"snapshot {FIRST}: it was published and is gone, and no retention"),
    (move_link, rf"current: readers see snapshot {FIRST}, and on record snapshot {SECOND}"),
    (rewrite_verdict, rf"candidate {SECOND}: its verdict\.json was rewritten after .* is pass"),
    (rewrite_checks, rf"candidate {SECOND}: its checks\.jsonl was rewritten after the audit"),
    (edit_candidate, rf"candidate {SECOND}: its kota\.duckdb was changed after its audit"),
    (delete_evidence, r"evidence: the .* of entry \d+ \(build, .*\) was removed"),
]


def test_a_city_nobody_tampered_with_is_whole(city: Settings) -> None:
    assert alarms(city) == []
    assert alarms(city, is_fast=True) == []
    assert notes(city) == []


@pytest.mark.parametrize(("tamper", "sentence"), TAMPERED, ids=[t.__name__ for t, _ in TAMPERED])
def test_tampering_is_found(
    city: Settings, tamper: Callable[[Settings], None], sentence: str
) -> None:
    tamper(city)

    found = alarms(city)
    assert found
    assert re.match(sentence, found[0]), found


def lines(settings: Settings) -> list[bytes]:
    return chain_path(settings).read_bytes().splitlines(keepends=True)


def rewrite(settings: Settings, changed: list[bytes]) -> None:
    chain_path(settings).write_bytes(b"".join(changed))


def place(settings: Settings, kind: str) -> int:
    """Where the first entry of a kind stands."""
    return next(e.sequence for e in oldest_first(chain_path(settings)) if e.kind == kind) - 1


def test_an_edited_entry_is_found(city: Settings) -> None:
    all_lines, at = lines(city), place(city, "audit")
    all_lines[at] = all_lines[at].replace(b'"status":"pass"', b'"status":"warn"')
    rewrite(city, all_lines)

    assert f"the record: line {at + 1}, after entry {at} (build, " in alarms(city)[0]
    assert "was changed: its content does not give its hash" in alarms(city)[0]


def test_an_entry_edited_with_its_hash_is_found(city: Settings) -> None:
    entries, all_lines, at = list(oldest_first(chain_path(city))), lines(city), place(city, "audit")
    forged = entries[at].payload | {"status": "warn"}
    all_lines[at] = make_entry("audit", forged, entries[at - 1])[1]
    rewrite(city, all_lines)

    assert any("was made after another entry" in said for said in alarms(city))


def test_a_removed_entry_is_found(city: Settings) -> None:
    all_lines, at = lines(city), place(city, "audit")
    del all_lines[at]
    rewrite(city, all_lines)

    found = alarms(city)
    assert found[0].startswith(f"the record: entry {at + 1} was removed: entry {at + 2} (publica")
    assert any("it has a verdict that no audit put on record" in said for said in found)
    assert f"snapshot {FIRST}: it was published on no audit" in found


def test_entries_that_changed_places_are_found(city: Settings) -> None:
    all_lines = lines(city)
    all_lines[2], all_lines[3] = all_lines[3], all_lines[2]
    rewrite(city, all_lines)

    assert any("entries changed places" in said for said in alarms(city))


def test_a_lost_beginning_is_found(city: Settings) -> None:
    rewrite(city, lines(city)[1:])

    assert alarms(city)[0].endswith("what came before was removed")


def test_a_chain_cut_short_is_found_by_whoever_kept_its_head(city: Settings) -> None:
    head = next(newest_first(chain_path(city))).hash
    assert alarms(city, heads=[head]) == []
    rewrite(city, lines(city)[:-1])

    (first, *_) = alarms(city, heads=[head])
    assert first == (
        f"the record: the remembered head {head[:16]}… is not in it: entries were taken from its "
        "end, or it was written anew"
    )


def test_a_chain_written_anew_is_found_by_its_anchors(city: Settings, tmp_path: Path) -> None:
    anchors = tmp_path / "elsewhere"
    anchored = city.model_copy(update={"record_anchors": anchors})
    anchors.write_text(
        "".join(f"{e.sequence} {e.hash} {e.at}\n" for e in oldest_first(chain_path(city)))
    )
    assert alarms(anchored) == []

    _, line = make_entry("begin", next(oldest_first(chain_path(city))).payload, None)
    rewrite(city, [line])

    assert alarms(anchored)[0].startswith("the record: elsewhere remembers 10 entries that are not")
    chain_path(city).unlink()
    assert alarms(anchored) == ["the record: it is gone"]
    assert ORIGIN.encode() in line
