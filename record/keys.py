"""The key that exports are signed with: a file that only its owner can read, never in the lake."""

import os
import stat
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from kota.settings import Settings
from record.chain import RecordError


def key_path(settings: Settings) -> Path:
    """Where the private key is: ``KOTA_RECORD_KEY``, or else ``KOTA_HOME/keys/record.pem``."""
    return settings.record_key or settings.home / "keys" / "record.pem"


def make_key(path: Path) -> str:
    """Make a key pair; the public half as PEM. Raises ``RecordError`` where there is one."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    key = Ed25519PrivateKey.generate()
    try:
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        raise RecordError(f"there is a key in {path} already; it stays") from None
    with os.fdopen(descriptor, "wb") as file:
        file.write(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        file.flush()
        os.fsync(file.fileno())
    return public_pem(key)


def load_key(path: Path) -> Ed25519PrivateKey:
    """The private key. Raises ``RecordError``."""
    try:
        if stat.S_IMODE(path.stat().st_mode) & 0o077:
            raise RecordError(f"others can read {path}: run `chmod 600` on it")
        key = load_pem_private_key(path.read_bytes(), password=None)
    except FileNotFoundError:
        raise RecordError(f"there is no key in {path}: run `kota record keygen`") from None
    except (ValueError, TypeError):
        key = None
    if not isinstance(key, Ed25519PrivateKey):
        raise RecordError(f"{path} is not an Ed25519 key: bring it back from its copy")
    return key


def public_pem(key: Ed25519PrivateKey) -> str:
    """The public half as PEM, which third parties get beforehand and by another way."""
    public = key.public_key()
    return public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
