"""Real servers of files, each in a process of its own on a free port of this machine."""

import contextlib
import os
import pwd
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from cryptography.x509.oid import NameOID

from kota.settings import PROJECT_ROOT

HOST = "127.0.0.1"
PASSPHRASE = "a passphrase of the key"
FTP_PASSWORD = "ftp-secret"


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


@dataclass(frozen=True)
class SshServer:
    """An OpenSSH server that gives SFTP only, to whoever has the key."""

    port: int
    user: str
    key: Path
    known_hosts: Path
    folder: Path

    def uri(self, port: int | None = None) -> str:
        """The connection to its folder."""
        return (
            f"sftp://{self.user}:{PASSPHRASE.replace(' ', '%20')}@{HOST}:{port or self.port}"
            f"{self.folder}?key={self.key}&known_hosts={self.known_hosts}"
        )


@contextlib.contextmanager
def ssh_server(folder: Path) -> Iterator[SshServer]:
    """sshd, as somebody without rights where the tests are run by root."""
    if os.geteuid() == 0:
        Path("/run/sshd").mkdir(exist_ok=True)
    user = "nobody" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name
    port = free_port()
    # Not in pytest's own folder: that is closed to other users, as whom the server reads.
    with tempfile.TemporaryDirectory() as open_folder:
        shared = Path(open_folder)
        shared.chmod(0o755)
        host_key = Ed25519PrivateKey.generate()
        own_key = Ed25519PrivateKey.generate()
        host_file = _write_key(host_key, folder / "host_key")
        own_file = _write_key(own_key, folder / "own_key", PASSPHRASE)
        (shared / "authorized").write_bytes(_public(own_key))
        (folder / "known_hosts").write_text(f"[{HOST}]:{port} {_public(host_key).decode()}\n")
        (shared / "drop").mkdir()
        (folder / "sshd_config").write_text(
            f"ListenAddress {HOST}:{port}\nHostKey {host_file}\nPidFile none\nUsePAM no\n"
            f"AuthorizedKeysFile {shared}/authorized\nStrictModes no\nPasswordAuthentication yes\n"
            "Subsystem sftp internal-sftp\nForceCommand internal-sftp\n"
        )
        command = ["/usr/sbin/sshd", "-D", "-e", "-f", folder / "sshd_config"]
        with _running(command, port, folder / "sshd.log"):
            yield SshServer(port, user, own_file, folder / "known_hosts", shared / "drop")


@contextlib.contextmanager
def ftp_server(folder: Path, **options: str | int) -> Iterator[str]:
    """pyftpdlib with ``folder`` as home; gives the URI. Options are those of ``ftp_server.py``."""
    port = free_port()
    flags = [f"--{name.replace('_', '-')}={value}" for name, value in options.items()]
    command = [
        sys.executable,
        "-m",
        "tests.connectors.files.ftp_server",
        *(str(port), str(folder), FTP_PASSWORD),
        *flags,
    ]
    with _running(command, port, folder.with_name(f"ftp-{port}.log")):
        scheme = "ftps" if "certificate" in options else "ftp"
        yield f"{scheme}://dinas:{FTP_PASSWORD}@localhost:{port}"


@contextlib.contextmanager
def s3_server(folder: Path) -> Iterator[int]:
    """moto as an S3 server; gives its port."""
    port = free_port()
    command = [sys.executable, "-m", "moto.server", "-H", HOST, "-p", str(port)]
    with _running(command, port, folder / "moto.log"):
        yield port


def certificate(folder: Path) -> Path:
    """A key with a certificate for localhost that it signed itself, in one PEM file."""
    key = generate_private_key(SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, SHA256())
    )
    path = folder / "certificate.pem"
    path.write_bytes(
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        + signed.public_bytes(Encoding.PEM)
    )
    return path


@dataclass
class BreakingLine:
    """A line to a port that is cut when so many bytes came from the server, some times."""

    target: int
    after_bytes: int
    cuts_left: int
    port: int = 0
    cuts: int = 0
    bytes_passed: int = 0
    _listener: socket.socket = field(init=False, repr=False)

    def __enter__(self) -> "BreakingLine":
        self._listener = socket.create_server((HOST, 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._listener.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                server = socket.create_connection((HOST, self.target))
                threading.Thread(target=_pump, args=(client, server), daemon=True).start()
                threading.Thread(target=self._answer, args=(server, client), daemon=True).start()

    def _answer(self, server: socket.socket, client: socket.socket) -> None:
        passed = 0
        with server, client, contextlib.suppress(OSError):
            while chunk := server.recv(65536):
                passed += len(chunk)
                self.bytes_passed += len(chunk)
                if self.cuts_left and passed > self.after_bytes:
                    self.cuts_left -= 1
                    self.cuts += 1
                    _hang_up(client, server)
                    return
                client.sendall(chunk)
            _hang_up(client)


def _pump(source: socket.socket, target: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while chunk := source.recv(65536):
            target.sendall(chunk)
        _hang_up(target)


def _hang_up(*lines: socket.socket) -> None:
    for line in lines:
        with contextlib.suppress(OSError):
            line.shutdown(socket.SHUT_RDWR)


def _write_key(key: Ed25519PrivateKey, path: Path, passphrase: str | None = None) -> Path:
    lock = BestAvailableEncryption(passphrase.encode()) if passphrase else NoEncryption()
    path.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, lock))
    path.chmod(0o600)
    return path


def _public(key: Ed25519PrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH)


@contextlib.contextmanager
def _running(command: list[str | Path], port: int, log: Path) -> Iterator[None]:
    with log.open("wb") as output:
        server = subprocess.Popen(
            command, cwd=PROJECT_ROOT, stdout=output, stderr=subprocess.STDOUT
        )
    try:
        _wait_for(server, port, log)
        yield
    finally:
        server.terminate()
        server.wait(20)


def _wait_for(server: "subprocess.Popen[bytes]", port: int, log: Path) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and server.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection((HOST, port), 1):
            return
        time.sleep(0.05)
    raise RuntimeError(f"the server did not start: {log.read_text('utf-8', 'replace')[-500:]}")
