"""The key by which a demo server proves who it is, and the line that makes kota believe it."""

from pathlib import Path

import paramiko
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from demo.credentials import write_private


def load_or_create_host_key(path: Path) -> paramiko.PKey:
    """The Ed25519 key in ``path``; made and written (mode 0600) if the file is not there."""
    if not path.exists():
        key = Ed25519PrivateKey.generate()
        text = key.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption())
        write_private(path, text.decode())
    return paramiko.Ed25519Key.from_private_key_file(str(path))


def write_known_hosts(path: Path, host: str, port: int, key: paramiko.PKey) -> None:
    """Replace ``path`` by a list of known hosts with this server only."""
    write_private(path, f"[{host}]:{port} {key.get_name()} {key.get_base64()}\n")
