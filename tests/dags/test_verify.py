"""The nightly look: what it finds is told once, and it remembers the head by itself."""

import pytest
from airflow.sdk.exceptions import AirflowFailException

from alerts.store import past
from alerts.tell import tell
from dags import verify
from kota.settings import Settings
from record.chain import chain_path
from record.last_look import last_look
from tests.record.conftest import SECOND
from tests.record.conftest import city as city
from tests.record.conftest import recorded_home as recorded_home


def look() -> list[str]:
    """As Airflow does."""
    found: list[str] = verify.dag.get_task("verify").python_callable()
    return found


def test_what_a_night_finds_is_told_until_it_is_put_right(city: Settings) -> None:
    assert look() == []
    assert tell(city).incidents == []

    manifest = city.published_dir / SECOND / "manifest.json"
    original = manifest.read_bytes()
    manifest.write_bytes(original.replace(b'"pass"', b'"warn"'))
    first, again = look(), look()
    assert first == again
    assert first[0].startswith(f"snapshot {SECOND}")
    with pytest.raises(AirflowFailException, match=f"snapshot {SECOND}"):
        verify.dag.get_task("watch").python_callable(first)
    (incident,) = tell(city).incidents
    assert (incident.kind, incident.what) == ("record_broken", first)

    manifest.write_bytes(original)
    assert look() == []
    assert tell(city).incidents == []
    assert [one.kind for one in past(city)] == ["record_broken"]


def test_a_chain_cut_short_is_found_by_the_next_night(city: Settings) -> None:
    assert look() == []
    before = last_look(city)
    chain = chain_path(city)
    lines = chain.read_text("utf-8").splitlines(keepends=True)
    chain.write_text("".join(lines[:-1]), "utf-8")

    for _ in range(2):  # nor does it take the shorter chain for its own
        assert any("entries were taken from its end" in alarm for alarm in look())
    after = last_look(city)
    assert before is not None
    assert after is not None
    assert after.head == before.head
