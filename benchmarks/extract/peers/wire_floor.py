"""The floor: let the server send the whole table, and throw the bytes away: wire_floor.py TABLE.

Nothing is decoded. MariaDB sends its text protocol, PostgreSQL a binary COPY.
"""

import os
import socket
import struct
import sys
from collections.abc import Callable
from urllib.parse import urlsplit

PIECE = 1 << 20
COM_QUERY = b"\x03"
MYSQL_END = b"\x05\x00\x00"
"""The last packet of a result: five bytes long. The fourth byte counts packets."""
MYSQL_END_MARK = b"\xfe\x00\x00"
POSTGRES_END = b"Z\x00\x00\x00\x05I"
"""Ready for the next query."""


def main(table: str) -> None:
    """Read the table named, from ``BENCHMARK_URI``; print how many bytes came."""
    uri = os.environ["BENCHMARK_URI"]
    read = read_mysql if uri.startswith("mysql") else read_postgres
    print(read(uri, table))


def read_mysql(uri: str, table: str) -> int:
    """All rows by the text protocol."""
    import pymysql

    parts = urlsplit(uri)
    connection = pymysql.connect(
        host=parts.hostname,
        port=parts.port or 3306,
        user=parts.username,
        password=parts.password or "",
        database=parts.path[1:],
    )
    query = COM_QUERY + f"select * from {table}".encode()
    wire: socket.socket = connection._sock
    wire.sendall(struct.pack("<I", len(query)) + query)
    return _discard(wire, _is_mysql_end)


def read_postgres(uri: str, table: str) -> int:
    """All rows by a binary COPY."""
    import psycopg

    connection = psycopg.connect(uri, sslmode="disable")
    query = f"copy {table} to stdout (format binary)".encode() + b"\x00"
    wire = socket.socket(fileno=os.dup(connection.fileno()))
    wire.setblocking(True)
    wire.sendall(b"Q" + struct.pack(">I", len(query) + 4) + query)
    return _discard(wire, lambda tail: tail.endswith(POSTGRES_END))


def _is_mysql_end(tail: bytes) -> bool:
    last = tail[-9:]
    return last[:3] == MYSQL_END and last[4:7] == MYSQL_END_MARK


def _discard(wire: socket.socket, is_end: Callable[[bytes], bool]) -> int:
    piece = bytearray(PIECE)
    view = memoryview(piece)
    total, tail = 0, b""
    while size := wire.recv_into(view):
        total += size
        tail = (tail + bytes(view[max(0, size - 16) : size]))[-16:]
        if is_end(tail):
            return total
    sys.exit("the server closed the connection")


if __name__ == "__main__":
    main(sys.argv[1])
