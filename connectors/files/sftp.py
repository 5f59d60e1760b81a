"""Files on an SFTP server. The server has to prove that it is the one we know."""

import logging
import os
import posixpath
import stat
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cryptography.utils import CryptographyDeprecationWarning

with warnings.catch_warnings():
    # It offers key exchanges that will go, says so to everybody who imports it, and means us not.
    warnings.simplefilter("ignore", CryptographyDeprecationWarning)
    import paramiko
from paramiko.pkey import UnknownKeyType

from connectors.files.download import download
from connectors.files.places import BrokeOffError, Place, RemoteFile

PORT = 22
TIMEOUT_SECONDS = 30
REQUEST_BYTES = 32 * 1024
"""More than this in one answer is refused by many servers."""
AHEAD_BYTES = 4 * 1024 * 1024
"""What is asked for at once, so that a far server does not cost a round trip for each answer."""

# What goes wrong is said by our errors; the library would print it a second time.
logging.getLogger("paramiko").setLevel(logging.CRITICAL)


class _UnknownHostError(Exception):
    """The server's key is in no list of ours."""


class _RefuseUnknown(paramiko.MissingHostKeyPolicy):
    def missing_host_key(
        self, client: paramiko.SSHClient, hostname: str, key: paramiko.PKey
    ) -> None:
        raise _UnknownHostError(f"{key.get_name()} {key.fingerprint}")


