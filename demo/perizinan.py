"""The permit office's tables as its database holds them, dirt included."""

from functools import partial

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from demo.days import NEVER, clock_text, year
from demo.departments import DEPARTMENTS, POSITION
from demo.dice import Ints
from demo.names import without_signs
from demo.permit_events import FeeRows, StageRows
from demo.permit_types import METHODS, OFFICERS, PERMIT_TYPES, RETIRED_TYPE
from demo.permits import STAGES, STATUSES, Permits
from demo.table import Table

_ZONE = "+07"
_NULL = pa.scalar(None, pa.string())
# Right codes of other cities, and codes that never were.
_FOREIGN_BPS = ("3603010", "3674040", "3671000", "3671999")


def perizinan_tables(permits: Permits) -> list[Table]:
    """All tables of the permit office as they are this morning, parents before children."""
    stages, fees = StageRows.of(permits), FeeRows.of(permits)
    return [
        _type_table(),
        _applicant_table(permits),
        _application_table(permits),
        Table(
            "tahapan",
            "id",
            np.arange(len(stages.begun)) + 1,
            (stages.ended < NEVER).astype(np.int64),
            partial(_stage_rows, permits, stages),
        ),
        Table(
            "retribusi",
            "id",
            np.arange(len(fees.billed)) + 1,
            (fees.paid < NEVER).astype(np.int64),
            partial(_fee_rows, permits, fees),
            dirt={"unpaid": np.flatnonzero(fees.paid >= NEVER) + 1},
        ),
    ]


def _type_table() -> Table:
    types = (*PERMIT_TYPES, RETIRED_TYPE)
    rows = pa.table(
        {
            "kode": [permit.code for permit in types],
            "nama": [permit.name for permit in types],
            "opd_teknis": [
                DEPARTMENTS[POSITION[permit.department]].permit_name for permit in types
            ],
            "sla_hari_kerja": [permit.days for permit in types],
            "tarif": [permit.fee for permit in types],
            "aktif": [permit is not RETIRED_TYPE for permit in types],
        }
    )
    ids = np.arange(len(types))
    return Table(
        "jenis_izin",
        "kode",
        ids,
        ids * 0,
        lambda at: rows.take(at),
        lambda at: rows["kode"].take(at),
    )


def _bps(permits: Permits, label: str, ids: Ints, kelurahan: Ints) -> tuple[pa.Array, Ints]:
    """BPS codes of the kecamatan, a few of them wrong; and where they are wrong."""
    dice, areas = permits.population.dice, permits.population.areas
    wrong = dice.chance(f"{label}/bps", ids, 0.006)
    other = pa.array(_FOREIGN_BPS).take(
        pa.array(dice.below(f"{label}/bps/other", ids, len(_FOREIGN_BPS)))
    )
    right = pa.array(areas.kecamatan_bps).take(pa.array(areas.kecamatan_of[kelurahan]))
    return pc.if_else(pa.array(wrong), other, right), np.flatnonzero(wrong)


def _uuid(permits: Permits, applicants: Ints) -> pa.Array:
    return permits.population.dice.uuid("applicant/id", applicants)


def _applicant_table(permits: Permits) -> Table:
    ids = np.arange(len(permits.applicant_person))
    adults = len(permits.population.adults)
    homes = permits.population.kelurahan[permits.applicant_person]
    return Table(
        "pemohon",
        "id",
        ids,
        permits.phone_changes[0],
        partial(_applicant_rows, permits),
        partial(_uuid, permits),
        dirt={
            "wrong_area_code": _bps(permits, "applicant", ids, homes)[1],
            "registered_twice": ids[adults:],
        },
        people=permits.applicant_person,
        homes=homes,
    )


