"""The departments (OPD), and how each app's people write their names."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Department:
    """One department: our code, LAKSA's spelling, the permit office's spelling, and its pace."""

    code: str
    laksa_name: str
    permit_name: str
    pace: float
    """How long it takes compared with a typical department: 0.6 is quick, 2 is slow."""


DEPARTMENTS = (
    Department("diskominfo", "Dinas Kominfo", "Dinas Komunikasi dan Informatika", 0.6),
    Department("dpupr", "Dinas PUPR", "DINAS PEKERJAAN UMUM DAN PENATAAN RUANG", 2.0),
    Department("dlh", "Dinas LH", "Dinas Lingkungan Hidup Kota Tangerang", 0.7),
    Department("dishub", "DISHUB Kota Tangerang", "Dinas Perhubungan", 1.0),
    Department("satpolpp", "Satpol. PP", "Satuan Polisi Pamong Praja", 0.8),
    Department("dinkes", "Dinkes", "Dinas Kesehatan Kota Tangerang", 0.9),
    Department("perkimtan", "Dinas Perkim", "Dinas Perumahan, Permukiman, dan Pertanahan", 1.6),
    Department("bpbd", "BPBD Kota", "Badan Penanggulangan Bencana Daerah", 0.6),
    Department("disdik", "Dinas Pendidikan", "Dinas Pendidikan & Kebudayaan", 1.4),
    Department("dinsos", "DINSOS", "Dinas Sosial", 1.2),
    Department(
        "disdukcapil", "Disdukcapil", "Dinas Kependudukan dan Pencatatan Sipil Kota Tangerang", 1.0
    ),
    Department("disperindag", "Disperindag", "Dinas Perindustrian & Perdagangan", 1.1),
    Department("dpmptsp", "PTSP", "Dinas Penanaman Modal dan PTSP", 0.9),
)

POSITION = {department.code: n for n, department in enumerate(DEPARTMENTS)}