class SftpPlace(Place):
    """A folder by ``sftp://user:password@host/folder``. Implements ``Place``.

    Options: ``known_hosts``, a file with the server's key (else ``KOTA_KNOWN_HOSTS``, else
    ``~/.ssh/known_hosts``); ``key``, a private key, whose passphrase is then the password of the
    URI. The folder starts at the server's root, or at the account's home as ``/~/folder``.
    """

    _key: paramiko.PKey | None = None

    def connect(self) -> None:
        """Sign in and make sure that the folder is there."""
        self._client = paramiko.SSHClient()
        try:
            self._key = self._load_key()
            self._sign_in()
            self._sftp = self._client.open_sftp()
            channel = self._sftp.get_channel()
            if channel is not None:
                channel.settimeout(TIMEOUT_SECONDS)
            self._root = self._find_root()
        except BaseException as error:
            self._client.close()
            if isinstance(error, paramiko.SSHException | EOFError):
                raise self.error(f"{self._where} offers no SFTP: {error}") from None
            raise

    def close(self) -> None:
        """Sign out."""
        self._client.close()

    def look(self, folder: str) -> tuple[list[str], list[RemoteFile]]:
        """Folders and files directly in a folder."""
        folders: list[str] = []
        files: list[RemoteFile] = []
        with self._faults_of(folder or self._root):
            for entry in self._sftp.listdir_attr(posixpath.join(self._root, folder)):
                name = posixpath.join(folder, entry.filename)
                mode = entry.st_mode or 0
                if stat.S_ISDIR(mode):
                    folders.append(name)
                elif stat.S_ISREG(mode):
                    files.append(_file(name, entry))
                elif stat.S_ISLNK(mode) and (linked := self._linked(name)) is not None:
                    files.append(linked)
        return folders, files

    def fetch(self, file: RemoteFile, folder: Path) -> Path:
        """A local copy."""
        target = self.copy_path(file, folder)
        return download(self, file, target, lambda offset: self._chunks(file, offset))

    @property
    def _where(self) -> str:
        return f"{self.connection.host}:{self.connection.port or PORT}"

    def _sign_in(self) -> None:
        known_hosts = self._load_known_hosts()
        password = self.connection.password or None
        try:
            self._client.connect(
                self.connection.host,
                self.connection.port or PORT,
                self.connection.user or None,
                password=None if self._key else password,
                pkey=self._key,
                look_for_keys=False,
                allow_agent=False,
                timeout=TIMEOUT_SECONDS,
                banner_timeout=TIMEOUT_SECONDS,
                auth_timeout=TIMEOUT_SECONDS,
            )
        except _UnknownHostError as error:
            port = self.connection.port or PORT
            raise self.error(
                f"{self._where} is not in {known_hosts}, so it may be an impostor: compare its key "
                f"{error} with what its administrator says, then add it by: "
                f"ssh-keyscan -p {port} {self.connection.host} >> {known_hosts}"
            ) from None
        except paramiko.BadHostKeyException as error:
            raise self.error(
                f"{self._where} shows another key ({error.key.fingerprint}) than the one in "
                f"{known_hosts}: ask its administrator whether it was changed before correcting it"
            ) from None
        except paramiko.AuthenticationException:
            what = "private key" if self._key else "password"
            raise self.error(
                f"{self._where} refuses user {self.connection.user!r} with the {what} of the "
                "connection"
            ) from None
        except (paramiko.SSHException, OSError, EOFError) as error:
            reason = getattr(error, "strerror", None) or error
            raise self.error(f"{self._where} can't be reached by SFTP: {reason}") from None

    def _load_key(self) -> paramiko.PKey | None:
        """The private key, once: opening one with a passphrase takes half a second on purpose."""
        path = self.options.get("key")
        # Bytes, since one of the two readers behind this takes nothing else.
        passphrase = self.connection.password.encode() or None
        if path is None or self._key is not None:
            return self._key
        try:
            key: paramiko.PKey = paramiko.PKey.from_path(path, passphrase)  # type: ignore[arg-type]
        except OSError as error:
            raise self.error(
                f"the private key of key=… in the connection can't be read: {error.strerror}"
            ) from None
        except (TypeError, ValueError, paramiko.SSHException, UnknownKeyType):
            raise self.error(
                "the private key of key=… in the connection can't be opened; the password of the "
                "connection has to be its passphrase, and empty if it has none"
            ) from None
        return key

    def _load_known_hosts(self) -> Path:
        path = Path(
            self.options.get("known_hosts")
            or os.environ.get("KOTA_KNOWN_HOSTS")
            or Path.home() / ".ssh" / "known_hosts"
        )
        try:
            self._client.load_host_keys(str(path))
        except FileNotFoundError:
            pass  # every server is unknown then, which says what to do
        except OSError as error:
            raise self.error(f"{path} can't be read: {error.strerror}") from None
        self._client.set_missing_host_key_policy(_RefuseUnknown())
        return path

    def _find_root(self) -> str:
        path = self.connection.path
        if path in ("", "~") or path.startswith("~/"):
            path = path.removeprefix("~").lstrip("/") or "."
        else:
            path = "/" + path.lstrip("/")
        try:
            root = self._sftp.normalize(path)
            if stat.S_ISDIR(self._sftp.stat(root).st_mode or 0):
                return root
        except PermissionError:
            raise self.error(f"{self._where} does not let us into folder {path}") from None
        except OSError:
            pass
        raise self.error(f"{self._where} has no folder {path}")

    def _linked(self, name: str) -> RemoteFile | None:
        """The file that a link leads to, unless it leads out of the place."""
        path = posixpath.join(self._root, name)
        try:
            target = self._sftp.normalize(path)
            entry = self._sftp.stat(path)
        except OSError:
            return None  # a link to nothing
        if posixpath.commonpath([target, self._root]) != self._root:
            self.remarks.append(
                f"{self.app.app}: {name} is refused: it is a link that leads out of the folder"
            )
            return None
        return _file(name, entry) if stat.S_ISREG(entry.st_mode or 0) else None

    def _chunks(self, file: RemoteFile, offset: int) -> Iterator[bytes]:
        with (
            self._faults_of(file.name),
            self._sftp.open(posixpath.join(self._root, file.name), "rb") as opened,
        ):
            size = opened.stat().st_size
            if size is None or size != file.size:
                raise self.unfinished(file.name, "changed since it was listed")
            _quieten(opened)
            for start in range(offset, size, AHEAD_BYTES):
                end = min(start + AHEAD_BYTES, size)
                yield from opened.readv(
                    [(at, min(REQUEST_BYTES, end - at)) for at in range(start, end, REQUEST_BYTES)]
                )

    @contextmanager
    def _faults_of(self, name: str) -> Iterator[None]:
        """Say whether an error is about one file, or about the line."""
        try:
            yield
        except PermissionError:
            raise self.unreadable(name, "permission denied") from None
        except FileNotFoundError:
            raise self.unfinished(name, "is gone since it was listed") from None
        except UnicodeDecodeError:
            raise self.unreadable(
                name, "it holds a name that is not UTF-8; have that file renamed"
            ) from None
        except (paramiko.SSHException, OSError, EOFError) as error:
            transport = self._client.get_transport()
            is_up = transport is not None and transport.is_active()
            if is_up and not isinstance(error, TimeoutError | EOFError | paramiko.SSHException):
                raise self.unreadable(name, str(error) or type(error).__name__) from None
            raise BrokeOffError from None


def _file(name: str, entry: paramiko.SFTPAttributes) -> RemoteFile:
    modified = None if entry.st_mtime is None else datetime.fromtimestamp(entry.st_mtime, UTC)
    return RemoteFile(name, entry.st_size, modified)


def _quieten(opened: Any) -> None:
    """Keep the library's thread from printing the loss of a line, which its reader hears anyway."""
    send_requests = opened._prefetch_thread

    def quiet(*arguments: object) -> None:
        with suppress(paramiko.SSHException, OSError, EOFError):
            send_requests(*arguments)

    opened._prefetch_thread = quiet
