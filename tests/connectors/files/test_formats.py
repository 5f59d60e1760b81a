"""Workbooks, DBF, XML, JSON, Parquet and fixed width: real files, extracted from a drop folder."""

import io
from datetime import date, datetime
from pathlib import Path

import dbf
import duckdb
import openpyxl
import xlwt

from connectors.extract import extract_app
from connectors.registry import App
from tests.connectors.files.drop import Drop
from tests.connectors.files.file_app import FileApp


def _xlsx(sheets: dict[str, list[list[object]]], merged: str = "") -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
        if merged:
            sheet.merge_cells(merged)
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def test_a_report_in_xlsx_is_found_below_its_title_and_above_its_total(drop: Drop) -> None:
    rows: list[list[object]] = [
        ["LAPORAN HARGA PASAR", None, None, None],
        [None],
        ["No", "Nama", "Tanggal", "Harga"],
        [1, "Beras", date(2024, 1, 31), 12500.5],
        [2, "Gula", datetime(2024, 1, 31, 13, 5), 14000],  # noqa: DTZ001  (Excel has no zone)
        ["Jumlah", None, None, 26500.5],
        [None],
        [3, "Garam", date(2024, 2, 1), 0.1],
        ["TOTAL", None, None, 26500.6],
        [None, "Mengetahui, Kepala Dinas"],
    ]
    drop.put("a.xlsx", _xlsx({"Data": rows, "Catatan": [["lain"]]}, merged="A1:D1"))
    app = FileApp(
        drop,
        "{key: ['No'], files: {pattern: '*.xlsx', content: complete, stop_at: '^TOTAL', "
        "skip_rows: '^Jumlah'}, columns: {'No': {type: bigint}, Tanggal: {type: timestamp}, "
        "Harga: {type: 'decimal(12,2)'}, _row: {}}}",
    )

    assert app.rows("No, Nama, cast(Tanggal as varchar), cast(Harga as varchar), _row") == [
        (1, "Beras", "2024-01-30 17:00:00+00", "12500.50", 4),
        (2, "Gula", "2024-01-31 06:05:00+00", "14000.00", 5),
        (3, "Garam", "2024-01-31 17:00:00+00", "0.10", 8),
    ]
    notes = app.read()[2]
    assert any("1 rows of sheet 'Data' are no data (by skip_rows)" in note for note in notes)
    assert any("2 rows of sheet 'Data' are no data (from row 9 on)" in note for note in notes)
    assert any("only its first sheet is read, not Catatan" in note for note in notes)


def test_several_sheets_are_one_table_and_header_rows_are_joined(drop: Drop) -> None:
    header: list[list[object]] = [["Nama", "Alamat", None], [None, "Jalan", "RT"]]
    sheets = {
        "Ciledug": [*header, ["a", "Jl. A", 1]],
        "Cipondoh": [*header, ["b", "Jl. B", "01"]],
        "Rekap": [["x"]],
    }
    drop.put("a.xlsx", _xlsx(sheets, merged="B1:C1"))
    entry = (
        "{key: [_sheet, _row], files: {pattern: '*.xlsx', content: complete, header: 1, "
        "header_rows: 2, sheets: 'Ci*'}}"
    )

    assert FileApp(drop, entry).rows('_sheet, _row, Nama, "Alamat Jalan", "Alamat RT"') == [
        ("Ciledug", 3, "a", "Jl. A", "1"),
        ("Cipondoh", 3, "b", "Jl. B", "01"),
    ]


def test_each_sheet_of_a_workbook_may_be_a_table_of_its_own(drop: Drop) -> None:
    sheets = {
        "soal": [["kode", "soal"], [1, "a"], [2, "b"]],
        "jawaban": [["kode", "nilai"], [9, 5]],
    }
    drop.put("a.xlsx", _xlsx(sheets))
    files = "files: {pattern: '*.xlsx', content: complete, sheets: [%s]}"
    app = FileApp(drop, f"{{key: [kode], {files % 'soal'}, columns: {{soal: {{}}}}}}")
    other = {"key": ["kode"], "mode": "snapshot", "columns": {"nilai": {"type": "bigint"}}}
    other["files"] = {"pattern": "*.xlsx", "content": "complete", "sheets": ["jawaban"]}
    said = app.app.model_dump(by_alias=True, exclude_unset=True)
    app.app = App.model_validate({**said, "tables": {**said["tables"], "answers": other}})
    result = extract_app(app.app, drop.settings)

    landed = [(table.table, table.rows_landed, table.source_rows) for table in result.tables]
    assert landed == [("prices", 2, 2), ("answers", 1, 1)], result.sentence()


def test_a_first_file_that_just_came_is_waited_for_and_named(drop: Drop) -> None:
    drop.put("a.csv", "kode;nama\n1;x\n", age=2)
    app = FileApp(drop, "{key: [kode], files: {pattern: '*.csv', content: complete}}")
    result = app.extract()

    assert result.outcome == "failed"
    assert "there is no file *.csv to read yet (" in result.message
    assert "a.csv" in result.message and "left for the next run" in result.message


