"""The same by the commands, as a village clerk and a city engineer type them."""

from collections.abc import Callable

import pytest
from click.testing import Result
from typer.testing import CliRunner

from kota.cli import app
from kota.settings import Settings, get_settings
from tests.connectors.bundle.world import World

Kota = Callable[..., Result]


@pytest.fixture
def kota(monkeypatch: pytest.MonkeyPatch) -> Kota:
    """Run a command on one side."""

    def run(side: Settings, *words: str) -> Result:
        monkeypatch.setenv("KOTA_HOME", str(side.home))
        get_settings.cache_clear()
        return CliRunner().invoke(app, ["bundle", *words])

    return run


def test_there_and_back(world: World, kota: Kota) -> None:
    assert "sender_key: ed25519:" in kota(world.village, "keys").stdout
    made = kota(world.village, "make", "desa", "--out", str(world.stick))
    assert "bundle 1, 7 rows" in made.stdout
    assert [path.name for path in world.stick.iterdir()] == ["sukamaju-desa-000001.kota"]

    file = str(world.stick / "sukamaju-desa-000001.kota")
    landed = kota(world.city, "receive", file)
    assert landed.exit_code == 0
    assert "landed: sukamaju-desa-000001" in landed.stdout
    again = kota(world.city, "receive", file)
    assert "known: sukamaju-desa-000001" in again.stdout

    (world.city.home / "bundles" / "inbox").mkdir()
    (world.stick / "sukamaju-desa-000001.kota").rename(
        world.city.home / "bundles" / "inbox" / "uploaded.kota"
    )
    assert "known: sukamaju-desa-000001" in kota(world.city, "receive").stdout
    assert "Nothing has arrived" in kota(world.city, "receive").stdout

    receipt = str(world.stick / "desa.receipt")
    assert "has arrived" in kota(world.village, "acknowledge", receipt).stdout
    assert "no bundle is needed" in kota(world.village, "make", "desa").stdout
    assert "sukamaju" in kota(world.city, "status").stdout


def test_what_is_wrong_is_said_in_one_sentence(world: World, kota: Kota) -> None:
    wrong = world.stick
    wrong.mkdir()
    (wrong / "holiday.kota").write_bytes(b"a photo")
    refused = kota(world.city, "receive", str(wrong / "holiday.kota"))

    assert refused.exit_code == 1
    assert "holiday.kota is no bundle" in refused.stderr
    assert "write it like 10MB" in kota(world.village, "make", "desa", "--split", "ten").stderr
    assert "no bundle has landed yet" in kota(world.city, "receipt", "desa").stderr
    assert "there is no receipt" in kota(world.village, "acknowledge", "nothing.receipt").stderr
