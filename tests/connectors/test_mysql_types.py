"""Every MariaDB type, with a value that is easy to lose, into the lake; it writes docs/types.md."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from kota.settings import Settings
from tests.connectors.legacy_mysql import MysqlApp, MysqlServer, running_server
from tests.connectors.types_table import TypeRow, check_section

pytestmark = pytest.mark.integration


@dataclass(frozen=True)
class Case:
    """A column of one type with one value."""

    column: str
    """Its type at the source, as in CREATE TABLE."""
    value: str
    """SQL of the value."""
    lake_type: str
    lake: str | None
    """The value in the lake as text; bytes in hexadecimal, instants in UTC."""
    lost: str = "nothing"
    note: str = ""
    """What the example is, where its SQL does not show it."""

    @property
    def row(self) -> TypeRow:
        """Its line of the documentation."""
        landed = "NULL" if self.lake is None else f"`{self.lake or chr(39) * 2}`"
        text = self.value[1:-1] if self.value.startswith("'") else self.value
        example = f"`{text or chr(39) * 2}`" + (f" ({self.note})" if self.note else "")
        return TypeRow(f"`{self.column}`", example, f"`{self.lake_type}` {landed}", self.lost)


INSTANT = "TIMESTAMP WITH TIME ZONE"
UNREADABLE = "kept as text in the quarantine (`undecodable_value`)"
LONG_TEXT = "ab" * 40
"""Longer than the scanner's own buffer."""

