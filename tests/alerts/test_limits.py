"""A limit of the city: told when a published figure is above it, and when it no longer is."""

from pathlib import Path

import duckdb
import pytest
import yaml

from alerts.tell import tell
from kota.settings import PROJECT_ROOT, Settings
from tests.alerts.conftest import StartMail
from tests.connectors.legacy import LegacyApp
from tests.warehouse.conftest import new_candidate, save_verdict
from warehouse.publish import publish

pytestmark = pytest.mark.integration

TOLD = "camat@kota.example"

LIVE_ROOM = """
create table marts.rpt_live_room as
select 'kecamatan' as scope, code as scope_code, name as scope_name, measure,
    measured_value::decimal(18, 2) as measured_value
from (values ('36.71.01', 'Tangerang', 'complaints_red', {red}),
    ('36.71.01', 'Tangerang', 'complaints_yellow', 5),
    ('36.71.01', 'Tangerang', 'complaints_green', 900),
    ('36.71.06', 'Ciledug', 'complaints_red', 10)) as measured(code, name, measure, measured_value)
"""


@pytest.fixture
def limited(legacy: LegacyApp, tmp_path: Path) -> Settings:
    """A city that wants to know of more than ten open complaints in a kecamatan."""
    root = tmp_path / "root"
    root.mkdir()
    for place in PROJECT_ROOT.iterdir():
        if place.name not in ("city.yml", "var"):
            (root / place.name).symlink_to(place)
    city = yaml.safe_load((PROJECT_ROOT / "city.yml").read_text("utf-8"))
    city["alerts"] |= {"open_complaints_per_kecamatan": 10, "told_of_limits": [TOLD]}
    (root / "city.yml").write_text(yaml.safe_dump(city), "utf-8")
    return legacy.settings.model_copy(update={"root": root})


def test_open_complaints_above_the_limit_are_told_once_and_when_it_is_over(
    limited: Settings, mail_server: StartMail, monkeypatch: pytest.MonkeyPatch
) -> None:
    with mail_server() as server:
        for name, value in {"HOST": "127.0.0.1", "PORT": server.port, "SECURITY": "plain"}.items():
            monkeypatch.setenv(f"KOTA_SMTP_{name}", str(value))
        for second, red in enumerate((5, 6, 7, 4), start=1):
            candidate = new_candidate(limited, second, verdict=None)
            with duckdb.connect(candidate.path) as con:
                con.execute(LIVE_ROOM.format(red=red))
            save_verdict(candidate, "pass")
            publish(limited, candidate.id)
            tell(limited)
        begun, over = server.mails

    assert begun["Subject"] == "[kota] Tangerang: pengaduan terbuka melampaui batas"
    assert "Tangerang: 11 pengaduan belum selesai, batas 10" in begun.get_content()
    assert over["Subject"] == "[kota] SELESAI: Tangerang: pengaduan terbuka melampaui batas"
    assert {mail["X-Went-To"] for mail in (begun, over)} == {TOLD}
