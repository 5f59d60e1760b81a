"""Tables as the marts' contracts promise them, with made-up rows, where a test wrote none itself.

A dataset that asks for a column its mart does not promise fails here, before it fails a city.
"""

from collections.abc import Iterator

import duckdb
import yaml

from kota.settings import PROJECT_ROOT

QUALITY = PROJECT_ROOT / "expectations" / "quality" / "schema.sql"
MARTS = PROJECT_ROOT / "dbt_project" / "models" / "marts"
ROWS = 60

# A value for row ``i``, by how the column ends or by its type: enough for every chart to draw.
BY_NAME = {
    "kecamatan_name": "['Tangerang', 'Ciledug', 'Tidak diketahui'][1 + i % 3]",
    "department_code": "['dlh', 'dishub', 'dpmptsp'][1 + i % 3]",
    "department_name": "['Dinas A', 'Dinas B', 'Dinas C'][1 + i % 3]",
    "source_app": "['laksa', 'perizinan', 'siapkerja'][1 + i % 3]",
    "area_level": "['kecamatan', 'kelurahan', 'city'][1 + i % 3]",
    "integration_status": "['integrated', 'planned', 'none'][1 + i % 3]",
    "scope": "['city', 'department', 'kecamatan'][1 + i % 3]",
    "measure": "['complaints_red', 'complaints_yellow', 'complaints_green', 'complaints_today', "
    "'complaints_oldest_days', 'calls_open', 'calls_newest_day', 'price_alarms'][1 + i // 3 % 8]",
    "area_code_kemendagri": "['36.71.01', '36.71.01.' || (1001 + i % 8), '36.71'][1 + i % 3]",
    "app": "['laksa', 'perizinan', 'segar'][1 + i % 3]",
    "table_name": "['marts.fct_complaints', 'pengaduan', 'permohonan'][1 + i % 3]",
    "age_band_order": "1 + i % 4",
    "principle_order": "1 + i % 4",
    "is_current": "i = 0",
    "severity": "['critical', 'warning'][1 + i % 2]",
    "budget_year": "2025 + i % 2",
    "tax_year": "2024 + i % 3",
}
BY_TYPE = {
    "varchar": "'{column} ' || (i % 7)",
    "date": "DATE '2026-11-22' - (i * 5)::INT",
    "timestamp with time zone": "TIMESTAMPTZ '2026-11-22 08:10:00+00' - to_hours(i)",
    "boolean": "i % 4 = 0",
    "double": "10.0 + i",
    "bigint": "5 + i",
    "integer": "5 + i",
}


def create_promised_tables(connection: duckdb.DuckDBPyConnection) -> None:
    """Create each mart that does not exist yet in the schema ``marts``."""
    found = connection.execute(
        "SELECT table_name FROM information_schema.tables WHERE table_schema = 'marts'"
    )
    existing = {row[0] for row in found.fetchall()}
    for name, columns in _contracts():
        if name not in existing:
            values = ", ".join(_value(*column) for column in columns)
            connection.execute(
                f"CREATE TABLE marts.{name} AS SELECT {values} FROM range({ROWS}) AS t(i)"
            )


def create_quality_tables(connection: duckdb.DuckDBPyConnection) -> None:
    """Create schema ``quality`` as a publication has it, each table with made-up rows."""
    connection.execute(QUALITY.read_text("utf-8"))
    columns = connection.execute(
        "SELECT table_name, column_name, lower(data_type) FROM information_schema.columns "
        "WHERE table_schema = 'quality' ORDER BY table_name, ordinal_position"
    ).fetchall()
    for table in dict.fromkeys(column[0] for column in columns):
        values = ", ".join(_value(name, kind) for of, name, kind in columns if of == table)
        connection.execute(
            f"INSERT INTO quality.{table} SELECT {values} FROM range({ROWS}) AS t(i)"
        )


def _contracts() -> Iterator[tuple[str, list[tuple[str, str]]]]:
    for path in sorted(MARTS.glob("*.yml")):
        for model in yaml.safe_load(path.read_text("utf-8"))["models"]:
            yield (
                model["name"],
                [(column["name"], column["data_type"]) for column in model["columns"]],
            )


def _value(column: str, data_type: str) -> str:
    expression = BY_NAME.get(column) or BY_TYPE.get(data_type, "1000000.0 + i")
    return f"({expression.format(column=column)})::{data_type} AS {column}"
