"""What is proposed for a REST resource, and that all of it is taken in as proposed."""

from collections.abc import Iterator

import pytest
from typer.testing import CliRunner

from connectors.extract import extract_app
from connectors.registry import load_app
from kota.cli import app as command
from kota.settings import Settings
from tests.connectors.discover.dropped import nik, person
from tests.connectors.rest_service import Service, running_service

pytestmark = pytest.mark.integration

ROWS = [
    {
        "id": number,
        "nik": nik(number),
        "biaya": f"{number * 1.5}",
        "lokasi": {"lat": f"-6.{number:03d}", "alamat": f"Jl. Mawar {number}"},
        "pelapor": {"nama": person(number), "email": f"warga{number}@contoh.example"},
        "updated_at": f"2026-11-{number % 28 + 1:02d}T08:00:00+07:00",
    }
    for number in range(1, 131)
]


@pytest.fixture(scope="module")
def service() -> Iterator[Service]:
    """The service in the wild."""
    with running_service() as running:
        yield running


@pytest.mark.parametrize(
    ("kind", "behaviour", "paging", "size"),
    [
        ("page", {"total": "body"}, "page", "per_page"),
        ("page", {"cap": 7}, "page", "per_page"),
        ("offset", {"total": "header"}, "cursor", "per_page"),
        ("link", {"cap": 20}, "link", "per_page"),
        # An empty "next" may lead on one day.
        ("all", {}, "link", None),
    ],
)
def test_paging_is_found_out_so_that_every_row_is_read(
    kind: str,
    behaviour: dict[str, object],
    paging: str,
    size: str | None,
    service: Service,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    service.serve(ROWS, **behaviour)
    monkeypatch.setenv("KOTA_CONN_LAPOR", service.uri())
    done = CliRunner().invoke(
        command,
        ["sources", "discover", f"lapor/{kind}"],
    )
    assert done.exit_code == 0, done.output
    app = load_app(settings.apps_dir / "lapor.yml")
    first, second = extract_app(app, settings), extract_app(app, settings)

    table = app.tables[kind]
    assert table.rest is not None
    assert (table.key, table.mode, table.rest.rows) == (["id"], "snapshot", "data")
    assert (table.rest.pages.kind, table.rest.pages.size_parameter) == (paging, size)
    assert [(t.outcome, t.rows_landed, t.rows_quarantined) for t in first.tables] == [
        ("landed", len(ROWS), 0)
    ]
    assert [t.outcome for t in second.tables] == ["unchanged"]


def test_nested_values_types_and_personal_data(service: Service, settings: Settings) -> None:
    service.serve(ROWS)
    address = f"{service.uri('kota:Hunter2')}/page?page=1"
    done = CliRunner().invoke(command, ["sources", "discover", address, "--app", "lapor"])
    assert done.exit_code == 0, done.output
    assert "export KOTA_CONN_LAPOR='http://kota:***@" in done.output
    assert "Hunter2" not in done.output

    text = (settings.apps_dir / "lapor.yml").read_text("utf-8")
    columns = load_app(settings.apps_dir / "lapor.yml").tables["page"].columns
    assert {name: said.path for name, said in columns.items() if said.path} == {
        "lokasi_lat": "lokasi.lat",
        "lokasi_alamat": "lokasi.alamat",
        "pelapor_nama": "pelapor.nama",
        "pelapor_email": "pelapor.email",
    }
    assert {name: said.type for name, said in columns.items() if said.type} == {
        "id": "BIGINT",
        "biaya": "DECIMAL(18,1)",
        "lokasi_lat": "DECIMAL(18,3)",
        "updated_at": "TIMESTAMPTZ",
    }
    assert columns["pelapor_email"].policy == "token"
    assert columns["nik"].personal == "umum"
    assert "cursor: updated_at and rest.since_parameter" in text
    assert not {value for value in (nik(3), person(3), "Jl. Mawar") if value in text}


def test_what_is_no_list_of_records_is_one_sentence(service: Service, settings: Settings) -> None:
    service.serve([], raw="<html>Masuk</html>", raw_type="text/html")
    cases = {
        f"{service.uri()}/raw": "is not JSON (a web page or a feed?): write its table by hand",
        f"{service.uri()}/page": "there is no list of records in the answer of page",
        f"{service.uri()}/page?api_key=Hunter2": "has a secret in its parameter api_key",
        f"http://{service.address}": "give the address of a resource",
    }
    for source, sentence in cases.items():
        given = ["sources", "discover", source, "--app", "lapor"]
        done = CliRunner().invoke(command, given)
        assert (done.exit_code, len(done.stderr.splitlines())) == (1, 1), done.output
        assert sentence in done.stderr
        assert "Hunter2" not in done.output
    assert not list(settings.apps_dir.iterdir())
