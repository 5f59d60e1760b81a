"""A private MariaDB server, set up as the legacy ones once were: strict about nothing."""

import getpass
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path
from typing import IO

import pymysql

from demo.credentials import write_private
from demo.ports import HOST
from demo.server import Server, ServerError

DATABASES = ("laksa", "simpeg")
"""One an app, each with an account that owns it."""
READER = "kota_reader"

_PROGRAMS = ("mariadbd", "mariadb-install-db")
_PLACES = "/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin:/usr/local/libexec"


def owner_of(database: str) -> str:
    """The account the app itself uses."""
    return f"{database}_app"


OWNER = owner_of("laksa")


def _program(name: str) -> str | None:
    return shutil.which(name) or shutil.which(name, path=_PLACES)


class MariaDBServer(Server):
    """MariaDB from the machine's own packages, as a child process of ours, on 127.0.0.1 only.

    Has ``DATABASES``, for each an account that owns it, and ``kota_reader``, which may only read.
    """

    name = "MariaDB"
    stop_signals = (signal.SIGTERM,)

    def __init__(
        self, data_dir: Path, port: int, *, owner_password: str, reader_password: str, log: Path
    ) -> None:
        super().__init__(data_dir, port, log)
        owners = {owner_of(database): owner_password for database in DATABASES}
        self._passwords = {**owners, READER: reader_password}
        self._runtime_dir: Path | None = None

    @staticmethod
    def is_available() -> bool:
        """Whether this machine has a MariaDB server."""
        return all(_program(name) for name in _PROGRAMS)

    def uri(self, user: str = READER, database: str = "laksa") -> str:
        """``mysql://…`` of a database, for ``READER`` or its owner."""
        return f"mysql://{user}:{self._passwords[user]}@{HOST}:{self.port}/{database}"

    @property
    def pid_file(self) -> Path:
        """Where the server writes its process id."""
        return self.data_dir / "mariadbd.pid"

    def prepare(self) -> None:
        """Make the data folder; one that was not finished is not taken for one that was."""
        if self.data_dir.exists():
            return
        install = _program("mariadb-install-db")
        if install is None:
            raise ServerError("mariadb-install-db is not on this machine")
        new = self.data_dir.with_name(self.data_dir.name + ".new")
        shutil.rmtree(new, ignore_errors=True)
        command = [
            install,
            "--no-defaults",
            f"--datadir={new}",
            f"--user={getpass.getuser()}",
            # The superuser comes in by the socket only, as the user who started the server.
            "--auth-root-authentication-method=socket",
            f"--auth-root-socket-user={getpass.getuser()}",
            "--skip-test-db",
            "--skip-name-resolve",
        ]
        with self.log.open("ab") as out:
            made = subprocess.run(command, stdout=out, stderr=out, stdin=subprocess.DEVNULL)
        if made.returncode != 0:
            raise ServerError(f"MariaDB's data folder could not be made (log: {self.log})")
        new.chmod(0o700)
        new.rename(self.data_dir)

    def spawn(self, out: IO[bytes]) -> subprocess.Popen[bytes]:
        """Start ``mariadbd``."""
        # A socket's path may have 107 bytes, and the data folder can be anywhere.
        self._runtime_dir = Path(tempfile.mkdtemp(prefix="kota-"))
        accounts = self._runtime_dir / "accounts.sql"
        write_private(accounts, "\n".join(self._account_statements()) + "\n")
        command = [
            _program("mariadbd") or "mariadbd",
            "--no-defaults",
            f"--datadir={self.data_dir}",
            f"--user={getpass.getuser()}",
            f"--port={self.port}",
            f"--bind-address={HOST}",
            f"--socket={self._runtime_dir / 'sock'}",
            f"--pid-file={self.pid_file}",
            f"--init-file={accounts}",
            "--skip-name-resolve",
            "--sql-mode=NO_ENGINE_SUBSTITUTION",
            "--character-set-server=utf8mb4",
            "--local-infile=1",
            "--performance-schema=OFF",
            "--innodb-buffer-pool-size=96M",
            "--innodb-flush-log-at-trx-commit=2",
        ]
        return subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=out, stderr=out, start_new_session=True
        )

    def _account_statements(self) -> list[str]:
        statements = []
        for user, password in self._passwords.items():
            account = f"'{user}'@'{HOST}'"
            secret = pymysql.converters.escape_string(password)
            statements += [
                f"CREATE USER IF NOT EXISTS {account};",
                f"ALTER USER {account} IDENTIFIED BY '{secret}';",
            ]
        for database in DATABASES:
            statements += [
                f"CREATE DATABASE IF NOT EXISTS {database} CHARACTER SET utf8mb4;",
                f"GRANT ALL PRIVILEGES ON {database}.* TO '{owner_of(database)}'@'{HOST}';",
                f"GRANT SELECT ON {database}.* TO '{READER}'@'{HOST}';",
            ]
        return statements

    def is_ready(self) -> bool:
        """Whether an owner's account can sign in, which is after the accounts were made."""
        try:
            pymysql.connect(
                host=HOST,
                port=self.port,
                user=OWNER,
                password=self._passwords[OWNER],
                database=DATABASES[0],
                connect_timeout=2,
            ).close()
        except pymysql.err.Error:
            return False
        return True

    def after_start(self) -> None:
        """The passwords are not left lying about."""
        if self._runtime_dir is not None:
            (self._runtime_dir / "accounts.sql").unlink()

    def stop(self) -> None:
        """End it and remove its socket's folder."""
        super().stop()
        if self._runtime_dir is not None:
            shutil.rmtree(self._runtime_dir, ignore_errors=True)
            self._runtime_dir = None
