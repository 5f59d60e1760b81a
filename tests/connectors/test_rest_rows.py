"""What becomes of the records of a service, down to their last digit."""

from collections.abc import Iterator
from typing import Any

import pytest

from connectors.reader import SourceError
from tests.connectors.rest_app import TABLE, open_rest, read_all, rest_app, rows_of
from tests.connectors.rest_service import Service, running_service

pytestmark = [pytest.mark.integration, pytest.mark.usefixtures("settings")]

RAW = {"path": "raw", "paging": {"kind": "none"}}


@pytest.fixture(scope="module")
def service() -> Iterator[Service]:
    with running_service() as running:
        yield running


def test_numbers_and_texts_arrive_as_they_were_sent(service: Service) -> None:
    raw = (
        '{"data": [{"id": 12345678901234567890, "harga": 0.10, "luas": 1e400, "ada": true,'
        r' "nama": "Rp \u0031\ud83d", "kosong": null, "isi": {"b": [1.50, "é"]}}]}'
    )
    service.serve([], raw=raw)

    assert read_all(rest_app(RAW), service.uri()) == [
        {
            "id": "12345678901234567890",
            "harga": "0.10",
            "luas": "1e400",
            "ada": "true",
            "nama": r"Rp 1\ud83d",
            "kosong": None,
            "isi": '{"b": [1.50, "é"]}',
        }
    ]


def test_declared_paths_become_columns_and_leave_nothing_behind_in_clear(
    service: Service,
) -> None:
    pemohon = {"nik": "3671010101900001", "alamat": {"kel": "Kreo"}, "hp": ["0812", "0813"]}
    service.serve([{"id": 1, "pemohon": pemohon}, {"id": 2, "pemohon": None}, {"id": 3}])
    columns = {
        "nik": {"path": "pemohon.nik"},
        "kelurahan": {"path": "pemohon.alamat.kel"},
        "hp": {"path": "pemohon.hp.0"},
    }
    app = rest_app({"path": "all", "paging": {"kind": "none"}}, {"columns": columns})
    rows = read_all(app, service.uri())

    assert rows[0] == {
        "nik": "3671010101900001",
        "kelurahan": "Kreo",
        "hp": "0812",
        "id": "1",
        "pemohon": '{"hp": [null, "0813"]}',
    }
    assert [row["nik"] for row in rows[1:]] == [None, None]


@pytest.mark.parametrize(
    ("raw", "rows"),
    [
        ('[{"id": 1}]', ""),
        ('[{"id": 1}]', "."),
        ('{"a": {"b": [{"id": 1}]}}', "a.b"),
        ('{"data": {"1": {"id": 1}}}', "data"),
        ('\ufeff{"data": [{"id": 1}]}', "data"),
    ],
)
def test_rows_are_found_wherever_they_are(service: Service, raw: str, rows: str) -> None:
    service.serve([], raw=raw)

    assert [row["id"] for row in read_all(rest_app({**RAW, "rows": rows}), service.uri())] == ["1"]


@pytest.mark.parametrize("raw", ['{"data": null}', '{"data": []}', '{"data": {}}'])
def test_an_empty_table_is_empty(service: Service, raw: str) -> None:
    service.serve([], raw=raw)

    assert read_all(rest_app(RAW), service.uri()) == []


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        ('{"items": [{"id": 1}]}', "has no list at 'data'; correct rest.rows"),
        ('{"data": {"id": 1}}', "has no list at 'data'; correct rest.rows"),
        ('{"status": false, "data": []}', r"says that it failed \(status\)"),
        ('{"error": {"code": 7}, "data": null}', r"says that it failed \(error\)"),
    ],
)
def test_an_answer_without_rows_is_no_empty_table(service: Service, raw: str, said: str) -> None:
    service.serve([], raw=raw)
    with pytest.raises(SourceError, match=said):
        read_all(rest_app(RAW), service.uri())


@pytest.mark.parametrize(
    ("format", "raw", "where"),
    [
        ("json", '{"data": [{"id": 1}, "salah", {"id": 2}]}', "page 1, row 2: not an object"),
        ("ndjson", '{"id": 1}\n{salah"\n{"id": 2}\n', "page 1, line 2: not JSON"),
    ],
)
def test_a_broken_record_is_set_aside_and_the_others_go_on(
    service: Service, format: str, raw: str, where: str
) -> None:
    service.serve([], raw=raw, raw_type="application/x-ndjson")
    with open_rest(rest_app({**RAW, "format": format}), service.uri()) as reader:
        assert [row["id"] for row in rows_of(reader)] == ["1", "2"]
        (rejected,) = reader.rejected(TABLE)

    assert (rejected.rule, rejected.reason) == ("malformed_record", where)
    assert "salah" in rejected.raw


def test_a_field_that_comes_late_is_not_left_out_unsaid(service: Service) -> None:
    rows: list[dict[str, Any]] = [{"id": 1}, {"id": 2}, {"id": 3}, {"id": 4, "catatan": "x"}]
    service.serve(rows)
    rest = {"path": "page", "paging": {"kind": "page", "size": 3}}
    with pytest.raises(SourceError, match="page 2 has the field catatan"):
        read_all(rest_app(rest), service.uri())

    told = {"columns": {"catatan": {}}}
    assert [row["catatan"] for row in read_all(rest_app(rest, told), service.uri())][3] == "x"


@pytest.mark.parametrize("watermark", ["2026-01-02 20:30:00+00:00", "2026-01-03 03:30:00"])
@pytest.mark.parametrize(
    ("spelling", "sent"),
    [
        ("iso", "2026-01-03T03:30:00+07:00"),
        ("date", "2026-01-03"),
        ("epoch", "1767385800"),
        ("epoch_ms", "1767385800000"),
        ("%d/%m/%Y %H:%M", "03/01/2026 03:30"),
    ],
)
def test_the_watermark_is_sent_as_the_service_spells_times(
    service: Service, spelling: str, sent: str, watermark: str
) -> None:
    service.serve([])
    rest = {"path": "all", "since_parameter": "sejak", "since_format": spelling}
    read_all(rest_app({**rest, "until_parameter": "sampai"}), service.uri(), watermark)
    query = service.requests()[-1]["query"]

    assert query["sejak"] == sent
    assert len(query["sampai"]) == len(sent)