PLAIN = [
    Case("tinyint(1)", "2", "BIGINT", "2"),
    Case("tinyint unsigned", "255", "BIGINT", "255"),
    Case("smallint", "-32768", "BIGINT", "-32768"),
    Case("mediumint unsigned", "16777215", "BIGINT", "16777215"),
    Case("int(5) zerofill", "42", "BIGINT", "42", "leading zeros, which are only for display"),
    Case("bigint", "-9223372036854775808", "BIGINT", "-9223372036854775808"),
    Case("bigint unsigned", "18446744073709551615", "DECIMAL(20,0)", "18446744073709551615"),
    Case("decimal(10,2) unsigned", "99999999.99", "DECIMAL(10,2)", "99999999.99"),
    Case("decimal(20,0)", "99999999999999999999", "DECIMAL(20,0)", "99999999999999999999"),
    Case("decimal(38,10)", f"-{'9' * 28}.1234567891", "DECIMAL(38,10)", f"-{'9' * 28}.1234567891"),
    Case("float", "0.1", "DOUBLE", "0.1"),
    Case("double", "1.7976931348623157e308", "DOUBLE", "1.7976931348623157e+308"),
    Case("bit(1)", "b'1'", "BOOLEAN", "true"),
    Case("bit(9)", "b'100000001'", "BIGINT", "257"),
    Case("bit(64)", "~0", "DECIMAL(20,0)", "18446744073709551615", note="all bits set"),
    Case("year", "1901", "BIGINT", "1901"),
    Case("time", "'838:59:59'", "VARCHAR", "838:59:59"),
    Case("time(3)", "'-838:59:58.500'", "VARCHAR", "-838:59:58.5", "zeros at the end"),
    Case("date", "'1000-01-01'", "DATE", "1000-01-01"),
    Case("date", "'0000-00-00'", "DATE", None, "nothing; zeros say that there is none"),
    Case("datetime(6)", "'2024-02-29 23:59:59.123456'", INSTANT, "2024-02-29 16:59:59.123456+00"),
    Case("datetime", "'0000-00-00'", INSTANT, None, "nothing; zeros say that there is none"),
    Case(
        "timestamp",
        "'2024-03-01 07:00:00'",
        INSTANT,
        "2024-03-01 00:00:00+00",
        note="written in a session at +07:00",
    ),
    Case("timestamp", "'0000-00-00'", INSTANT, None, "nothing; zeros say that there is none"),
    Case("char(5)", "'ab  '", "VARCHAR", "ab", "spaces at the end, as the server gives it"),
    Case("varchar(9)", "'ab  '", "VARCHAR", "ab  "),
    Case("varchar(9) character set latin1", "'é€ß'", "VARCHAR", "é€ß"),
    Case("varchar(9) character set latin2", "'łódź'", "VARCHAR", "łódź"),
    Case("varchar(9) character set utf8mb3", "'Žižkov'", "VARCHAR", "Žižkov"),
    Case("varchar(9) character set utf8mb4", "'😀 ꦗꦮ'", "VARCHAR", "😀 ꦗꦮ"),
    Case("varchar(9) collate utf8mb4_bin", "'Abc'", "VARCHAR", "Abc"),
    Case(
        "varchar(30) character set latin1",
        "convert(x'436166C3A9' using latin1)",
        "VARCHAR",
        "CafÃ©",
        "nothing; it arrives as it is stored, and what it meant is for staging to say",
        "UTF-8 stored as latin1",
    ),
    Case("text", "''", "VARCHAR", ""),
    Case("longtext", f"repeat('ab', {len(LONG_TEXT) // 2})", "VARCHAR", LONG_TEXT),
    Case("enum('baru','selesai')", "'selesai'", "VARCHAR", "selesai"),
    Case("enum('baru','selesai')", "'hilang'", "VARCHAR", "", note="an invalid member"),
    Case("set('a','b','c')", "'c,a'", "VARCHAR", "a,c"),
    Case("json", """'{"a": [1, null]}'""", "VARCHAR", '{"a": [1, null]}'),
    Case("binary(4)", "x'ff00'", "BLOB", "FF000000"),
    Case("varbinary(9)", "x'c3280066'", "BLOB", "C3280066"),
    Case("longblob", "x'89504e470d0a1a0a00'", "BLOB", "89504E470D0A1A0A00"),
    Case(
        "uuid",
        "'123e4567-e89b-12d3-a456-426655440000'",
        "VARCHAR",
        "123e4567-e89b-12d3-a456-426655440000",
    ),
    Case("inet4", "'10.0.0.1'", "VARCHAR", "10.0.0.1"),
    Case("inet6", "'2001:db8::1'", "VARCHAR", "2001:db8::1"),
    Case(
        "point",
        "ST_GeomFromText('POINT(106.6319 -6.1783)', 4326)",
        "BLOB",
        struct.pack("<BIdd", 1, 1, 106.6319, -6.1783).hex().upper(),
        "the number of the reference system; the value is WKB",
    ),
    Case(
        "geometry",
        "ST_GeomFromText('LINESTRING(0 0,1 1)')",
        "BLOB",
        "010200000002000000" + "00" * 16 + "000000000000F03F" * 2,
        "the number of the reference system; the value is WKB",
    ),
    Case("int as (1 + 1) virtual", "default", "BIGINT", "2", note="generated"),
    Case("varchar(9) as (concat('a', 'b')) stored", "default", "VARCHAR", "ab", note="generated"),
    Case("int invisible", "7", "BIGINT", "7"),
]
HARD = [
    Case("decimal(65,30)", f"-{'9' * 35}.{'1' * 30}", "VARCHAR", f"-{'9' * 35}.{'1' * 30}",
         "nothing; no type of the lake has so many digits"),
    Case("date", "'2024-00-00'", "DATE", None, UNREADABLE),
    Case("date", "'2024-05-00'", "DATE", None, UNREADABLE),
    Case("date", "'2024-00-05'", "DATE", None, UNREADABLE),
    Case("date", "'2024-02-31'", "DATE", None, UNREADABLE),
    Case("datetime", "'2024-05-00 10:30:00'", INSTANT, None, UNREADABLE),
]  # fmt: skip
TABLES = {"plain": PLAIN, "hard": [*PLAIN, *HARD]}


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MysqlServer]:
    """A server with the cases: those that the scanner can read, and all."""
    with running_server(tmp_path_factory.mktemp("mysql")) as server:
        for name, cases in TABLES.items():
            columns = ", ".join(f"c{i} {case.column}" for i, case in enumerate(cases))
            names = ", ".join(f"c{i}" for i in range(len(cases)))
            values = ", ".join(case.value for case in cases)
            server.run(
                f"create table {name} (id int primary key, {columns}) "
                "row_format = dynamic default charset utf8mb4;\n"
                "set time_zone = '+07:00';\n"
                f"insert into {name} (id, {names}) values (1, {values});\n"
                f"insert into {name} (id) values (2)"
            )
        yield server


