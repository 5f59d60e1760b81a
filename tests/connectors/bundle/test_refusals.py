"""What is not the village's, not for the city, or not whole is refused with one sentence."""

import stat

import pytest

from connectors.bundle.errors import BundleError
from connectors.bundle.inbox import inbox, receive_waiting
from connectors.bundle.keys import make_keys
from connectors.bundle.part import HEAD, MAGIC
from connectors.bundle.receipt import acknowledge, issue
from kota.settings import Settings
from tests.connectors.bundle.world import World

START = len(MAGIC) + HEAD.size


def _refusal(world: World, content: bytes) -> str:
    file = world.stick / "brought.kota"
    file.write_bytes(content)
    received = world.receive(file)
    assert received[0].outcome == "refused"
    assert not world.city.lake_dir.exists()
    return received[0].message


def test_tampered_bundles_are_refused(world: World) -> None:
    whole = world.make().files[0].read_bytes()
    manifest = START + int.from_bytes(whole[len(MAGIC) + 4 : START], "big")

    assert "is no bundle" in _refusal(world, b"x" + whole[1:])
    assert "is no bundle" in _refusal(world, b"")
    for cut in (len(MAGIC), START, START + 50):
        assert "copy it again" in _refusal(world, whole[:cut])
    assert "it was changed on its way" in _refusal(world, whole[:manifest])
    assert "is damaged" in _refusal(world, whole[:START] + b"#" + whole[START + 1 :])
    other_number = whole.replace(b'"number":1,', b'"number":2,')
    assert "it was changed on its way" in _refusal(world, other_number)
    elsewhere = whole.replace(b'"app":"desa"', b'"app":"../x"')
    assert "copy it again" in _refusal(world, elsewhere)
    signature = bytes([whole[manifest] ^ 1])
    assert "it was changed" in _refusal(world, whole[:manifest] + signature + whole[manifest + 1 :])
    for place in (manifest + 64, len(whole) - 1):
        flipped = whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :]
        assert "copy the file again" in _refusal(world, flipped)
    assert "copy the file again" in _refusal(world, whole[:-1])


def test_a_stranger_and_another_citys_bundle_are_refused(world: World, settings: Settings) -> None:
    village, city = make_keys(world.village), make_keys(world.city)
    stranger = settings.model_copy(update={"home": settings.home / "stranger"})
    strange = make_keys(stranger)

    world.register(village, strange)
    content = world.make().files[0].read_bytes()
    world.register(village, city)
    assert "another city's key" in _refusal(world, content)

    world.register(strange, city)
    assert "not from sukamaju" in _refusal(world, content)
    with pytest.raises(BundleError, match="another sender_key than this laptop's"):
        world.make()


def test_receipts_of_strangers_and_old_ones_change_nothing(world: World) -> None:
    world.deliver(world.make())
    receipt = issue(world.app, world.city)
    assert receipt is not None
    assert len(receipt) < 200

    with pytest.raises(BundleError, match="was changed"):
        acknowledge(world.app, receipt.replace(":desa:1:", ":desa:2:"), world.village)
    with pytest.raises(BundleError, match="no receipt"):
        acknowledge(world.app, "kota-receipt:desa:1", world.village)
    broken_into_lines = receipt[:70] + "\n" + receipt[70:]
    assert "has arrived" in acknowledge(world.app, broken_into_lines, world.village)
    assert "newer receipt is known" in acknowledge(world.app, receipt, world.village)


def test_a_mass_deletion_needs_a_person(world: World) -> None:
    world.deliver(world.make())
    world.change("delete from letters")
    (failed,) = world.receive(*world.make(allow_mass_deletion=True).files)

    assert failed.outcome == "failed"
    assert "deletes 2 of 2 rows" in failed.message
    (landed,) = world.receive(*world.make().files, allow_mass_deletion=True)
    assert landed.outcome == "landed"
    assert world.current(world.city, "letters") == []


def test_nothing_secret_or_personal_shows(world: World) -> None:
    made = world.make()
    content = b"".join(path.read_bytes() for path in made.files)
    world.deliver(made)
    city = b"".join(p.read_bytes() for p in world.city.home.rglob("*") if p.is_file())

    for value in (b"3671010101900001", b"Aminah", b"letters"):
        assert value not in content
    assert b"3671010101900001" not in city
    for settings in (world.city, world.village):
        modes = {stat.S_IMODE(p.stat().st_mode) for p in (settings.home / "keys").iterdir()}
        assert modes == {0o600}
    (world.city.home / "keys" / "age.key").chmod(0o644)
    with pytest.raises(BundleError, match="others can read"):
        world.receive(*made.files)


def test_extracting_lands_what_waits_in_the_inbox(world: World) -> None:
    assert "no bundle has come yet" in receive_waiting(world.app, world.city).tables[0].message
    made = world.make()
    inbox(world.city).mkdir(parents=True)
    for path in made.files:
        path.rename(inbox(world.city) / path.name)
    result = receive_waiting(world.app, world.city)

    assert len(result.landed) == 3
    assert not list(inbox(world.city).iterdir())
    receipt = world.city.home / "bundles" / "receipts" / "desa.receipt"
    assert "has arrived" in acknowledge(world.app, receipt.read_text("ascii"), world.village)
    assert "no bundle waits" in receive_waiting(world.app, world.city).tables[0].message


def test_a_make_that_breaks_off_leaves_no_half_bundle(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("connectors.bundle.part.Manifest.length", full)
        with pytest.raises(OSError, match="No space"):
            world.make()
    assert not list(world.stick.iterdir())
    assert world.deliver(world.make()) == "landed"
