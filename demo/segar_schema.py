"""Segar's own database: an SQLite file behind its service."""

from pathlib import Path

from demo.store_sqlite import SQLiteStore

TABLES = {
    "komoditas": """
        CREATE TABLE komoditas (
            id INTEGER PRIMARY KEY, komoditas_name TEXT, komoditas_unit TEXT,
            komoditas_type_name TEXT, komoditas_cluster_name TEXT)""",
    "pasar": """
        CREATE TABLE pasar (
            id INTEGER PRIMARY KEY, pasar_name TEXT, pasar_status TEXT, kecamatan TEXT)""",
    "harga": """
        CREATE TABLE harga (
            id INTEGER PRIMARY KEY, tanggal TEXT, komoditas_id INTEGER, komoditas_name TEXT,
            komoditas_unit TEXT, pasar_id INTEGER, pasar_name TEXT, pasar_status TEXT,
            komoditas_type_name TEXT, komoditas_cluster_name TEXT, harga TEXT, updated_at TEXT)""",
}
INDEXES = ("CREATE INDEX harga_updated_at ON harga (updated_at, id)",)

# A writer must not stop the readers: the service answers while a day is added.
JOURNAL = "WAL"


def segar_store(path: Path) -> SQLiteStore:
    """Segar's file, opened for writing."""
    return SQLiteStore(path, TABLES, INDEXES, journal=JOURNAL)
