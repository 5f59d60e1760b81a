"""The ODBC driver manager itself: what a driver is, what its columns are, rows one at a time.

arrow-odbc reads fast, but it tells nothing of a column beyond its Arrow type, and it ends the
whole process where a driver can't fetch several rows at once (MDBTools can't). So kota asks the
driver manager by its C functions before it hands a connection over, and reads by them where
arrow-odbc can't.
"""

import ctypes
import ctypes.util
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cache
from types import TracebackType
from typing import Self

ENVIRONMENT, CONNECTION, STATEMENT = 1, 2, 3
FINE = (0, 1)
NO_DATA = 100
NULL_TERMINATED = -3
AS_TEXT, AS_BINARY = 1, -2
BINARY_TYPES = (-2, -3, -4)
ODBC_VERSION, ODBC_3 = 200, 3
LOGIN_TIMEOUT, LOGIN_SECONDS = 103, 30
ROW_ARRAY_SIZE = 27
DBMS_NAME, QUOTE_CHARACTER = 17, 29
IS_UNSIGNED, TYPE_NAME = 8, 14
FIRST, NEXT = 2, 1
CHUNK = 65_536


class OdbcError(Exception):
    """The driver manager or a driver says no; the message may hold parts of what it was given."""


@dataclass(frozen=True)
class Described:
    """What a driver says about a column."""

    name: str
    code: int
    """The SQL type, as ODBC numbers it."""
    size: int
    """Characters, digits or bytes; 0 or less where the driver doesn't know."""
    digits: int
    type_name: str
    """What the database calls the type, in lower case; empty where the driver doesn't say."""
    is_unsigned: bool


@cache
def _library() -> ctypes.CDLL:
    name = ctypes.util.find_library("odbc") or "libodbc.so.2"
    try:
        return ctypes.CDLL(name)
    except OSError:
        raise OdbcError(
            "this machine has no ODBC driver manager: install it (Debian: apt install unixodbc)"
        ) from None


class _Handle:
    """An environment, a connection or a statement of the driver manager."""

    def __init__(self, kind: int, parent: "_Handle | None" = None) -> None:
        self.kind = ctypes.c_short(kind)
        self.value = ctypes.c_void_p()
        above = parent.value if parent else None
        if _library().SQLAllocHandle(self.kind, above, ctypes.byref(self.value)) not in FINE:
            raise parent.error() if parent else OdbcError("ODBC gives no environment")

    def check(self, code: int) -> None:
        """Raise ``OdbcError`` unless the call that answered ``code`` went well."""
        if code not in FINE:
            raise self.error()

    def error(self) -> OdbcError:
        """What the driver says about its last failure."""
        state, text = ctypes.create_string_buffer(6), ctypes.create_string_buffer(1024)
        native, length = ctypes.c_int(), ctypes.c_short()
        found = _library().SQLGetDiagRec(
            self.kind,
            self.value,
            ctypes.c_short(1),
            state,
            ctypes.byref(native),
            text,
            ctypes.c_short(1024),
            ctypes.byref(length),
        )
        said = text.value.decode("utf-8", "replace").strip() if found in FINE else ""
        return OdbcError(said or "the driver doesn't say why")

    def free(self) -> None:
        """Give it back."""
        _library().SQLFreeHandle(self.kind, self.value)


def installed_drivers() -> list[str]:
    """The names of the ODBC drivers of this machine. Raises ``OdbcError`` without ODBC."""
    environment = _environment()
    names = []
    buffer, length = ctypes.create_string_buffer(512), ctypes.c_short()
    about, about_length = ctypes.create_string_buffer(4096), ctypes.c_short()
    direction = FIRST
    while (
        _library().SQLDrivers(
            environment.value,
            ctypes.c_ushort(direction),
            buffer,
            ctypes.c_short(512),
            ctypes.byref(length),
            about,
            ctypes.c_short(4096),
            ctypes.byref(about_length),
        )
        in FINE
    ):
        names.append(buffer.value.decode("utf-8", "replace"))
        direction = NEXT
    environment.free()
    return names