def test_what_stands_once_above_or_beside_rows_counts_for_all_of_them(drop: Drop) -> None:
    def school(npsn: str, *rows: list[object]) -> list[list[object]]:
        return [["DATA SISWA"], ["NPSN", ":", npsn], [None], ["NAMA", "KELAS"], *rows]

    sheets = {
        "SDN 1": school("20605001", ["Ani", "1A"], ["Budi", None], [None], ["Cici", "1B"]),
        "SDN 2": [["NAMA", "KELAS"], ["Dodi", None]],
    }
    drop.put("a.xlsx", _xlsx(sheets))
    app = FileApp(
        drop,
        "{key: [_sheet, NAMA], files: {pattern: '*.xlsx', content: complete, sheets: '*', "
        "fill_down: [KELAS], above: {npsn: 'NPSN *: *([0-9]+)'}}, columns: {KELAS: {}, npsn: {}}}",
    )

    assert app.rows("_sheet, npsn, NAMA, KELAS") == [
        ("SDN 1", "20605001", "Ani", "1A"),
        ("SDN 1", "20605001", "Budi", "1A"),
        ("SDN 1", "20605001", "Cici", "1B"),
        ("SDN 2", None, "Dodi", None),
    ]
    assert "a.xlsx: sheet 'SDN 2' has no npsn above its header" in app.read()[2]


def test_totals_of_many_sheets_are_told_in_one_sentence(drop: Drop) -> None:
    sheets = {f"SDN {n}": [["NAMA", "KELAS"], ["Ani", "1A"], ["JUMLAH", 1]] for n in range(9)}
    drop.put("a.xlsx", _xlsx(sheets))
    app = FileApp(
        drop,
        "{key: [_sheet, NAMA], files: {pattern: '*.xlsx', content: complete, sheets: '*', "
        "stop_at: '^JUMLAH'}}",
    )

    rows, _, notes = app.read()
    assert len(rows) == 9
    assert notes == ["a.xlsx: 9 rows of 9 sheets are no data"]


def test_a_sheet_of_many_may_be_empty_below_its_header(drop: Drop) -> None:
    drop.put("a.xlsx", _xlsx({"SDN 1": [["NAMA"], ["Ani"], ["JUMLAH"]], "SDN 2": [["NAMA"]]}))
    app = FileApp(
        drop,
        "{key: [_sheet, NAMA], files: {pattern: '*.xlsx', content: complete, sheets: '*', "
        "skip_rows: '^JUMLAH'}}",
    )

    assert [row["NAMA"] for row in app.read()[0]] == ["Ani"]


def test_a_legacy_xls(drop: Drop) -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("Data")
    as_date = xlwt.XFStyle()
    as_date.num_format_str = "dd/mm/yyyy"
    sheet.write_merge(0, 0, 0, 2, "REKAP")
    for place, name in enumerate(["Kode", "Tanggal", "Nilai"]):
        sheet.write(2, place, name)
    for place, value in enumerate(["007", date(2024, 1, 31), 3]):
        sheet.write(3, place, value, as_date if place == 1 else xlwt.XFStyle())
    held = io.BytesIO()
    book.save(held)
    drop.put("a.xls", held.getvalue())

    rows, _, _ = FileApp(drop, "files: {pattern: '*.xls', content: complete}").read()
    assert rows == [{"Kode": "007", "Tanggal": "2024-01-31", "Nilai": "3"}]


def test_dbf_with_memo_deleted_records_and_a_dos_encoding(drop: Drop) -> None:
    path = str(drop.folder / "wp.dbf")
    spec = "nop C(18); nama C(20); luas N(10,2); besar N(18,0); tgl D; aktif L; ket M"
    table = dbf.Table(path, spec, codepage="cp850", dbf_type="db3")
    with table.open(dbf.READ_WRITE):
        table.append(("367101", "Café", 12.5, 123456789012345678, dbf.Date(2024, 1, 31), True, "é"))
        table.append(("367102", "Budi", 1, 1, None, False, ""))
        table.append(("367103", "Ani", None, None, None, None, ""))
    content = Path(path).read_bytes().replace(b" 367102", b"*367102")  # deleted
    # A number that did not fit and a date that is none, as old programs leave them.
    content = content.replace(b"12.50", b"*****").replace(b"20240131", b"20240231")
    content = content.replace(b"123456789012345680", b"123456789012345678")
    drop.put("wp.dbf", content)
    drop.touch("wp.dbt")
    app = FileApp(drop, "{key: [NOP], files: {pattern: '*.dbf', content: complete}}")

    assert app.rows("NOP, NAMA, LUAS, BESAR, TGL, AKTIF, KET") == [
        ("367101", "Café", None, 123456789012345678, None, True, "é"),
        ("367103", "Ani", None, None, None, None, None),
    ]
    [(rule, reason, _)] = app.quarantine()
    assert rule == "undecodable_value"
    assert "LUAS" in reason and "TGL" in reason
    assert app.read()[2] == ["wp.dbf: 1 records are marked as deleted"]


