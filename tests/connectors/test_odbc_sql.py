"""What is said to databases that are not on this machine: SQL Server, Oracle, one unheard of."""

import pytest

from connectors.connection import find_connection
from connectors.odbc_dialect import Dialect, Postgres, SqlServer, dialect_of
from connectors.odbc_driver import NoDriverError, connection_string
from connectors.odbc_native import Described
from connectors.oracle import oracle_column, range_sql, since_sql
from connectors.reader import KeyRange

MICROSOFT, FREETDS = "ODBC Driver 18 for SQL Server", "FreeTDS"


def string(uri: str, *installed: str) -> str:
    """The connection string of a URI where these drivers are installed."""
    return connection_string(find_connection("x", {"KOTA_CONN_X": uri}), [*installed])


def test_sql_server_is_opened_by_the_best_driver_there_is() -> None:
    uri = "mssql://kota:p%7D;w@dbhost/siap?TrustServerCertificate=yes"

    assert string(uri, FREETDS, MICROSOFT) == (
        "Driver={ODBC Driver 18 for SQL Server};Server=dbhost,1433;Database=siap;UID=kota;"
        "PWD={p}};w};trustservercertificate=yes;"
    )
    assert string(uri, FREETDS).startswith(
        "Driver=FreeTDS;TDS_Version=7.4;ClientCharset=UTF-8;Server=dbhost;Port=1433;Database=siap;"
    )
    assert string(f"{uri}&driver=freetds", FREETDS, MICROSOFT).startswith("Driver=FreeTDS;")
    with pytest.raises(NoDriverError, match="msodbcsql18"):
        string(uri, "MDBTools")


def test_a_data_source_and_an_access_file_are_opened_by_name() -> None:
    assert string("odbc://u:p@?dsn=SIAP") == "DSN=SIAP;UID=u;PWD=p;"
    assert string("access:///data/a%20b.mdb", "MDBTools") == "Driver=MDBTools;DBQ=/data/a b.mdb;"
    with pytest.raises(NoDriverError, match="semicolon"):
        string("access:///data/a%3Bb.mdb", "MDBTools")


def test_secrets_in_options_are_redacted() -> None:
    uri = "odbc://u:abc@h/d?dsn=x&SSLKeyPassword=abcdef&API_key=xyz"
    connection = find_connection("x", {"KOTA_CONN_X": uri})

    assert connection.redact("abcdef, abc, xyz, x") == "***, ***, ***, x"
    assert "abc" not in repr(connection)
    assert "xyz" not in repr(connection)


def described(code: int, type_name: str, size: int = 0, digits: int = 0) -> Described:
    """What a driver says about column ``a]b``."""
    return Described("a]b", code, size, digits, type_name, is_unsigned=False)


@pytest.mark.parametrize(
    ("column", "select", "declared"),
    [
        (described(4, "int", 10), "[a]]b]", "BIGINT"),
        (described(-7, "bit", 1), "[a]]b]", "BOOLEAN"),
        (described(3, "decimal", 38, 10), "[a]]b]", "DECIMAL(38,10)"),
        (described(3, "money", 19, 4), "convert(varchar(40), [a]]b], 2)", "DECIMAL(19,4)"),
        (described(93, "datetime2", 27, 7), "convert(varchar(40), [a]]b], 126)", "TIMESTAMP"),
        (described(91, "date", 10), "convert(varchar(40), [a]]b], 23)", "DATE"),
        (
            described(-155, "datetimeoffset", 34, 7),
            "convert(varchar(40), switchoffset([a]]b], '+00:00'), 126)",
            "TIMESTAMP WITH TIME ZONE",
        ),
        (described(-154, "time", 16, 7), "cast([a]]b] as varchar(20))", "VARCHAR"),
        (described(-11, "uniqueidentifier", 36), "[a]]b]", "VARCHAR"),
        (described(-10, "nvarchar"), "[a]]b]", "VARCHAR"),
        (described(-3, "varbinary", 8000), "[a]]b]", "BLOB"),
    ],
)
def test_sql_server_makes_text_of_what_its_drivers_may_spoil(
    column: Described, select: str, declared: str
) -> None:
    arrival = SqlServer().arrival(column)

    assert (arrival.select, arrival.declared_type) == (select, declared)


