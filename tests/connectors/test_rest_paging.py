"""Pages in every way that services have, over data that moves meanwhile."""

from collections.abc import Iterator
from typing import Any

import pytest

from connectors.reader import SourceError
from tests.connectors.rest_app import TABLE, open_rest, read_all, rest_app, rows_of
from tests.connectors.rest_service import Service, running_service

pytestmark = [pytest.mark.integration, pytest.mark.usefixtures("settings")]

ROWS = [{"id": number, "nama": f"Warga {number}"} for number in range(1, 9)]
IDS = [str(row["id"]) for row in ROWS]


@pytest.fixture(scope="module")
def service() -> Iterator[Service]:
    with running_service() as running:
        yield running


def ids(service: Service, rest: dict[str, Any], **table: Any) -> list[str]:
    return [row["id"] for row in read_all(rest_app(rest, table), service.uri())]


def paged(kind: str, **more: Any) -> dict[str, Any]:
    """A `rest:` block with pages of three rows."""
    return {"path": kind, "paging": {"kind": kind, "size": 3, **more}}


@pytest.mark.parametrize(
    "rest",
    [
        paged("page"),
        paged("page", has_more="meta.more"),
        paged("page", last_page="short"),
        paged("offset"),
        paged("cursor", next="meta.next"),
        paged("cursor", last_row="id", has_more="meta.more"),
        paged("link"),
        {"path": "all", "paging": {"kind": "none"}},
    ],
    ids=lambda rest: "-".join(map(str, rest["paging"].values())),
)
@pytest.mark.parametrize("rows", [8, 6, 0])
def test_every_row_is_read_once(service: Service, rest: dict[str, Any], rows: int) -> None:
    service.serve(ROWS[:rows])

    assert ids(service, rest) == IDS[:rows]


@pytest.mark.parametrize("kind", ["page", "offset"])
def test_a_service_that_gives_less_than_asked_for_is_read_to_its_end(
    service: Service, kind: str
) -> None:
    service.serve(ROWS, cap=2)

    assert ids(service, paged(kind, size=500)) == IDS


def test_a_link_to_another_host_is_followed_on_ours(service: Service) -> None:
    service.serve(ROWS, link_host="elsewhere.kota.example:81")
    rest = {**paged("link"), "parameters": {"urut": "id"}, "since_parameter": "sejak"}

    assert [row["id"] for row in read_all(rest_app(rest), service.uri(), since="0")] == IDS
    asked = [request["query"] for request in service.requests()]
    assert [query.get("urut") for query in asked] == ["id"] * 4
    assert [query.get("sejak") for query in asked] == [None, "0", "0", "0"]


@pytest.mark.parametrize("total", [{"total": "meta.total"}, {"total_header": "X-Total-Count"}])
def test_the_total_counts_the_table_and_saves_the_last_request(
    service: Service, total: dict[str, str]
) -> None:
    service.serve(ROWS, total="body" if "total" in total else "header")
    with open_rest(rest_app({**paged("page"), **total}), service.uri()) as reader:
        assert len(rows_of(reader)) == 8
        assert reader.count(TABLE) == 8
        assert len(service.requests()) == 1 + 3
        assert reader.count(TABLE) == 8
    assert service.requests()[-1]["query"]["per_page"] == "1"


@pytest.mark.parametrize(
    "change",
    [{"delete": 0}, {"insert": 0, "row": {"id": 99, "nama": "Baru"}}],
    ids=["deleted", "inserted"],
)
def test_rows_that_move_between_pages_are_read_again(
    service: Service, change: dict[str, Any]
) -> None:
    # Request 1 describes; before request 3, the second page of the first pass, the rows move.
    service.serve(ROWS, total="body", faults={"3": {"change": [change]}})
    found = ids(service, {**paged("page"), "total": "meta.total"})

    assert found == (IDS[1:] if "delete" in change else ["99", *IDS])


def test_a_row_that_moves_to_the_end_is_noticed_without_a_total(service: Service) -> None:
    # As an update does in an order by time: one row comes twice, and one would be missed.
    move = [{"delete": 0}, {"insert": 7, "row": ROWS[0]}]
    service.serve(ROWS, faults={"3": {"change": move}})

    assert ids(service, paged("page")) == [*IDS[1:], "1"]


def test_rows_that_never_stand_still_fail_the_table(service: Service) -> None:
    at = {str(request): {"change": [{"delete": 0}]} for request in (3, 6, 9)}
    service.serve(ROWS, total="body", faults=at)
    with pytest.raises(SourceError) as moved:
        ids(service, {**paged("page", size=3), "total": "meta.total"})

    assert str(moved.value).startswith(
        "liar.warga: read 3 times, and the pages never held together: the number of rows went from"
    )


def test_a_page_that_comes_twice_by_accident_does_not_land_twice(service: Service) -> None:
    service.serve(ROWS, faults={"3": {"repeat": True}})

    assert ids(service, paged("page")) == IDS


def test_a_service_that_knows_no_pages_is_no_endless_loop(service: Service) -> None:
    service.serve(ROWS)
    with pytest.raises(SourceError, match="page 2 has the same records as an earlier page"):
        ids(service, {"path": "all", "paging": {"kind": "page", "size": 3}})

    assert len(service.requests()) == 1 + 3 * 2


def test_a_cursor_that_leads_back_is_no_endless_loop(service: Service) -> None:
    service.serve(ROWS)
    with pytest.raises(SourceError, match="leads back to an earlier page"):
        ids(service, {"path": "cursor", "paging": {"kind": "cursor", "next": "meta.stuck"}})


def test_a_last_page_that_is_given_for_ever_ends_at_the_total(service: Service) -> None:
    service.serve(ROWS[:6], total="body", past_end="repeat")

    assert ids(service, {**paged("page"), "total": "meta.total"}) == IDS[:6]


def test_more_pages_than_allowed_fail_the_table(service: Service) -> None:
    service.serve(ROWS)
    with pytest.raises(SourceError, match="has no end after 2 pages"):
        ids(service, paged("page", max_pages=2))


def test_a_wrong_place_of_the_cursor_does_not_pass_for_the_end(service: Service) -> None:
    service.serve(ROWS)
    with pytest.raises(SourceError, match=r"nothing at 'meta\.nxt'"):
        ids(service, paged("cursor", next="meta.nxt"))


def test_a_key_that_the_source_itself_has_twice_is_left_to_the_landing(service: Service) -> None:
    service.serve([*ROWS, ROWS[0]])

    assert ids(service, paged("page")) == [*IDS, "1"]


def test_a_total_that_the_pages_do_not_reach_fails_the_table(service: Service) -> None:
    # An order that is not unique gives one row twice and another never, at each pass the same.
    service.serve([*ROWS[:7], ROWS[0]], total="body")
    with pytest.raises(SourceError, match="1 keys came more than once, so that other rows may be"):
        ids(service, {**paged("page"), "total": "meta.total"})