@pytest.mark.parametrize("table", TABLES)
def test_every_type_survives_or_says_why_not(
    source: MysqlServer, settings: Settings, table: str
) -> None:
    cases = TABLES[table]
    app = MysqlApp(source, settings, {table: {"key": ["id"], "mode": "snapshot"}})
    result = app.extract()
    assert not result.failed, result.sentence()

    shown = ", ".join(
        f"typeof(c{i}), " + (f"hex(c{i})" if case.lake_type == "BLOB" else f"cast(c{i} as varchar)")
        for i, case in enumerate(cases)
    )
    first, second = app.rows(table, f"id, {shown}")
    landed = list(zip(first[1::2], first[2::2], strict=True))
    assert landed == [(case.lake_type, case.lake) for case in cases]
    assert set(second[2::2]) == {None, "2", "ab"}  # the generated ones are never empty

    (run,) = result.tables
    lost = [case for case in cases if case.lost == UNREADABLE]
    assert run.rows_quarantined == bool(lost)
    for entry in app.quarantined(table):
        assert (entry.rule, entry.is_loaded) == ("undecodable_value", True)
        assert all(case.value.strip("'") in entry.raw for case in lost)

    again = app.extract()
    assert [table.outcome for table in again.tables] == ["unchanged"]


def test_the_documentation_says_what_was_proved() -> None:
    check_section("mysql", [case.row for case in TABLES["hard"]])


def test_a_changed_row_arrives_as_the_first_reading_gave_it(
    source: MysqlServer, settings: Settings
) -> None:
    # The first reading is the scanner's, the later ones are by statements of ours with dates as
    # text: if they differed in any value, every row of the look-back would count as changed.
    table = {"key": ["id"], "mode": "incremental", "cursor": "id"}
    app = MysqlApp(source, settings, {"plain": table})
    first, second = app.extract(), app.extract()

    assert not first.failed, first.sentence()
    assert [(t.outcome, t.rows_read) for t in second.tables] == [("unchanged", 2)]


def test_bytes_that_are_no_text_cost_no_other_value(
    source: MysqlServer, settings: Settings
) -> None:
    source.run(
        "create table broken (id int primary key, name varchar(20), amount decimal(9,2)) "
        "engine = myisam default charset utf8mb4;\n"
        "insert into broken values (1, 'Sri CafeX', 10.5), (2, 'Budi', 20)"
    )
    source.run("flush tables laksa.broken", as_root=True)
    # Old servers stored what they were given; this one has to be deceived.
    rows = source.server.data_dir / "laksa" / "broken.MYD"
    rows.write_bytes(rows.read_bytes().replace(b"CafeX", b"Caf\xe9\xff"))
    app = MysqlApp(source, settings, {"broken": {"key": ["id"], "mode": "snapshot"}})
    result = app.extract()

    assert not result.failed, result.sentence()
    found = app.rows("broken", "id, name, cast(amount as varchar)")
    assert found == [(1, "Sri Caf\\xe9\\xff", "10.50"), (2, "Budi", "20.00")]


NAMES = [
    "with space",
    'double"quote',
    "single'quote",
    "back`tick",
    "back\\slash",
    "a.dot",
    "Select",
    "UPPER",
    "upper",
    "Größe_ꦗ",
    "percent%s",
    "$1",
    "123",
]


def test_any_name_of_a_table_or_column_will_do(source: MysqlServer, settings: Settings) -> None:
    tables = {}
    for number, name in enumerate(NAMES):
        quoted = "`" + name.replace("`", "``") + "`"
        column = "`lower`" if name.lower() == "upper" else quoted
        source.run(
            f"create table {quoted} (id int primary key, {column} varchar(9));\n"
            f"insert into {quoted} values ({number}, 'sound')"
        )
        tables[f"t{number}"] = {"source": name, "key": ["id"], "mode": "snapshot"}
    source.run("create view `a view.` as select id as `the id`, 'sound' as v from `with space`")
    tables["seen"] = {"source": "a view.", "key": ["the id"], "mode": "snapshot"}
    app = MysqlApp(source, settings, tables)
    with app.reader() as reader:
        read = {
            name: [
                [row[column.name] for row in batch.to_pylist()]
                for column in columns
                for batch in reader.read(name, columns, None)
            ]
            for name in tables
            for columns in [reader.describe(name)]
        }

    assert read.pop("seen") == [[0], ["sound"]]
    assert read == {f"t{number}": [[number], ["sound"]] for number in range(len(NAMES))}


def test_a_page_that_says_something_else_is_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.connectors.types_table.WRITES", False)
    page = tmp_path / "types.md"
    page.write_text("<!-- x -->\n<!-- /x -->\n", "utf-8")
    with pytest.raises(AssertionError, match="run with KOTA_WRITE_DOCS=1 to write it"):
        check_section("x", [PLAIN[0].row], page)
