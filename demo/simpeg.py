"""SIMPEG's tables as its database holds them, dirt included."""

from functools import partial

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from demo.attendance import Attendance
from demo.civil_names import double_encoded, titled
from demo.civil_posts import DIVISION_HEAD, HEAD, SECTION_HEAD, SPECIALIST, STAFF, Posts
from demo.civil_servants import HONORER, PNS, PPPK, CivilServants
from demo.days import DAY, NEVER, clock_text, month_index, year
from demo.dice import Ints
from demo.registration import Habits, Registration
from demo.simpeg_units import Units
from demo.table import Table
from demo.two_hands import TwoHands

HABITS = Habits(
    nik_missing=0.02,
    nik_swapped=0.003,
    nik_digit=0.003,
    name_typo=0.006,
    name_short=0.03,
    name_title=0.02,
    name_married=0.005,
    birth_swapped=0.003,
    birth_year=0.002,
    phone_missing=0.05,
    phone_old=0.15,
    sex_wrong=0.002,
    capitals=0.4,
)
"""Typed from a file of papers, checked once a year: a clean app with old phone numbers."""

_NULL = pa.scalar(None, pa.string())
_ZERO_DAY = "0000-00-00"
_LAST_DAY = "9999-12-31"
_STATUSES = (("PNS", "PNS", "pns"), ("PPPK", "P3K", "PPPK"), ("HONORER", "Honor", "THL"))
# Grades of PNS from the appointment on, and those of PPPK (Perpres 98/2020).
_PNS_GRADES = ("II/a", "II/c", "III/a", "III/b", "III/c", "III/d", "IV/a", "IV/b", "IV/c")
_PPPK_GRADES = ("V", "VII", "IX", "X")
_TITLES = {
    STAFF: ("Pengadministrasi Umum", "Pengelola Data", "Pranata Barang", "Pengemudi"),
    SPECIALIST: ("Guru Ahli Muda", "Perawat Terampil", "Analis Kebijakan", "Pranata Komputer"),
    SECTION_HEAD: ("Kepala Seksi", "Kasubbag"),
    DIVISION_HEAD: ("Kepala Bidang", "Kabid", "Camat"),
    HEAD: ("Kepala Dinas", "Kepala Badan"),
}
_ECHELONS = {STAFF: "-", SPECIALIST: "", SECTION_HEAD: "IV.a", DIVISION_HEAD: "III.b", HEAD: "II.b"}


def simpeg_tables(servants: CivilServants) -> list[Table]:
    """All tables of SIMPEG as they are this morning, parents before children."""
    units = Units(servants.population.areas)
    posts = Posts(servants, units)
    return [
        _unit_table(units),
        _employee_table(posts),
        _post_table(posts),
        _attendance_table(Attendance(posts)),
    ]


def _unit_table(units: Units) -> Table:
    rows = pa.table(
        {
            "kode": units.codes,
            "kode_induk": [unit.parent for unit in units.units],
            "nama": [unit.name for unit in units.units],
            "tingkat": [unit.level for unit in units.units],
            "aktif": ["Y" if unit.weight else "T" for unit in units.units],
        }
    )
    ids = np.arange(len(units.units))
    return Table(
        "unit_kerja",
        "kode",
        ids,
        ids * 0,
        lambda at: rows.take(at),
        lambda at: rows["kode"].take(at),
        homes=units.kelurahan,
    )


def _files(s: CivilServants) -> TwoHands:
    """The personnel files, of citizens and of those who live outside the city."""
    citizens = Registration(s.population, "simpeg", HABITS)
    return TwoHands(citizens, Registration(s.neighbours, "simpeg", HABITS), s.is_outside, s.people)


