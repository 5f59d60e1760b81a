"""The ports of the demo: configurable, checked before anything starts."""

import socket
from dataclasses import dataclass, fields

from pydantic_settings import BaseSettings

HOST = "127.0.0.1"


class PortTakenError(Exception):
    """A port is in use; the message says which one and which setting changes it."""


class _Environment(BaseSettings):
    superset_port: int = 8088
    airflow_port: int = 8080
    docs_port: int = 8090
    kota_demo_postgres_port: int = 15432
    kota_demo_mariadb_port: int = 13306
    kota_demo_segar_port: int = 18077
    kota_demo_siak_port: int = 18022
    kota_demo_berita_port: int = 18078


@dataclass(frozen=True)
class Ports:
    """TCP ports on 127.0.0.1."""

    superset: int
    airflow: int
    docs: int
    postgres: int
    mariadb: int
    segar: int
    siak: int
    berita: int

    @classmethod
    def from_environment(cls) -> "Ports":
        """The ports named in the environment, or their defaults."""
        environment = _Environment()
        return cls(
            **{field.name: getattr(environment, _setting(field.name)) for field in fields(cls)}
        )

    @classmethod
    def free(cls) -> "Ports":
        """Ports that are free now, for tests."""
        sockets = [socket.socket() for _ in fields(cls)]
        try:
            for sock in sockets:
                sock.bind((HOST, 0))
            return cls(*(sock.getsockname()[1] for sock in sockets))
        finally:
            for sock in sockets:
                sock.close()

    def check(self) -> None:
        """Raise ``PortTakenError`` naming every port that is taken and how to choose another."""
        # The databases look for themselves, when they have ended what a killed run left behind.
        names = ("superset", "airflow", "docs", "segar", "siak", "berita")
        taken = [name for name in names if not is_free(getattr(self, name))]
        if taken:
            raise PortTakenError(" ".join(self.taken(name) for name in taken))

    def taken(self, name: str) -> str:
        """Which port is taken, and how to choose another."""
        port = getattr(self, name)
        return (
            f"Port {port} ({name}) is taken: free it, or choose another, "
            f"for example {_setting(name).upper()}={port + 100}."
        )


def _setting(name: str) -> str:
    public = name in {"superset", "airflow", "docs"}
    return f"{name}_port" if public else f"kota_demo_{name}_port"


def is_free(port: int) -> bool:
    with socket.socket() as sock:
        # As servers do: a port whose last connections are still closing counts as free.
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            sock.bind((HOST, port))
        except OSError:
            return False
        return True
