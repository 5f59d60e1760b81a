"""Which rows of the apps say a place, and how: as ``int_places__mentioned`` reads them."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Source:
    """A model whose rows say a place. The columns are SQL over it, as for the macro
    ``place_key``; ``truth`` is the app's table in ``demo.links`` and ``key`` its key there."""

    app: str
    table: str
    model: str
    truth: str
    key: str
    kecamatan: str = "null"
    kelurahan: str = "null"
    code: str = "null"
    latitude: str = "null"
    longitude: str = "null"

    @property
    def relation(self) -> str:
        """The model as it stands in a candidate."""
        schema = "staging" if self.model.startswith("stg_") else "intermediate"
        return f"kota.{schema}.{self.model}"

    @property
    def place_key(self) -> str:
        """What the macro ``place_key`` makes; rows whose key is not resolved are counted."""
        texts = (self.kecamatan, self.kelurahan, self.code)
        degrees = [
            f"cast(cast(round(1000 * {each}) as bigint) as varchar)"
            for each in (self.latitude, self.longitude)
        ]
        said = " || ".join(f"'|' || coalesce({each}, '')" for each in (*texts, *degrees))
        return f"md5('{self.app}|{self.table}' || {said})"

    @property
    def says(self) -> str:
        """Whether anything is said."""
        texts = (self.kecamatan, self.kelurahan, self.code)
        written = " or ".join(
            f"coalesce(trim(cast({text} as varchar)), '') not in ('', '-')" for text in texts
        )
        return f"({written} or {self.latitude} is not null)"


_IN_ADDRESS = "nullif(regexp_extract(address, 'Kel[.] ([^,]+)$', 1), '')"
_NISN = "split_part(enrolment_id, '/', 2)"

SOURCES = (
    Source(
        "laksa", "complaints", "stg_laksa__complaints", "pengaduan", "complaint_id",
        kecamatan="kecamatan_raw", kelurahan="kelurahan_raw",
        latitude="latitude", longitude="longitude",
    ),
    Source(
        "laksa", "citizens", "stg_laksa__citizens", "pengguna", "citizen_id",
        kelurahan=_IN_ADDRESS,
    ),
    Source(
        "perizinan", "applications", "stg_perizinan__applications", "permohonan",
        "application_id", code="area_code_bps",
    ),
    Source(
        "perizinan", "applicants", "stg_perizinan__applicants", "pemohon", "applicant_id",
        code="area_code_bps",
    ),
    Source(
        "perizinan", "applicant_addresses", "stg_perizinan__applicants", "pemohon",
        "applicant_id", kelurahan=_IN_ADDRESS,
    ),
    Source(
        "siak", "residents", "stg_siak__residents", "penduduk", "resident_entry_id",
        code="area_code_kemendagri",
    ),
    Source(
        "epuskesmas", "patients", "stg_epuskesmas__patients", "pasien", "patient_id",
        kelurahan="kelurahan_raw",
    ),
    Source(
        "epuskesmas", "vaccinations", "stg_epuskesmas__vaccinations", "imunisasi",
        "vaccination_id", kelurahan="kelurahan_raw",
    ),
    Source(
        "sekolah", "primary_pupils", "stg_sekolah__primary_pupils", "siswa_sd", _NISN,
        kelurahan="kelurahan_raw",
    ),
    Source(
        "sekolah", "junior_secondary_pupils", "stg_sekolah__junior_secondary_pupils",
        "siswa_smp", _NISN, kelurahan="kelurahan_raw",
    ),
    Source(
        "siapkerja", "job_seekers", "stg_siapkerja__job_seekers", "pencari_kerja",
        "job_seeker_id", kelurahan="kelurahan_raw",
    ),
    Source(
        "siapkerja", "vacancies", "stg_siapkerja__vacancies", "lowongan", "vacancy_id",
        kecamatan="kecamatan_raw",
    ),
    Source(
        "pbb", "tax_objects", "int_tax_objects__known", "objek", "tax_object_number",
        kelurahan="kelurahan_name_raw", code="area_code_pbb",
    ),
    Source(
        "simpeg", "employees", "stg_simpeg__employees", "pegawai", "employee_id",
        kelurahan=_IN_ADDRESS,
    ),
)  # fmt: skip
