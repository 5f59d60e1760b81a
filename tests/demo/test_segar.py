"""The price service as its clients meet it: sign-in, pages, limits."""

import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from pydantic import SecretStr

from demo.city import City
from demo.segar_api import RateLimit, SegarSettings, create_app
from demo.segar_schema import segar_store

ACCOUNT = {"username": "kota_reader", "password": "secret"}


@pytest.fixture(scope="module")
def database(city: City, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    path = tmp_path_factory.mktemp("segar") / "segar.sqlite"
    store = segar_store(path)
    store.reset()
    with store.transaction():
        for table in city.tables["segar"]:
            for rows in table.chunks():
                store.fill(table.name, rows)
    yield path
    store.close()


def client_of(database: Path, **changes: Any) -> TestClient:
    settings = SegarSettings(
        username=ACCOUNT["username"],
        password=SecretStr(ACCOUNT["password"]),
        jwt_secret=SecretStr("a key that is long enough for HS256"),
        **{"burst": 1000, **changes},
    )
    return TestClient(create_app(database, settings))


def sign_in(client: TestClient) -> None:
    answer = client.post("/api/login", json=ACCOUNT)
    assert answer.status_code == 200, answer.text
    client.headers["Authorization"] = f"Bearer {answer.json()['data']['token']}"


def test_only_the_account_with_a_fresh_token_comes_in(database: Path) -> None:
    client = client_of(database)
    assert client.get("/api/pasar").status_code == 401
    refused = client.post("/api/login", json={**ACCOUNT, "password": "wrong"})
    assert refused.status_code == 401
    assert refused.json()["status"] is False
    assert client.get("/api/pasar", headers={"Authorization": "Bearer x.y.z"}).status_code == 401
    sign_in(client)
    answer = client.get("/api/pasar")
    assert answer.json()["status"] is True
    assert len(answer.json()["data"]) == 6


def test_a_token_runs_out(database: Path) -> None:
    client = client_of(database, token_seconds=0)
    sign_in(client)
    answer = client.get("/api/pasar")
    assert answer.status_code == 401
    assert "kedaluwarsa" in answer.json()["message"]


def test_pages_hold_every_price_once_in_order_of_change(database: Path, city: City) -> None:
    client = client_of(database)
    sign_in(client)
    since = f"{city.day - timedelta(days=10)}T00:00:00"
    rows: list[dict[str, Any]] = []
    for page in range(1, 100):
        query = {"page": page, "per_page": 400, "updated_since": since}
        answer = client.get("/api/harga", params=query)
        assert answer.status_code == 200
        if not answer.json()["data"]:
            break
        rows += answer.json()["data"]
    assert len(rows) == len({row["id"] for row in rows}) == int(answer.headers["X-Total-Count"])
    order = [(row["updated_at"], row["id"]) for row in rows]
    assert order == sorted(order)
    assert order[0][0] >= since.replace("T", " ")
    # ``updated_since`` takes the moment itself along.
    exact = client.get("/api/harga", params={"updated_since": order[-1][0]}).json()["data"]
    assert order[-1][1] in {row["id"] for row in exact}
    kinds = {type(row["harga"]) for row in rows}
    assert kinds == {int, str}
    assert all(row["harga"].startswith("Rp ") for row in rows if isinstance(row["harga"], str))
    assert len({row["komoditas_unit"] for row in rows if row["komoditas_name"] == "Tomat"}) == 5


def test_a_page_has_its_limits(database: Path) -> None:
    client = client_of(database)
    sign_in(client)
    assert client.get("/api/harga", params={"per_page": 501}).status_code == 422
    assert client.get("/api/harga", params={"page": 0}).status_code == 422


def test_too_many_requests_are_told_when_to_come_back(database: Path) -> None:
    client = client_of(database, burst=3, requests_per_second=5.0)
    sign_in(client)
    answers = [client.get("/api/pasar") for _ in range(4)]
    assert [answer.status_code for answer in answers][:2] == [200, 200]
    refused = answers[-1]
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) == 1  # whole seconds, as the header has them
    time.sleep(0.25)
    assert client.get("/api/pasar").status_code == 200


def test_the_bucket_refills_at_its_rate() -> None:
    now = [0.0]
    limit = RateLimit(2.0, 2, clock=lambda: now[0])
    assert [limit.wait_seconds("a") for _ in range(3)] == [0, 0, 0.5]
    assert limit.wait_seconds("b") == 0
    now[0] = 0.5
    assert limit.wait_seconds("a") == 0
