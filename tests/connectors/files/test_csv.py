"""Delimited text as offices write it, extracted from a drop folder."""

from tests.connectors.files.drop import Drop
from tests.connectors.files.file_app import FileApp

WHOLE = "files: {pattern: '*.csv', content: complete}"


def test_a_csv_of_an_office_lands_typed(drop: Drop) -> None:
    drop.put(
        "harga.csv", "id;nama;harga;tgl\r\n1;Café “Ayu”;1.234,50;31/01/2024\r\n".encode("cp1252")
    )
    app = FileApp(
        drop,
        "{key: [id], files: {pattern: '*.csv', content: complete}, columns: {id: {type: bigint}, "
        "harga: {type: 'decimal(12,2)', decimal: ','}, tgl: {type: date, format: '%d/%m/%Y'}}}",
    )

    assert app.rows("id, nama, cast(harga as varchar), cast(tgl as varchar)") == [
        (1, "Café “Ayu”", "1234.50", "2024-01-31")
    ]


def test_every_bad_row_is_kept_with_its_line_and_costs_no_other(drop: Drop) -> None:
    lines = [
        "id;nama;catatan",
        '1;a;"dua\r\nbaris"',  # lines 2 and 3
        "2;kurang",
        "",
        "3;b;c;lebih",
        '4;b;"dua\r\nbaris";lebih',  # lines 7 and 8
        '5;"a"b;c',
        '6;pipa 5";c',
        '7;"tak ditutup;c',
        "8;x;y",
        '9;"x ""y""";z',
    ]
    drop.put("a.csv", "\r\n".join(lines))
    app = FileApp(drop, "{key: [_file, _row], files: {pattern: '*.csv', content: complete}}")

    assert app.rows("id, nama, catatan, _row, _file") == [
        ("1", "a", "dua\r\nbaris", 2, "a.csv"),
        ("6", 'pipa 5"', "c", 10, "a.csv"),
        ("8", "x", "y", 12, "a.csv"),
        ("9", 'x "y"', "z", 13, "a.csv"),
    ]
    assert [(reason.split(":")[0], raw) for _, reason, raw in app.quarantine()] == [
        ("a.csv, line 11", '7;"tak ditutup;c'),
        ("a.csv, line 4", "2;kurang"),
        ("a.csv, line 6", "3;b;c;lebih"),
        ("a.csv, line 7", '4;b;"dua\r\nbaris";lebih'),
        ("a.csv, line 9", '5;"a"b;c'),
    ]


