"""The city's legacy apps, each with its tables and what holds them."""

from typing import TYPE_CHECKING

from demo import (
    epuskesmas_schema,
    laksa_schema,
    perizinan_schema,
    segar_schema,
    siapkerja_schema,
    simpeg_schema,
)
from demo.anggaran import anggaran_files, anggaran_tables
from demo.app import App, Personal
from demo.berita import berita_files, berita_tables
from demo.budget import Budgets
from demo.call_files import darurat112_files
from demo.calls import Calls
from demo.civil_servants import CivilServants
from demo.clinics import Clinics
from demo.darurat112 import darurat112_tables
from demo.databases import MariaDB, PostgreSQL, SQLite
from demo.drop_folder import Folder
from demo.epuskesmas import epuskesmas_tables
from demo.job_seekers import Seekers
from demo.job_vacancies import Vacancies
from demo.laksa import laksa_tables
from demo.news import News
from demo.pbb import pbb_files, pbb_tables
from demo.pbb_objects import TaxObjects
from demo.perizinan import perizinan_tables
from demo.permit_types import OFFICERS
from demo.prices import Prices, segar_tables
from demo.schools import Schools
from demo.sekolah import sekolah_files, sekolah_tables
from demo.service import news_service, register_service, segar_service
from demo.siak import siak_tables
from demo.siak_files import siak_files
from demo.siapkerja import siapkerja_tables
from demo.simpeg import simpeg_tables
from demo.table import Table
from demo.vaccinations import Vaccinations
from demo.visits import Visits

if TYPE_CHECKING:
    from demo.city import City


def _budgets(city: "City") -> Budgets:
    return Budgets(city.spec, city.day)


def _news(city: "City") -> News:
    return News(city.spec, city.population.areas, city.day)


def _health(city: "City") -> list[Table]:
    clinics = Clinics(city.population.areas)
    return epuskesmas_tables(Visits(city.population, clinics, city.day), city.part(Vaccinations))


def _pupils(table: str) -> tuple[Personal, Personal]:
    """The pupil, and the parent who signed."""
    return (
        Personal(table, name="NAMA SISWA", nik="NIK"),
        Personal(table, name="wali", nik="nik_wali", phone="NO HP"),
    )


_APPS = (
    App(
        "laksa",
        lambda city: laksa_tables(city.complaints),
        MariaDB(laksa_schema.MARIADB_TABLES, laksa_schema.SQLITE_TABLES),
        personal=(Personal("pengguna", phone="no_hp", email="email"),),
    ),
    App(
        "perizinan",
        lambda city: perizinan_tables(city.permits),
        PostgreSQL(perizinan_schema.SCHEMA, perizinan_schema.TABLES, perizinan_schema.INDEXES),
        personal=(Personal("pemohon", phone="telepon", email="email"),),
        staff=OFFICERS,
    ),
    App(
        "segar",
        lambda city: segar_tables(Prices(city.spec, city.day)),
        SQLite(segar_schema.TABLES, segar_schema.INDEXES, journal=segar_schema.JOURNAL),
        service=segar_service(),
    ),
    App(
        "siak",
        lambda city: siak_tables(city.population, city.day),
        Folder(lambda city: siak_files(city.population, city.day)),
        personal=(
            Personal("penduduk", name="NAMA_LGKP", nik="NIK"),
            Personal("keluarga", name="NAMA_KEP", nik="NIK_KEP"),
            Personal("perpindahan", name="NAMA_LENGKAP", nik="NIK"),
        ),
        service=register_service(),
    ),
    App(
        "siapkerja",
        lambda city: siapkerja_tables(city.part(Seekers), city.part(Vacancies)),
        SQLite(siapkerja_schema.TABLES, siapkerja_schema.INDEXES),
        personal=(Personal("pencari_kerja", phone="telp", email="email"),),
    ),
    App(
        "simpeg",
        lambda city: simpeg_tables(city.part(CivilServants)),
        MariaDB(simpeg_schema.MARIADB_TABLES, simpeg_schema.SQLITE_TABLES),
        personal=(Personal("pegawai", phone="hp"),),
    ),
    App(
        "epuskesmas",
        _health,
        PostgreSQL(epuskesmas_schema.SCHEMA, epuskesmas_schema.TABLES, epuskesmas_schema.INDEXES),
        personal=(
            Personal("pasien", phone="no_telp"),
            Personal("imunisasi", name="nama_anak", nik="nik_anak"),
            Personal("imunisasi", name="nama_ibu", nik=None),
        ),
    ),
    App(
        "sekolah",
        lambda city: sekolah_tables(city.part(Schools)),
        Folder(lambda city: sekolah_files(city.part(Schools))),
        personal=(*_pupils("siswa_sd"), *_pupils("siswa_smp")),
    ),
    App(
        "pbb",
        lambda city: pbb_tables(city.part(TaxObjects)),
        Folder(lambda city: pbb_files(city.part(TaxObjects))),
        personal=(Personal("objek", name="NM_WP", nik="NIK_WP"),),
    ),
    App(
        "anggaran",
        lambda city: anggaran_tables(_budgets(city)),
        Folder(lambda city: anggaran_files(_budgets(city))),
    ),
    App(
        "darurat112",
        lambda city: darurat112_tables(city.part(Calls)),
        Folder(lambda city: darurat112_files(city.part(Calls))),
        personal=(Personal("panggilan", name="nama_pelapor", nik=None, phone="telp"),),
    ),
    App(
        "berita",
        lambda city: berita_tables(_news(city)),
        Folder(lambda city: berita_files(_news(city))),
        service=news_service(),
    ),
)

APPS = {app.id: app for app in _APPS}
"""By id."""