def _employee_table(posts: Posts) -> Table:
    s = posts.servants
    files = _files(s)
    dice, ids = s.population.dice, s.ids
    written = titled(dice, ids, files.name(ids))
    _, is_mangled = double_encoded(dice, ids, written.name)
    homes = np.where(s.citizen >= 0, s.population.kelurahan[np.maximum(s.citizen, 0)], -1)
    return Table(
        "pegawai",
        "id",
        ids + 1,
        posts.count + (s.left_noted < s.now) * 100,
        partial(_employee_rows, posts, files),
        dirt={
            **files.errors(),
            "titles_in_name": ids[written.titles_inside] + 1,
            "mangled_name": ids[is_mangled] + 1,
            "zero_birth_date": ids[_no_birth_day(s, ids)] + 1,
            "lives_outside": ids[s.is_outside] + 1,
        },
        people=s.citizen,
        homes=homes,
    )


def _no_birth_day(s: CivilServants, at: Ints) -> np.ndarray:
    """Honorer were entered in haste; for others the number has the date."""
    missing = s.population.dice.chance("servant/no-birth-day", at, 0.03)
    no_date: np.ndarray = missing & (s.status[at] == HONORER)
    return no_date


def _employee_rows(posts: Posts, files: TwoHands, at: Ints) -> pa.Table:
    s, dice = posts.servants, posts.servants.population.dice
    names = titled(dice, at, files.name(at))
    name, _ = double_encoded(dice, at, names.name)
    left = s.left_noted[at] < s.now
    born = _day_text(files.birth_day(at) * DAY)
    style = dice.below("servant/status-style", at, 3)
    statuses = [word for words in _STATUSES for word in words]
    updated = np.maximum(s.entered[at], posts.entered[posts.current[at]])
    updated = np.where(left, np.maximum(updated, s.left_noted[at]), updated)
    units = pa.array(posts.units.codes).take(pa.array(posts.unit[posts.current[at]]))
    zero = pa.scalar(_ZERO_DAY)
    return pa.table(
        {
            "id": at + 1,
            "nip": s.nip_text(at),
            "nik": files.nik(at),
            "gelar_depan": names.front,
            "nama": name,
            "gelar_belakang": names.behind,
            "tgl_lahir": pc.if_else(pa.array(_no_birth_day(s, at)), zero, born),
            "jk": 1 + files.is_woman(at).astype(np.int64),
            "status": pa.array(statuses).take(pa.array(s.status[at] * 3 + style)),
            "gol": _grades(posts, at),
            "unit_kode": units,
            "tmt": _day_text(s.appointed[at] * DAY),
            "hp": files.phone(at),
            "alamat": files.texts(at, lambda wrote, _, who: wrote.population.addresses(who)),
            "no_rek": dice.text("servant/account", at, 13, "0123456789"),
            "aktif": pc.if_else(pa.array(left), "T", "Y"),
            "tgl_berhenti": _day_text(np.where(left, s.leaves[at], NEVER)),
            "diubah": clock_text(updated),
        }
    )


def _grades(posts: Posts, at: Ints) -> pa.Array:
    """The grade rises with every post; honorer have none."""
    s = posts.servants
    start = s.population.dice.choice("servant/grade", at, (2, 3, 5))
    rank = start + posts.count[at] - 1
    pns = pa.array(_PNS_GRADES).take(pa.array(np.minimum(rank, len(_PNS_GRADES) - 1)))
    pppk = pa.array(_PPPK_GRADES).take(pa.array(np.minimum(rank, len(_PPPK_GRADES) - 1)))
    grade = pc.if_else(pa.array(s.status[at] == PNS), pns, _NULL)
    return pc.if_else(pa.array(s.status[at] == PPPK), pppk, grade)


