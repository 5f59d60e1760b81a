"""Who we say we are to a service, what we do when it fails, and what we never print."""

import logging
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest

from connectors.reader import SourceError
from tests.connectors.rest_app import read_all, rest_app
from tests.connectors.rest_service import Service, running_service

pytestmark = [pytest.mark.integration, pytest.mark.usefixtures("settings")]

ROWS = [{"id": number} for number in range(1, 9)]
SECRET = "r4h/s1a+"
IN_URI = "r4h%2Fs1a%2B"
PAGES = {"path": "page", "paging": {"kind": "page", "size": 3}}


@pytest.fixture(scope="module")
def service() -> Iterator[Service]:
    with running_service() as running:
        yield running


@pytest.mark.parametrize(
    ("expected", "account", "fields"),
    [
        ("bearer", f":{IN_URI}", {"auth": {"kind": "bearer"}}),
        ("bearer", IN_URI, {"auth": {"kind": "bearer"}}),
        ("header", f":{IN_URI}", {"auth": {"kind": "api_key"}}),
        ("query", f":{IN_URI}", {"auth": {"kind": "api_key", "query": "api_key"}}),
        ("basic", f"kota:{IN_URI}", {"auth": {"kind": "basic"}}),
        ("basic", f"kota:{IN_URI}", {}),
        ("login", "kota:rahasia", {"login": {"path": "login", "body": "form"}}),
    ],
)
def test_each_kind_of_account_is_let_in(
    service: Service, expected: str, account: str, fields: dict[str, Any]
) -> None:
    service.serve(ROWS, auth=expected, login_form=True)

    assert len(read_all(rest_app(PAGES, **fields), service.uri(account))) == 8


@pytest.mark.parametrize("query", [None, "api_key"])
@pytest.mark.parametrize("fault", [{"status": 403}, {"status": 503}, {"cut": "reset"}])
def test_a_key_is_in_no_error_and_in_no_log(
    service: Service,
    query: str | None,
    fault: dict[str, Any],
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("connectors.rest_send.ATTEMPTS", 2)
    caplog.set_level(logging.INFO)
    service.serve(ROWS, faults={str(n): fault for n in range(2, 9)})
    app = rest_app(PAGES, auth={"kind": "api_key", "query": query})
    with pytest.raises(SourceError) as failed:
        read_all(app, service.uri(f":{IN_URI}"))

    printed = str(failed.value) + caplog.text
    assert SECRET not in printed
    assert IN_URI not in printed


def test_a_key_that_no_header_can_carry_is_refused_unprinted(service: Service) -> None:
    with pytest.raises(SourceError, match="characters that a header can't carry") as refused:
        read_all(rest_app(PAGES, auth={"kind": "bearer"}), service.uri(":rah%0Aasia"))

    assert "asia" not in str(refused.value)


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ({"status": 401}, "it does not accept the secret of connection 'liar'"),
        ({"status": 403}, "the account of connection 'liar' may not read it"),
        ({"status": 404}, "there is no such resource"),
        ({"status": 302, "headers": {"Location": "/login"}}, "a redirect"),
        ({"status": 422}, "it does not understand the request"),
        ({"body": "<br />\n<b>Warning</b>: mysqli {}"}, "with a web page instead of data"),
    ],
)
def test_what_will_not_pass_is_said_at_once(
    service: Service, fault: dict[str, Any], said: str
) -> None:
    service.serve(ROWS, faults={"2": fault})
    with pytest.raises(SourceError, match=said) as refused:
        read_all(rest_app(PAGES), service.uri())

    assert str(refused.value).startswith("liar.warga: page answered ")
    assert len(service.requests()) == 2


@pytest.mark.parametrize(
    "fault",
    [
        {"status": 500},
        {"status": 429},
        {"cut": "reset"},
        {"cut": "short of its length"},
        {"cut": "unsaid"},
    ],
    ids=str,
)
def test_what_passes_is_tried_again_and_loses_nothing(
    service: Service, fault: dict[str, Any]
) -> None:
    service.serve(ROWS, faults={"3": fault, "4": fault})

    assert len(read_all(rest_app(PAGES), service.uri())) == 8
    assert len(service.requests()) == 1 + 4 + 2


@pytest.mark.parametrize("as_date", [False, True])
def test_we_come_back_when_the_service_asks_us_to(service: Service, as_date: bool) -> None:
    moment = datetime.now(UTC) + timedelta(seconds=2)
    asked = format_datetime(moment, usegmt=True) if as_date else "1"
    service.serve(ROWS, faults={"2": {"status": 429, "headers": {"Retry-After": asked}}})
    start = time.monotonic()

    assert len(read_all(rest_app(PAGES), service.uri())) == 8
    assert 0.9 < time.monotonic() - start < 8
    assert len(service.requests()) == 1 + 4 + 1


def test_a_service_that_asks_for_an_hour_is_left_to_the_next_run(service: Service) -> None:
    service.serve(ROWS, faults={"1": {"status": 503, "headers": {"Retry-After": "3600"}}})
    with pytest.raises(SourceError, match=r"answered 503 and asks us to come back in 3600 s"):
        read_all(rest_app(PAGES), service.uri())

    assert len(service.requests()) == 1


def test_a_token_that_is_taken_back_is_renewed_once(service: Service) -> None:
    app = rest_app(PAGES, login={"path": "login"})
    service.serve(ROWS, auth="login", faults={"4": {"expire": True}})

    assert len(read_all(app, service.uri("kota:rahasia"))) == 8
    asked = [request["path"].removeprefix("/api/") for request in service.requests()]
    assert asked == ["/login", "page", "page", "page", "/login", *["page"] * 3]


def test_no_more_requests_a_second_than_allowed(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    pauses: list[float] = []
    monkeypatch.setattr(time, "sleep", pauses.append)
    service.serve(ROWS)
    read_all(rest_app({**PAGES, "requests_per_second": 0.001}), service.uri())

    assert [pause > 500 for pause in pauses] == [False, True, True, True, True]


def test_an_account_without_its_secret_says_where_it_goes(service: Service) -> None:
    with pytest.raises(SourceError, match=r"put it before the host: https://:TOKEN@host"):
        read_all(rest_app(PAGES, auth={"kind": "api_key"}), service.uri())
