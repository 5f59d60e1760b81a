"""Files on an FTP server, with TLS (``ftps://``) where the server has it."""

import ftplib
import posixpath
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

from connectors.connection import Connection
from connectors.files.download import download
from connectors.files.ftp_listing import Entry, from_list, from_mlsd, time_of
from connectors.files.places import BrokeOffError, Place, RemoteFile
from connectors.registry import App
from kota.settings import Settings

TIMEOUT_SECONDS = 30
CHUNK_BYTES = 256 * 1024
_WIRE = "latin-1"
"""Every byte survives it, so that a name goes back to the server as it came."""


class _TlsFtp(ftplib.FTP_TLS):
    def ntransfercmd(
        self, cmd: str, rest: int | str | None = None
    ) -> tuple[socket.socket, int | None]:
        """A data connection that continues the TLS session: many servers insist on it."""
        connection, size = super(ftplib.FTP_TLS, self).ntransfercmd(cmd, rest)
        session = self.sock.session if isinstance(self.sock, ssl.SSLSocket) else None
        wrapped = self.context.wrap_socket(connection, server_hostname=self.host, session=session)
        return wrapped, size


class FtpPlace(Place):
    """A folder by ``ftp://`` or ``ftps://user:password@host/folder``. Implements ``Place``.

    The folder starts where the account starts. Option ``ca``: a file with the certificate of the
    authority that signed the server's, where that is the city's own.
    """

    def __init__(self, app: App, connection: Connection, settings: Settings) -> None:
        super().__init__(app, connection, settings)
        self._wire_names: dict[str, str] = {"": ""}
        self._has_mlsd = True
        self._has_mdtm = True

    def connect(self) -> None:
        """Sign in and make sure that the folder is there."""
        self._ftp = self._new_client()
        try:
            self._sign_in()
            self._root = self._find_root()
        except BaseException:
            self._ftp.close()
            raise

    def close(self) -> None:
        """Sign out; a server that hangs up first has done it for us."""
        with suppress(OSError, EOFError, ftplib.Error):
            self._ftp.quit()
        self._ftp.close()

    def reconnect(self) -> None:
        """Have a new line, without waiting for an answer on the old one."""
        self._ftp.close()
        self.connect()

    def look(self, folder: str) -> tuple[list[str], list[RemoteFile]]:
        """Folders and files directly in a folder."""
        folders: list[str] = []
        files: list[RemoteFile] = []
        with self._faults_of(folder or self._root):
            entries = self._entries(self._path(folder))
        for entry in entries:
            name = posixpath.join(folder, _readable(entry.name))
            self._wire_names[name] = posixpath.join(self._wire_names[folder], entry.name)
            if entry.is_folder:
                folders.append(name)
            else:
                files.append(RemoteFile(name, entry.size, entry.modified, entry.is_exact))
        return folders, files

    def fetch(self, file: RemoteFile, folder: Path) -> Path:
        """A local copy."""
        target = self.copy_path(file, folder)
        return download(self, file, target, lambda offset: self._chunks(file, offset))

    @property
    def _where(self) -> str:
        return f"{self.connection.host}:{self.connection.port or ftplib.FTP_PORT}"

    def _new_client(self) -> ftplib.FTP:
        if self.connection.scheme == "ftp":
            # The city's old servers speak nothing else; ftps:// is there for those that do.
            return ftplib.FTP(timeout=TIMEOUT_SECONDS, encoding=_WIRE)  # noqa: S321
        authority = self.options.get("ca")
        try:
            context = ssl.create_default_context(cafile=authority)
        except OSError as error:
            raise self.error(f"ca={authority} in the connection can't be read: {error}") from None
        return _TlsFtp(timeout=TIMEOUT_SECONDS, encoding=_WIRE, context=context)

    def _sign_in(self) -> None:
        connection = self.connection
        try:
            self._ftp.connect(connection.host, connection.port or ftplib.FTP_PORT)
            self._ftp.login(_wire(connection.user), _wire(connection.password))
            if isinstance(self._ftp, _TlsFtp):
                self._ftp.prot_p()
            with suppress(ftplib.error_perm):
                self._ftp.sendcmd("OPTS UTF8 ON")
        except ssl.SSLError as error:
            why = getattr(error, "verify_message", "") or error.reason or str(error)
            raise self.error(
                f"{self._where} can't prove who it is ({why}); put the certificate of its "
                "authority into the connection as ca=/path/to/ca.pem"
            ) from None
        except ftplib.error_perm as error:
            if str(error).startswith("530"):
                raise self.error(
                    f"{self._where} refuses user {connection.user!r} with the password of the "
                    "connection"
                ) from None
            raise self.error(f"{self._where} does not let us in: {error}") from None
        except (ftplib.Error, OSError, EOFError) as error:
            raise self.error(f"{self._where} can't be reached by FTP: {error}") from None

    def _find_root(self) -> str:
        try:
            if self.connection.path:
                self._ftp.cwd(_wire(self.connection.path))
            return self._ftp.pwd()
        except ftplib.error_perm as error:
            raise self.error(
                f"{self._where} has no folder {self.connection.path} for us: {error}"
            ) from None
        except (ftplib.Error, OSError, EOFError) as error:
            raise self.error(f"{self._where} hung up: {error}") from None

    def _path(self, name: str) -> str:
        return posixpath.join(self._root, self._wire_names[name])

    def _entries(self, path: str) -> list[Entry]:
        """What is in a folder, by the most exact listing that the server has."""
        lines: list[str] = []
        if self._has_mlsd:
            try:
                self._ftp.retrlines(f"MLSD {path}", lines.append)
                return from_mlsd(lines)
            except ftplib.error_perm as error:
                if not str(error).startswith("50"):
                    raise
                self._has_mlsd = False
        # The path goes by CWD: to LIST, a blank or a dash in it could be an option.
        self._ftp.cwd(path)
        self._ftp.retrlines("LIST", lines.append)
        return [self._timed(path, entry) for entry in from_list(lines)]

    def _timed(self, path: str, entry: Entry) -> Entry:
        """The entry with its time to the second, where the server tells it for one file."""
        if entry.is_folder or not self._has_mdtm:
            return entry
        try:
            answer = self._ftp.sendcmd(f"MDTM {posixpath.join(path, entry.name)}")
        except ftplib.error_perm as error:
            self._has_mdtm = not str(error).startswith("50")
            return entry
        modified = time_of(answer.partition(" ")[2])
        return entry if modified is None else replace(entry, modified=modified, is_exact=True)

    def _chunks(self, file: RemoteFile, offset: int) -> Iterator[bytes]:
        with self._faults_of(file.name):
            # A listing switches to text, in which line ends would be changed under way.
            self._ftp.voidcmd("TYPE I")
            connection, skipped = self._open(f"RETR {self._path(file.name)}", offset)
            with connection:
                while chunk := connection.recv(CHUNK_BYTES):
                    yield chunk[skipped:]
                    skipped = max(0, skipped - len(chunk))
                if isinstance(connection, ssl.SSLSocket):
                    with suppress(OSError):
                        connection.unwrap()
            self._ftp.voidresp()

    def _open(self, command: str, offset: int) -> tuple[socket.socket, int]:
        """The data connection, and how much of it we have already."""
        if offset:
            try:
                return self._ftp.transfercmd(command, rest=offset), 0
            except ftplib.error_perm as error:
                if not str(error).startswith("50"):
                    raise
        return self._ftp.transfercmd(command), offset

    @contextmanager
    def _faults_of(self, name: str) -> Iterator[None]:
        """Say whether an error is about one file, or about the line."""
        try:
            yield
        except ftplib.error_perm as error:
            raise self.unreadable(name, str(error)) from None
        except ftplib.error_temp as error:
            if str(error).startswith("45"):
                raise self.unreadable(name, str(error)) from None
            raise BrokeOffError from None
        except (ftplib.Error, OSError, EOFError):
            raise BrokeOffError from None


def _readable(name: str) -> str:
    """A name as people write it: UTF-8 where its bytes are that, else Latin-1."""
    try:
        return name.encode(_WIRE).decode("utf-8")
    except UnicodeDecodeError:
        return name


def _wire(text: str) -> str:
    """What to hand to the client, so that UTF-8 goes over the line."""
    return text.encode("utf-8").decode(_WIRE)
