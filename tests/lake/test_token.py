"""Tokens are HMAC-SHA256 under a key that nobody sees."""

import hashlib
import hmac

import duckdb
import pytest

from lake.token import TokenKeyError, bind_key, token_pads, token_sql

KEY = "k" * 40


def token(value: str | None, key: str = KEY) -> str | None:
    with duckdb.connect() as con:
        bind_key(con, {"KOTA_TOKEN_KEY": key})
        con.execute("create table t as select ?::varchar as nik", [value])
        row = con.execute(f"select {token_sql('nik')} from t").fetchone()
    assert row is not None
    return None if row[0] is None else str(row[0])


@pytest.mark.parametrize("value", ["3671010101900001", "José “Zé” Núñez", "", "x" * 5000])
def test_a_token_is_an_hmac(value: str) -> None:
    assert token(value) == hmac.new(KEY.encode(), value.encode(), hashlib.sha256).hexdigest()


@pytest.mark.parametrize("key", ["k" * 32, "k" * 64, "ké" * 16])
def test_keys_of_every_allowed_length_count_in_full(key: str) -> None:
    expected = hmac.new(key.encode(), b"3671010101900001", hashlib.sha256).hexdigest()
    assert token("3671010101900001", key) == expected


def test_nothing_has_no_token() -> None:
    assert token(None) is None


@pytest.mark.parametrize("key", ["", "k" * 31, "k" * 65])
def test_a_key_of_the_wrong_length_is_refused_and_not_told(key: str) -> None:
    with pytest.raises(TokenKeyError, match="KOTA_TOKEN_KEY") as refused:
        token_pads({"KOTA_TOKEN_KEY": key})
    assert not key or key not in str(refused.value)