def _day_text(moments: Ints, never: str | pa.Array = _ZERO_DAY) -> pa.Array:
    """YYYY-MM-DD; NEVER as ``never``."""
    is_never = moments >= NEVER
    days = (np.where(is_never, 0, moments) // DAY).astype("datetime64[D]")
    other = pa.scalar(never) if isinstance(never, str) else never
    return pc.if_else(pa.array(is_never), other, pa.array(days).cast(pa.string()))


def _post_table(posts: Posts) -> Table:
    rows = posts.happened
    ended = posts.ended[rows]
    # A post ends once; only what ends it may change: first leaving, then a move noted late.
    state = (ended < NEVER).astype(np.int64) + (posts.has_successor[rows]).astype(np.int64)
    open_end = _open_end(posts, rows)
    numbers = np.arange(len(rows)) + 1
    return Table(
        "jabatan_riwayat",
        "id",
        numbers,
        state,
        lambda at: _post_rows(posts, rows[at], at),
        dirt={
            "open_as_zero_date": numbers[(ended >= NEVER) & ~open_end],
            "open_as_last_date": numbers[(ended >= NEVER) & open_end],
        },
        people=posts.servants.citizen[posts.servant[rows]],
    )


def _open_end(posts: Posts, rows: Ints) -> np.ndarray:
    dice = posts.servants.population.dice
    return dice.chance("post/open-end", posts.chances[rows], 0.35)


def _post_rows(posts: Posts, rows: Ints, at: Ints) -> pa.Table:
    dice = posts.servants.population.dice
    chances, rank = posts.chances[rows], posts.rank[rows]
    counts = np.array([len(_TITLES[n]) for n in _TITLES])
    title = (np.cumsum(counts) - counts)[rank] + dice.below("post/title", chances, counts[rank])
    titles = [word for words in _TITLES.values() for word in words]
    begin, ended = posts.begin[rows], posts.ended[rows]
    never = pc.if_else(pa.array(_open_end(posts, rows)), _LAST_DAY, _ZERO_DAY)
    decree = pc.binary_join_element_wise(
        "800",
        pa.array(dice.below("post/decree", chances, 4000) + 1).cast(pa.string()),
        pa.array(month_index(begin) + 1).cast(pa.string()),
        pa.array(year(begin)).cast(pa.string()),
        "/",
    )
    return pa.table(
        {
            "id": at + 1,
            "pegawai_id": posts.servant[rows] + 1,
            "unit_kode": pa.array(posts.units.codes).take(pa.array(posts.unit[rows])),
            "jabatan": pa.array(titles).take(pa.array(title)),
            "eselon": pa.array(list(_ECHELONS.values())).take(pa.array(rank)),
            "tmt_mulai": _day_text(begin),
            # The last day of a post is the one before the next begins.
            "tmt_selesai": _day_text(np.where(ended < NEVER, ended - DAY, NEVER), never),
            "no_sk": decree,
            "diubah": clock_text(posts.updated[rows]),
        }
    )


def _attendance_table(a: Attendance) -> Table:
    return Table(
        "absensi_bulanan",
        "id",
        a.ids,
        (a.corrected >= 0).astype(np.int64),
        partial(_attendance_rows, a),
        homes=a.posts.units.kelurahan[a.unit],
    )


def _attendance_rows(a: Attendance, at: Ints) -> pa.Table:
    permit, sick, holiday, without = (days[at] for days in a.absences)
    # Before the correction the sick without a note counted as absent without a word.
    late_note = np.where(a.corrected[at] >= 0, without // 2, 0)
    sick, without = sick + late_note, without - late_note
    due = a.people[at] * a.working_days[at]
    return pa.table(
        {
            "id": a.ids[at],
            "unit_kode": pa.array(a.posts.units.codes).take(pa.array(a.unit[at])),
            "thn": a.month[at] // 12 + 1970,
            "bln": a.month[at] % 12 + 1,
            "jml_pegawai": a.people[at],
            "hari_kerja": a.working_days[at],
            "hadir": due - permit - sick - holiday - without,
            "izin": permit,
            "sakit": sick,
            "cuti": holiday,
            "alpa": without,
            "diubah": clock_text(a.updated[at]),
        }
    )
