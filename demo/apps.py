"""The city's legacy apps, each with its tables and what holds them."""

from demo import laksa_schema, perizinan_schema, segar_schema
from demo.app import App, Personal
from demo.databases import MariaDB, PostgreSQL, SQLite
from demo.laksa import laksa_tables
from demo.perizinan import perizinan_tables
from demo.permit_types import OFFICERS
from demo.prices import Prices, segar_tables
from demo.service import segar_service

_LAKSA = App(
    "laksa",
    lambda city: laksa_tables(city.complaints),
    MariaDB(laksa_schema.MARIADB_TABLES, laksa_schema.SQLITE_TABLES),
    personal=(Personal("pengguna", phone="no_hp", email="email"),),
)
_PERIZINAN = App(
    "perizinan",
    lambda city: perizinan_tables(city.permits),
    PostgreSQL(perizinan_schema.SCHEMA, perizinan_schema.TABLES, perizinan_schema.INDEXES),
    personal=(Personal("pemohon", phone="telepon", email="email"),),
    staff=OFFICERS,
)
_SEGAR = App(
    "segar",
    lambda city: segar_tables(Prices(city.spec, city.day)),
    SQLite(segar_schema.TABLES, segar_schema.INDEXES, journal=segar_schema.JOURNAL),
    service=segar_service(),
)

APPS = {app.id: app for app in (_LAKSA, _PERIZINAN, _SEGAR)}
"""By id."""