def test_rows_do_not_depend_on_where_blocks_end(drop: Drop) -> None:
    """A file of several blocks, quoted line ends and bad rows all over it."""
    good, bad, text = [], [], ["id,nama,catatan\n"]
    line = 2
    for number in range(20_000):
        if number % 100 == 7:
            bad.append(line)
            kinds = ("{0},a\n", "{0},a,b,c\n", '{0},"a"b,c\n', '{0},a,"b\n')
            record = kinds[number // 100 % 4].format(number)
        else:
            good.append(line)
            record = f'{number},"a ""b""","c\nd, é"\n' if number % 3 else f"{number},é,c\n"
        text.append(record)
        line += record.count("\n")
    drop.put("a.csv", "".join(text))
    rows, rejected, _ = FileApp(drop, "{key: [id, _row], " + WHOLE + "}").read()

    assert [row["_row"] for row in rows] == good
    assert [int(each.reason.split("line ")[1].split(":")[0]) for each in rejected] == bad
    assert {row["nama"] for row in rows} == {"é", 'a "b"'}


def test_title_lines_header_and_footer_are_no_rows(drop: Drop) -> None:
    drop.put("a.csv", "LAPORAN\n\nid|nama|nama|\n1|a|b|c\n2|a|b|c\nTotal|2\n-- selesai --\n")
    entry = "files: {pattern: '*.csv', content: complete, header: 3, csv: {skip_footer: 2}}"

    assert FileApp(drop, entry).rows("columns(c -> c not like '_kota%')") == [
        ("1", "a", "b", "c"),
        ("2", "a", "b", "c"),
    ]
    rows, rejected, _ = FileApp(drop, entry).read()
    assert list(rows[0]) == ["id", "nama", "nama_2", "kolom_4"]
    assert rejected == []


def test_without_a_header_the_registry_names_the_columns(drop: Drop) -> None:
    drop.put("a.csv", "1,a\n2,NULL\n")
    entry = (
        "{files: {pattern: '*.csv', content: complete, header: 0, nulls: ['NULL']}, "
        "columns: {id: {type: bigint}, nama: {}}}"
    )

    assert FileApp(drop, entry).rows("id, nama") == [(1, "a"), (2, None)]


def test_encodings_are_recognised(drop: Drop) -> None:
    for name, content in {
        "bom.csv": "\ufeffid,nama\n1,Café\n".encode(),
        "utf16.csv": "id,nama\n1,Café\n".encode("utf-16"),
        "utf16le.csv": "id,nama\n1,Café\n".encode("utf-16-le"),
        "dos.csv": "id,nama\n1,Café crème brûlée à la carte déjà vu\n".encode("cp850"),
    }.items():
        drop.put(name, content)
        entry = f"files: {{pattern: {name}, content: complete}}"
        rows, _, notes = FileApp(drop, entry).read()
        assert (rows[0]["id"], rows[0]["nama"][:4], notes) == ("1", "Café", []), name


def test_a_stray_byte_costs_nothing_and_is_noted(drop: Drop) -> None:
    drop.put("a.csv", b"id,nama\n1,Caf\xc3\xa9\n2,Caf\xe9 \x81\n")
    rows, rejected, notes = FileApp(drop, WHOLE).read()

    assert [row["nama"] for row in rows] == ["Café", "Café \x81"]
    assert rejected == []
    assert notes == [
        "a.csv: 2 bytes are not utf-8 (the first in line 3) and were read as cp1252; "
        "set encoding if that is wrong"
    ]


def test_columns_are_matched_by_name_across_files(drop: Drop) -> None:
    app = FileApp(
        drop,
        "{key: [id], mode: append, files: {pattern: '*.csv', content: part}, columns: {b: {}}}",
    )
    drop.put("1.csv", "id,a,b\n1,a1,b1\n", age=9000)
    drop.put("2.csv", "B,ID,new\nb2,2,n2\n", age=8000)
    first = app.rows("id, a, b, new")
    drop.put("3.csv", "id,a\n3,a3\n", age=7000)

    assert first == [("1", "a1", "b1", None), ("2", None, "b2", "n2")]
    assert app.rows("id, a, b, new")[2:] == [("3", "a3", None, None)]


def test_a_new_whole_file_replaces_the_table_and_a_resent_one_does_nothing(drop: Drop) -> None:
    app = FileApp(drop, "{key: [id], files: {pattern: '*.csv', content: complete}}")
    drop.put("0.csv", "id,a\n0,w\n", age=9500)
    drop.put("1.csv", "id,a\n1,x\n2,y\n", age=9000)
    assert app.rows("id") == [("1",), ("2",)]
    drop.put("2.csv", "id,a\n2,y\n3,z\n", age=8000)

    result = app.extract()
    assert (result.rows_landed, result.rows_deleted, result.source_rows) == (1, 1, 2)
    assert app.current("id, a") == [("2", "y"), ("3", "z")]
    drop.put("3.csv", "id,a\n2,y\n3,z\n", age=7000)
    assert app.extract().outcome == "unchanged"


def test_a_wrong_column_name_in_the_registry_is_no_silence(drop: Drop) -> None:
    drop.put("a.csv", "id,nik\n1,2\n")
    app = FileApp(drop, "{" + WHOLE + ", columns: {NIKK: {policy: drop}}}")

    assert "the source has no column NIKK" in app.extract().message


def test_old_macintosh_lines_and_backslash_escapes(drop: Drop) -> None:
    drop.put("mac.csv", "id,nama\r1,a\r2,b\r")
    rows, _, _ = FileApp(drop, "files: {pattern: mac.csv, content: complete}").read()
    assert [row["nama"] for row in rows] == ["a", "b"]
    drop.put("dump.csv", 'id,nama,x\n1,"a \\"b\\", c",d\n')
    entry = 'files: {pattern: dump.csv, content: complete, csv: {escape: "\\\\"}}'
    rows, rejected, _ = FileApp(drop, entry).read()
    assert ([row["nama"] for row in rows], rejected) == (['a "b", c'], [])
