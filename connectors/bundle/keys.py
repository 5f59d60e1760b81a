"""The keys of this side: files in ``KOTA_HOME/keys`` that only their owner can read."""

import os
import stat
from dataclasses import dataclass
from pathlib import Path

import pyrage
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from connectors.bundle.errors import BundleError
from kota.settings import Settings

PREFIX = "ed25519:"


@dataclass(frozen=True)
class PublicKeys:
    """What the other side may know, and needs."""

    signing: str
    recipient: str


def make_keys(settings: Settings) -> PublicKeys:
    """Make the keys that are not there yet; those that are there stay. Raises ``BundleError``."""
    folder = _folder(settings)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    _create(folder / "signing.key", Ed25519PrivateKey.generate().private_bytes_raw().hex())
    _create(folder / "age.key", str(pyrage.x25519.Identity.generate()))
    return public_keys(settings)


def public_keys(settings: Settings) -> PublicKeys:
    """The public halves of this side's keys. Raises ``BundleError`` where there are none."""
    signing = _signing_key(settings).public_key().public_bytes_raw().hex()
    return PublicKeys(PREFIX + signing, str(identity(settings).to_public()))


def identity(settings: Settings) -> pyrage.x25519.Identity:
    """What opens bundles that are encrypted to this side. Raises ``BundleError``."""
    path = _folder(settings) / "age.key"
    try:
        return pyrage.x25519.Identity.from_str(_secret(path))
    except pyrage.IdentityError:
        raise _unreadable(path) from None


def sign(settings: Settings, kind: str, content: bytes) -> bytes:
    """A signature of 64 bytes. ``kind`` keeps one for a receipt from serving for a bundle."""
    return _signing_key(settings).sign(_meant(kind, content))


def is_signed(key: str, kind: str, content: bytes, signature: bytes) -> bool:
    """Whether the owner of the public ``key`` signed this content as ``kind``."""
    try:
        public = Ed25519PublicKey.from_public_bytes(bytes.fromhex(key.removeprefix(PREFIX)))
        public.verify(signature, _meant(kind, content))
    except (InvalidSignature, ValueError):
        return False
    return True


def _meant(kind: str, content: bytes) -> bytes:
    return f"kota {kind} 1\0".encode() + content


def _signing_key(settings: Settings) -> Ed25519PrivateKey:
    path = _folder(settings) / "signing.key"
    try:
        return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(_secret(path)))
    except ValueError:
        raise _unreadable(path) from None


def _secret(path: Path) -> str:
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
        text = path.read_text("ascii").strip()
    except FileNotFoundError:
        raise BundleError("there are no keys here yet: run `kota bundle keys`") from None
    if mode & 0o077:
        raise BundleError(f"others can read keys/{path.name}: run `chmod 600` on it")
    return text


def _unreadable(path: Path) -> BundleError:
    return BundleError(f"keys/{path.name} is not a key: put it back from its backup")


def _create(path: Path, secret: str) -> None:
    """Write a key in one step, so that a kill leaves no half of one, and never over another."""
    if path.exists():
        return
    fresh = path.with_suffix(f".{os.getpid()}")
    descriptor = os.open(fresh, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(secret + "\n")
        file.flush()
        os.fsync(file.fileno())
    try:
        path.hardlink_to(fresh)
    except FileExistsError:
        pass  # somebody else made it a moment ago
    finally:
        fresh.unlink()


def _folder(settings: Settings) -> Path:
    return settings.home / "keys"