def _environment() -> _Handle:
    environment = _Handle(ENVIRONMENT)
    version = ctypes.c_void_p(ODBC_3)
    environment.check(
        _library().SQLSetEnvAttr(environment.value, ODBC_VERSION, version, ctypes.c_int(0))
    )
    return environment


class NativeConnection:
    """A connection by the driver manager. Every method raises ``OdbcError``."""

    def __init__(self, connection_string: str) -> None:
        self._environment = _environment()
        self._connection = _Handle(CONNECTION, self._environment)
        _library().SQLSetConnectAttr(
            self._connection.value, LOGIN_TIMEOUT, ctypes.c_void_p(LOGIN_SECONDS), ctypes.c_int(0)
        )
        # Some drivers write to every place they are given, so none of them is left out.
        completed, length = ctypes.create_string_buffer(1024), ctypes.c_short()
        code = _library().SQLDriverConnect(
            self._connection.value,
            None,
            connection_string.encode(),
            ctypes.c_short(NULL_TERMINATED),
            completed,
            ctypes.c_short(1024),
            ctypes.byref(length),
            ctypes.c_ushort(0),
        )
        try:
            self._connection.check(code)
        except OdbcError:
            self._free()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Leave the database."""
        _library().SQLDisconnect(self._connection.value)
        self._free()

    def _free(self) -> None:
        self._connection.free()
        self._environment.free()

    def database(self) -> str:
        """What the database is called: ``PostgreSQL``, ``Microsoft SQL Server``."""
        return self._info(DBMS_NAME)

    def quote(self) -> str:
        """The character that names are quoted with; a blank where they can't be quoted."""
        return self._info(QUOTE_CHARACTER)

    def _info(self, what: int) -> str:
        buffer = ctypes.create_string_buffer(256)
        length = ctypes.c_short()
        code = _library().SQLGetInfo(
            self._connection.value,
            ctypes.c_ushort(what),
            buffer,
            ctypes.c_short(256),
            ctypes.byref(length),
        )
        return buffer.value.decode("utf-8", "replace") if code in FINE else ""

    def fetches_arrays(self) -> bool:
        """Whether the driver can hand over several rows at once, as arrow-odbc asks it to."""
        statement = _Handle(STATEMENT, self._connection)
        code = _library().SQLSetStmtAttr(
            statement.value, ROW_ARRAY_SIZE, ctypes.c_void_p(2), ctypes.c_int(0)
        )
        statement.free()
        return code in FINE

    def tables(self) -> list[tuple[str, str, str]]:
        """Schema, name and kind (``TABLE``, ``VIEW``) of everything in the database's catalog."""
        statement = _Handle(STATEMENT, self._connection)
        try:
            nothing = (None, ctypes.c_short(0))
            statement.check(_library().SQLTables(statement.value, *nothing * 4))
            buffer = ctypes.create_string_buffer(CHUNK)
            found = []
            while (code := _library().SQLFetch(statement.value)) != NO_DATA:
                statement.check(code)
                schema, name, kind = (_value(statement, at, AS_TEXT, buffer) for at in (2, 3, 4))
                found.append((str(schema or ""), str(name or ""), str(kind or "").upper()))
            return found
        finally:
            statement.free()

    def primary_key(self, schema: str, table: str) -> list[str]:
        """The columns of the declared key, in order; none where the driver doesn't tell."""
        statement = _Handle(STATEMENT, self._connection)
        try:
            told = schema.encode() or None
            code = _library().SQLPrimaryKeys(
                statement.value,
                None,
                ctypes.c_short(0),
                told,
                ctypes.c_short(NULL_TERMINATED if told else 0),
                table.encode(),
                ctypes.c_short(NULL_TERMINATED),
            )
            if code not in FINE or _width(statement) == 0:
                return []
            buffer = ctypes.create_string_buffer(CHUNK)
            found = {}
            while _library().SQLFetch(statement.value) in FINE:
                name = _value(statement, 4, AS_TEXT, buffer)
                found[int(_value(statement, 5, AS_TEXT, buffer) or 0)] = str(name)
            return [found[place] for place in sorted(found)]
        finally:
            statement.free()

    def describe(self, query: str) -> list[Described]:
        """The columns of a query's result."""
        statement = self._execute(query)
        try:
            return [self._column(statement, at) for at in range(1, _width(statement) + 1)]
        finally:
            statement.free()

    def rows(
        self, query: str, wanted: Collection[str] | None = None
    ) -> Iterator[dict[str, str | bytes | None]]:
        """The rows of a query's result, bytes for binary columns and text for all others.

        ``wanted`` names the columns to fetch, all by default.
        """
        statement = self._execute(query)
        try:
            kinds = {}
            for at in range(1, _width(statement) + 1):
                column = self._column(statement, at)
                if wanted is None or column.name in wanted:
                    kinds[column.name] = at, AS_BINARY if column.code in BINARY_TYPES else AS_TEXT
            buffer = ctypes.create_string_buffer(CHUNK)
            while (code := _library().SQLFetch(statement.value)) != NO_DATA:
                statement.check(code)
                yield {
                    name: _value(statement, at, kind, buffer) for name, (at, kind) in kinds.items()
                }
        finally:
            statement.free()

    def _execute(self, query: str) -> _Handle:
        statement = _Handle(STATEMENT, self._connection)
        try:
            code = _library().SQLExecDirect(
                statement.value, query.encode(), ctypes.c_int(NULL_TERMINATED)
            )
            statement.check(code)
        except OdbcError:
            statement.free()
            raise
        return statement

    def _column(self, statement: _Handle, at: int) -> Described:
        name = ctypes.create_string_buffer(1024)
        length, code = ctypes.c_short(), ctypes.c_short()
        digits, nullable = ctypes.c_short(), ctypes.c_short()
        size = ctypes.c_size_t()
        statement.check(
            _library().SQLDescribeCol(
                statement.value,
                ctypes.c_ushort(at),
                name,
                ctypes.c_short(1024),
                ctypes.byref(length),
                ctypes.byref(code),
                ctypes.byref(size),
                ctypes.byref(digits),
                ctypes.byref(nullable),
            )
        )
        type_name, is_unsigned = ctypes.create_string_buffer(256), ctypes.c_ssize_t()
        unused = ctypes.create_string_buffer(256)
        for what, text, number in (
            (TYPE_NAME, type_name, ctypes.c_ssize_t()),
            (IS_UNSIGNED, unused, is_unsigned),
        ):
            _library().SQLColAttribute(
                statement.value,
                ctypes.c_ushort(at),
                ctypes.c_ushort(what),
                text,
                ctypes.c_short(256),
                ctypes.byref(length),
                ctypes.byref(number),
            )
        return Described(
            name.value.decode("utf-8", "replace"),
            code.value,
            size.value if size.value < 2**62 else 0,
            digits.value,
            type_name.value.decode("utf-8", "replace").lower(),
            is_unsigned.value == 1,
        )


def _width(statement: _Handle) -> int:
    width = ctypes.c_short()
    statement.check(_library().SQLNumResultCols(statement.value, ctypes.byref(width)))
    return width.value


def _value(
    statement: _Handle, at: int, kind: int, buffer: "ctypes.Array[ctypes.c_char]"
) -> str | bytes | None:
    """One value, in as many pieces as it takes: nothing is cut off."""
    pieces = []
    length = ctypes.c_ssize_t()
    room = CHUNK - 1 if kind == AS_TEXT else CHUNK  # a text is followed by a zero
    while True:
        code = _library().SQLGetData(
            statement.value,
            ctypes.c_ushort(at),
            ctypes.c_short(kind),
            buffer,
            ctypes.c_ssize_t(CHUNK),
            ctypes.byref(length),
        )
        if code == NO_DATA:
            break
        statement.check(code)
        if length.value == -1:
            return None
        is_last = 0 <= length.value <= room
        pieces.append(buffer.raw[: length.value if is_last else room])
        if is_last:
            break
    value = b"".join(pieces)
    return value if kind == AS_BINARY else value.decode("utf-8")