def _applicant_rows(permits: Permits, at: Ints) -> pa.Table:
    population, dice = permits.population, permits.population.dice
    people = permits.applicant_person[at]
    changes, changed_at = permits.phone_changes
    # The form takes plain letters only, and most write their name in capitals as on the card.
    name = without_signs(population.names(people))
    name = pc.if_else(
        pa.array(dice.chance("applicant/capitals", at, 0.6)), pc.utf8_upper(name), name
    )
    npwp = pc.if_else(
        pa.array(dice.chance("applicant/npwp", people, 0.55)),
        dice.text("applicant/npwp/digits", people, 15, "0123456789"),
        _NULL,
    )
    area, _ = _bps(permits, "applicant", at, population.kelurahan[people])
    created = permits.applicant_created[at]
    # A second number, for people who gave LAKSA another one, comes with version 32 and up.
    version = changes[at] + np.where(dice.chance("applicant/second-phone", people, 0.2), 32, 0)
    return pa.table(
        {
            "id": _uuid(permits, at),
            "nik": population.nik_text(people),
            "nama": name,
            "npwp": npwp,
            "telepon": population.phones(people, version),
            "email": population.emails(people),
            "alamat": population.addresses(people),
            "kode_kecamatan_bps": area,
            "dibuat_pada": clock_text(created, _ZONE),
            "diubah_pada": clock_text(np.maximum(created, changed_at[at]), _ZONE),
        }
    )


def _application_table(permits: Permits) -> Table:
    revisions = sum((moment < permits.now).astype(np.int64) for moment in permits.milestones)
    wrong = _bps(permits, "permit", permits.ids, permits.kelurahan)[1]
    return Table(
        "permohonan",
        "id",
        permits.ids + 1,
        np.asarray(revisions),
        partial(_application_rows, permits),
        dirt={"wrong_area_code": wrong + 1},
        people=permits.applicant_person[permits.applicant],
        homes=permits.kelurahan,
    )


def _application_rows(permits: Permits, at: Ints) -> pa.Table:
    submitted = permits.submitted[at]
    closed = np.where(permits.closed[at] < permits.now, permits.closed[at], NEVER)
    code = pa.array([permit.code for permit in PERMIT_TYPES]).take(pa.array(permits.type[at]))
    number = pc.binary_join_element_wise(
        code,
        pa.array(year(submitted)).cast(pa.string()),
        pc.utf8_lpad(pa.array(at + 1).cast(pa.string()), 6, "0"),
        "/",
    )
    return pa.table(
        {
            "id": at + 1,
            "nomor": number,
            "pemohon_id": _uuid(permits, permits.applicant[at]),
            "jenis_kode": code,
            "lokasi_kode_bps": _bps(permits, "permit", at, permits.kelurahan[at])[0],
            "status": pa.array(STATUSES).take(pa.array(permits.status[at])),
            "diajukan_pada": clock_text(submitted, _ZONE),
            "selesai_pada": clock_text(closed, _ZONE),
            "diubah_pada": clock_text(permits.updated[at], _ZONE),
        }
    )


def _stage_rows(permits: Permits, rows: StageRows, at: Ints) -> pa.Table:
    begun, ended = rows.begun[at], rows.ended[at]
    officer = permits.population.dice.below("stage/officer", at, len(OFFICERS))
    return pa.table(
        {
            "id": at + 1,
            "permohonan_id": rows.application[at] + 1,
            "tahap": pa.array(STAGES).take(pa.array(rows.stage[at])),
            "mulai_pada": clock_text(begun, _ZONE),
            "selesai_pada": clock_text(ended, _ZONE),
            "petugas": pa.array(OFFICERS).take(pa.array(officer)),
            "diubah_pada": clock_text(np.where(ended < NEVER, ended, begun), _ZONE),
        }
    )


def _fee_rows(permits: Permits, rows: FeeRows, at: Ints) -> pa.Table:
    dice = permits.population.dice
    application = rows.application[at]
    tariff = np.array([permit.fee for permit in PERMIT_TYPES])[permits.type[application]]
    # The tariff grows with the size of what is built, in steps of a tenth.
    size = 10 + dice.below("fee/size", application, 40)
    amount = tariff * size // 10 * rows.share[at] // 100
    billed, paid = rows.billed[at], rows.paid[at]
    method = pa.array(METHODS).take(pa.array(dice.below("fee/method", at, len(METHODS))))
    return pa.table(
        {
            "id": at + 1,
            "permohonan_id": application + 1,
            "jumlah": amount,
            "dibayar_pada": clock_text(paid, _ZONE),
            "metode": pc.if_else(pa.array(paid < NEVER), method, _NULL),
            "diubah_pada": clock_text(np.where(paid < NEVER, paid, billed), _ZONE),
        }
    )
