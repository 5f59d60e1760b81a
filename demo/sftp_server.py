"""Serve a folder read-only: ``python -m demo.sftp_server --root drops/siak --port 18022``.

The account comes from the environment (``SFTP_USERNAME``, ``SFTP_PASSWORD``). The host key is kept
in a file, and what kota has to know of it is written into another (``known_hosts``).
"""

import logging
import secrets
import socket
import threading
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import paramiko
import typer
from pydantic import SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from demo.host_key import load_or_create_host_key, write_known_hosts
from demo.ports import HOST
from demo.sftp_files import ReadOnlyFolder

_PATIENCE_SECONDS = 30

# A client that goes without a word is no news; nor is one with a wrong password.
logging.getLogger("paramiko").setLevel(logging.CRITICAL)


class SftpSettings(BaseSettings):
    """From the environment: ``SFTP_USERNAME``, ``SFTP_PASSWORD``."""

    model_config = SettingsConfigDict(env_prefix="SFTP_")

    username: str
    password: SecretStr


class _Account(paramiko.ServerInterface):
    """Lets one account in, by its password, for SFTP only."""

    def __init__(self, settings: SftpSettings) -> None:
        self._settings = settings

    def check_auth_password(self, username: str, password: str) -> int:
        known = secrets.compare_digest(username.encode(), self._settings.username.encode())
        wanted = self._settings.password.get_secret_value()
        if secrets.compare_digest(password.encode(), wanted.encode()) and known:
            return paramiko.common.AUTH_SUCCESSFUL
        return paramiko.common.AUTH_FAILED

    def get_allowed_auths(self, username: str) -> str:  # noqa: ARG002
        return "password"

    def check_channel_request(self, kind: str, chanid: int) -> int:  # noqa: ARG002
        if kind == "session":
            return paramiko.common.OPEN_SUCCEEDED
        return paramiko.common.OPEN_FAILED_ADMINISTRATIVELY_PROHIBITED


class SftpService:
    """The server: listens from the moment it is made, serves until it is closed."""

    def __init__(
        self, root: Path, key: paramiko.PKey, settings: SftpSettings, port: int, host: str = HOST
    ) -> None:
        """Raises ``OSError`` if the port is taken."""
        self._root, self._key, self._settings = root, key, settings
        self._listener = socket.create_server((host, port))
        self.port: int = self._listener.getsockname()[1]

    def serve(self) -> None:
        """Answer clients, each on a thread of its own, until closed."""
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._answer, args=(client,), daemon=True).start()

    def close(self) -> None:
        """Listen no more."""
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _answer(self, client: socket.socket) -> None:
        transport = paramiko.Transport(client)
        transport.banner_timeout = transport.auth_timeout = _PATIENCE_SECONDS
        transport.add_server_key(self._key)
        transport.set_subsystem_handler("sftp", paramiko.SFTPServer, ReadOnlyFolder, self._root)
        with suppress(paramiko.SSHException, OSError, EOFError):
            transport.start_server(server=_Account(self._settings))


def main(
    root: Annotated[Path, typer.Option(help="The folder to serve.")],
    host_key: Annotated[Path, typer.Option(help="The host key; made if it is not there.")],
    known_hosts: Annotated[Path, typer.Option(help="Where to write the key for kota.")],
    port: Annotated[int, typer.Option(help="TCP port.")] = 18022,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = HOST,
) -> None:
    """Serve the folder until told to stop."""
    key = load_or_create_host_key(host_key)
    service = SftpService(root, key, SftpSettings(), port, host)
    write_known_hosts(known_hosts, host, service.port, key)
    service.serve()


if __name__ == "__main__":
    typer.run(main)