def test_a_dbf_that_is_cut_off_is_not_loaded(drop: Drop) -> None:
    path = str(drop.folder / "a.dbf")
    table = dbf.Table(path, "kode C(10)", dbf_type="db3")
    with table.open(dbf.READ_WRITE):
        for number in range(10):
            table.append((str(number),))
    drop.put("a.dbf", Path(path).read_bytes()[:-60])

    result = FileApp(drop, "files: {pattern: '*.dbf', content: complete}").extract()
    assert result.message.startswith("pasar.prices: a.dbf is cut off: its header says 10 records")


def test_xml_rows_by_path_and_no_outside_entity(drop: Drop) -> None:
    secret = drop.put("secret.txt", "rahasia")
    drop.put(
        "a.xml",
        f"""<?xml version="1.0" encoding="ISO-8859-1"?>
        <!DOCTYPE d [<!ENTITY out SYSTEM "file://{secret}">]>
        <d xmlns="urn:x"><meta><warga nik="9"/></meta>
        <data><warga nik="1"><nama>Jos\xe9</nama><alamat><kota kode="36">Tangerang</kota></alamat>
        <hp>1</hp><hp>2</hp></warga>
        <warga nik="2"><nama>&out;</nama><lain>x</lain></warga></data></d>""".encode("latin-1"),
    )
    entry = (
        "{key: [nik], files: {pattern: '*.xml', content: complete, xml: {row: data/warga}}, "
        "columns: {kota: {path: alamat/kota}, kode_kota: {path: alamat/kota/@kode}}}"
    )

    rows = FileApp(drop, entry).rows("nik, nama, kota, kode_kota, hp, lain, alamat like '<%'")
    assert rows[0] == ("1", "José", "Tangerang", "36", '["1", "2"]', None, True)
    assert "rahasia" not in str(rows)
    assert [(row[0], row[-2]) for row in rows] == [("1", None), ("2", "x")]


def test_json_lines_keep_exact_numbers_and_set_broken_lines_aside(drop: Drop) -> None:
    drop.put(
        "a.jsonl",
        '{"id": 12345678901234567890, "harga": 0.10, "alamat": {"rt": [1, 2.50]}}\n'
        "\n{broken\n[1]\n"
        '{"id": 2, "aktif": true, "nama": null}\n',
    )
    app = FileApp(
        drop,
        "{key: [id], files: {pattern: '*.jsonl', content: complete}, "
        "columns: {rt2: {path: alamat.rt.1}}}",
    )

    assert app.rows("id, harga, alamat, aktif, nama, rt2") == [
        ("12345678901234567890", "0.10", '{"rt": [1, 2.50]}', None, None, "2.50"),
        ("2", None, None, "true", None, None),
    ]
    assert [(reason, raw) for _, reason, raw in app.quarantine()] == [
        ("a.jsonl, line 3: it is not JSON", "{broken"),
        ("a.jsonl, line 4: it is not a JSON object", "[1]"),
    ]


def test_a_json_document_with_its_rows_inside(drop: Drop) -> None:
    drop.put("a.json", '{"status": "ok", "data": {"items": [{"id": 1.0}, {"id": "x"}]}}')
    entry = "files: {pattern: '*.json', content: complete, rows: data.items}"

    assert FileApp(drop, entry).rows("id") == [("1.0",), ("x",)]


def test_parquet_keeps_its_types(drop: Drop) -> None:
    path = drop.folder / "a.parquet"
    duckdb.sql(
        "select 1::integer as id, 1.50::decimal(9,2) as harga, date '2024-01-31' as tgl"
    ).write_parquet(str(path))
    drop.touch("a.parquet")
    app = FileApp(drop, "{key: [id, _row], files: {pattern: '*.parquet', content: complete}}")

    assert app.rows("id, cast(harga as varchar), tgl, _row") == [(1, "1.50", date(2024, 1, 31), 1)]


def test_fixed_width_counts_characters(drop: Drop) -> None:
    drop.put("a.txt", "0001José Ñ   00125\n0002Budi\n\x1a".encode())
    entry = (
        "{key: [kode], files: {pattern: '*.txt', content: complete, format: fixed, fixed: ["
        "{name: kode, start: 1, width: 4}, {name: nama, start: 5, width: 9}, "
        "{name: jumlah, start: 14, width: 5}]}, columns: {jumlah: {type: bigint}}}"
    )

    assert FileApp(drop, entry).rows("kode, nama, jumlah") == [
        ("0001", "José Ñ", 125),
        ("0002", "Budi", None),
    ]


def test_a_damaged_file_fails_with_its_name(drop: Drop) -> None:
    for name, entry in {
        "a.xlsx": "files: {pattern: a.xlsx, content: complete}",
        "a.parquet": "files: {pattern: a.parquet, content: complete}",
        "a.dbf": "files: {pattern: a.dbf, content: complete}",
        "a.xml": "files: {pattern: a.xml, content: complete, xml: {row: r}}",
        "a.json": "files: {pattern: a.json, content: complete}",
        "a.bin": "files: {pattern: a.bin, content: complete}",
    }.items():
        drop.put(name, b"\x00broken")
        result = FileApp(drop, entry).extract()
        assert result.outcome == "failed"
        assert result.message.startswith(f"pasar.prices: {name} ")
