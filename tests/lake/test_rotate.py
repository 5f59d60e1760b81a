"""A new key for all tokens: none under the old key is left, and equal values stay equal."""

import pytest

from lake.erasures import Erasure, Withheld, append, erasures
from lake.quarantine import Quarantine
from lake.rewrite import is_append_only
from lake.rotate import (
    TokenKeyMismatchError,
    TokenTable,
    check_token_key,
    landed_key_id,
    rotate_erasures,
    rotate_quarantine,
    rotate_table,
)
from lake.token import token, token_key_id, token_keys
from lake.verify import verify
from tests.conftest import TOKEN_KEY
from tests.connectors.legacy import REGISTRY, LegacyApp
from tests.lake.test_erase import where_found

pytestmark = pytest.mark.integration

NIK = "3671010101900001"
SECOND = "a second key for tests, as long as it has to be"
TABLES = """  people:
    key: [nik]
    mode: snapshot
    columns:
      nik: {personal: umum, policy: token}
  stays:
    key: []
    mode: snapshot
    columns:
      nik: {personal: umum, policy: token}
"""


@pytest.fixture
def city(legacy: LegacyApp) -> LegacyApp:
    """Tokens in a key, in past versions, in tombstones, without a key, and in a raw record."""
    legacy.register(REGISTRY[: REGISTRY.index("  requests:")] + TABLES)
    legacy.run(
        "create table people (nik varchar(16), name text, birth date);"
        "create table stays (nik varchar(16), ward text);"
        f"insert into people values ('{NIK}', 'Siti', '31/31/1990'), ('3', 'Budi', '1990-01-01');"
        f"insert into stays values ('{NIK}', 'A'), ('{NIK}', 'A'), ('4', 'B');"
    )
    legacy.extract()
    legacy.run("delete from people where nik = '3'; delete from stays where rowid = 1")
    legacy.extract()
    return legacy


@pytest.fixture
def keys(city: LegacyApp, monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """The chain of keys after a second one was added to that of the loaded lake."""
    assert city.table("people").exists()
    monkeypatch.setenv("KOTA_TOKEN_KEY_2", SECOND)
    return [TOKEN_KEY.encode(), SECOND.encode()]


def what(city: LegacyApp, name: str) -> TokenTable:
    return TokenTable(city.table(name), city.app.tables[name].key, ["nik"])


def rotate(city: LegacyApp) -> list[int]:
    tables = [what(city, "people"), what(city, "stays")]
    rotate_quarantine(Quarantine(city.settings.lake_dir, "legacy"), tables, city.settings)
    return [rotate_table(one, city.settings) for one in tables]


def test_every_token_is_wrapped_and_none_of_the_old_key_is_left(
    city: LegacyApp, keys: list[bytes]
) -> None:
    old, new = token(NIK, keys[:1]), token(NIK, keys)
    assert list(where_found(city.settings.lake_dir, old))

    assert rotate(city) == [3, 4]

    assert list(where_found(city.settings.lake_dir, old)) == []
    assert city.current("people", "nik, name") == [(new, "Siti")]
    assert (token("3", keys), "delete") in city.log("people", "nik, _kota_op")
    assert sorted(city.current("stays", "nik, ward")) == sorted(
        [(new, "A"), (token("4", keys), "B")]
    )
    for name in ("people", "stays"):
        table = city.table(name)
        assert verify(table, city.settings, city.app.tables[name].key).findings == []
        assert is_append_only(table)
        assert landed_key_id(table) == token_key_id(token_keys())
    (entry,) = Quarantine(city.settings.lake_dir, "legacy").open_entries()
    assert new in entry.raw


def test_after_a_rotation_nothing_looks_changed_and_equal_values_stay_equal(
    city: LegacyApp, keys: list[bytes]
) -> None:
    rotate(city)

    again = city.extract()
    assert [table.outcome for table in again.tables] == ["unchanged", "unchanged"]
    assert [table.rows_quarantined for table in again.tables] == [0, 0]
    city.run(f"insert into stays values ('{NIK}', 'C')")
    city.extract()
    assert (token(NIK, keys), "C") in city.current("stays", "nik, ward")


def test_it_is_done_once_and_goes_on_after_a_kill(
    city: LegacyApp, keys: list[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr("lake.rotate.rows_may_change", lambda _: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            rotate(city)
    assert city.current("people", "nik") == [(token(NIK, keys[:1]),)]

    assert rotate(city) == [3, 4]
    assert rotate(city) == [0, 0]

    assert city.current("people", "nik") == [(token(NIK, keys),)]
    (entry,) = Quarantine(city.settings.lake_dir, "legacy").open_entries()
    assert token(NIK, keys) in entry.raw


def test_nothing_may_land_under_another_chain(
    city: LegacyApp, keys: list[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert token_keys() == keys
    people = city.table("people")
    with pytest.raises(TokenKeyMismatchError, match="run `kota lake rotate-key` before"):
        check_token_key(people)

    rotate(city)
    check_token_key(people)

    monkeypatch.setenv("KOTA_TOKEN_KEY_2", SECOND[::-1])
    with pytest.raises(TokenKeyMismatchError, match="bring back the key") as refused:
        check_token_key(people)
    with pytest.raises(TokenKeyMismatchError):
        rotate(city)
    assert SECOND not in str(refused.value)


def test_the_record_of_erasures_goes_along(city: LegacyApp, keys: list[bytes]) -> None:
    lake = city.settings.lake_dir
    first = keys[:1]
    row = Withheld(
        app="legacy",
        table="people",
        key=(token("1", first),),
        column="nik",
        value=token(NIK, first),
    )
    record = Erasure(
        id="1",
        begun_at="2026-11-22T08:00:00Z",
        reference="Surat 1",
        done_by="root",
        identifiers=(token(NIK, first),),
        token_key_id=token_key_id(first),
        withheld=(row,),
    )
    append(lake, record)

    assert rotate_erasures(lake)
    assert not rotate_erasures(lake)

    (kept,) = erasures(lake)
    assert kept.identifiers == (token(NIK, keys),)
    assert kept.withheld[0].key == (token("1", keys),)
    assert kept.withheld[0].value == token(NIK, keys)
    assert kept.token_key_id == token_key_id(keys)