def test_sql_server_is_asked_for_new_rows_in_any_language() -> None:
    dialect = dialect_of("Microsoft SQL Server", '"')
    moment = dialect.arrival(described(93, "datetime", 23, 3))
    instant = dialect.arrival(described(-155, "datetimeoffset", 34, 7))
    number = dialect.arrival(described(4, "int", 10))
    text = dialect.arrival(described(12, "varchar", 20))

    assert dialect.since(moment, "2026-01-01 08:00:00.5") == (
        "([a]]b] >= cast('2026-01-01T08:00:00.500000' as datetime2) or [a]]b] is null)"
    )
    assert dialect.since(instant, "2026-01-01 08:00:00+00:00") == (
        "([a]]b] >= cast('2026-01-01T08:00:00+00:00' as datetimeoffset) or [a]]b] is null)"
    )
    assert dialect.since(number, "-5") == "([a]]b] >= -5 or [a]]b] is null)"
    assert dialect.since(text, "2026-01-01") is None
    assert dialect.transaction(snapshots_allowed=True)[0].endswith("snapshot")
    assert dialect.transaction(snapshots_allowed=False)[0].endswith("read committed")


def test_an_unknown_database_is_asked_as_the_standard_says() -> None:
    dialect = dialect_of("Informix", "' ")
    arrival = Dialect().arrival(Described("c", 93, 19, 0, "datetime", is_unsigned=False))

    assert dialect.quoted("o'x") == "'o''x'"
    assert dialect_of("dBase", " ").quoted("name") == "name"
    assert dialect_of("PostgreSQL", '"') == Postgres()
    assert Dialect().since(arrival, "2026-01-01 08:00:00") == (
        '("c" >= {ts \'2026-01-01 08:00:00\'} or "c" is null)'
    )


@pytest.mark.parametrize(
    ("data_type", "precision", "scale", "select", "declared"),
    [
        ("NUMBER", 10, 0, '"A"', "BIGINT"),
        (
            "NUMBER",
            12,
            2,
            "to_char(\"A\", 'TM9', 'NLS_NUMERIC_CHARACTERS=''.,''')",
            "DECIMAL(12,2)",
        ),
        ("NUMBER", None, None, "to_char(\"A\", 'TM9', 'NLS_NUMERIC_CHARACTERS=''.,''')", "VARCHAR"),
        ("DATE", None, None, "to_char(\"A\", 'SYYYY-MM-DD HH24:MI:SS')", "TIMESTAMP"),
        (
            "TIMESTAMP(6) WITH LOCAL TIME ZONE",
            None,
            6,
            'to_char(sys_extract_utc(cast("A" as timestamp with time zone)), '
            "'SYYYY-MM-DD HH24:MI:SS.FF6') || '+00:00'",
            "TIMESTAMP WITH TIME ZONE",
        ),
        ("CLOB", None, None, '"A"', "VARCHAR"),
        ("BLOB", None, None, '"A"', "BLOB"),
        ("INTERVAL DAY(2) TO SECOND(6)", 2, 6, 'to_char("A")', "VARCHAR"),
    ],
)
def test_oracle_makes_text_of_all_but_whole_numbers_and_bytes(
    data_type: str, precision: int | None, scale: int | None, select: str, declared: str
) -> None:
    known = oracle_column("A", data_type, precision, scale)

    assert (known.select, known.column.declared_type) == (select, declared)


def test_oracle_is_asked_for_new_rows_and_parts() -> None:
    date = oracle_column("A", "DATE", None, None)
    local = oracle_column("A", "TIMESTAMP(6)", None, 6)
    instant = oracle_column("A", "TIMESTAMP(6) WITH TIME ZONE", None, 6)

    assert since_sql(local, "2026-01-01 08:00:00") == (
        '("A" >= timestamp \'2026-01-01 08:00:00\' or "A" is null)'
    )
    assert since_sql(date, "2026-01-01 08:00:00") == (
        '("A" >= cast(timestamp \'2026-01-01 08:00:00\' as date) or "A" is null)'
    )
    assert since_sql(instant, "2026-01-01 08:00:00+07:00") == (
        '("A" >= timestamp \'2026-01-01 01:00:00 +00:00\' or "A" is null)'
    )
    assert since_sql(oracle_column("A", "CHAR", None, None), "x") is None
    assert range_sql(KeyRange("A", None, 0)) == '("A" <= 0 or "A" is null)'
    assert range_sql(KeyRange("A", 0, None)) == '"A" > 0'
    assert range_sql(KeyRange("A", 5, 9)) == '"A" > 5 and "A" <= 9'
    assert range_sql(KeyRange("A", None, None)) is None
