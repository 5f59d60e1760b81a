"""The property tax office's tables, and the DBF files they are kept in, dirt included."""

from collections.abc import Iterator
from functools import partial

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from demo.days import HOUR, midnight
from demo.dbf_file import dbf_bytes
from demo.dice import Bools, Ints
from demo.drops import DropFile
from demo.names import full_names
from demo.pbb_areas import UNKNOWN_CODE, TaxAreas
from demo.pbb_bills import ABOVE, PARTLY, UNTAXED, TaxBills, TaxPayments
from demo.pbb_objects import COMPANY, DECEASED, TaxObjects
from demo.pbb_schema import SCHEMA
from demo.registration import Habits, Registration
from demo.table import CHUNK_ROWS, Table

HABITS = Habits(
    nik_missing=0.24,
    nik_digit=0.012,
    nik_swapped=0.006,
    nik_is_head=0.02,
    name_typo=0.05,
    name_short=0.12,
    name_title=0.18,
    name_married=0.02,
    name_order=0.01,
    capitals=0.9,
)
"""Copied from deeds by hand years ago; there was no column for the NIK then."""

_NULL = pa.scalar(None, pa.string())
_NO_DATE = "00/00/0000"
_COMPANIES = (
    "PT GRAHA CISADANE", "PT SUMBER MAKMUR ABADI", "CV KARYA BERSAMA", "PT BUMI BENTENG PERMAI",
    "PT INDO TEKSTIL JAYA", "YAYASAN NURUL IMAN", "KOPERASI SEJAHTERA", "PT POLIMER TANGERANG",
)  # fmt: skip
# Channel, its share, and whether it writes dates as yyyymmdd.
_CHANNELS = (
    ("BANK BJB", 34, True), ("BJB", 9, True), ("Bank Jabar Banten", 3, True), ("BCA", 6, True),
    ("TOKOPEDIA", 13, True), ("GOPAY", 5, True), ("INDOMARET", 9, False), ("ALFAMART", 4, False),
    ("KANTOR POS", 3, False), ("LOKET KECAMATAN", 8, False), ("LOKET BAPENDA", 5, False),
    ("", 1, False),
)  # fmt: skip


def pbb_tables(objects: TaxObjects) -> list[Table]:
    """All tables of the tax office as they are this morning, parents before children."""
    bills = TaxBills(objects)
    payments = TaxPayments(bills)
    return [
        _area_table(objects),
        _object_table(objects),
        _bill_table(bills, payments),
        _payment_table(payments),
    ]


def pbb_files(objects: TaxObjects) -> Iterator[DropFile]:
    """The four files, rewritten as a whole by the job of the night before."""
    written = midnight(objects.today) - HOUR // 2
    bills = TaxBills(objects)
    payments = TaxPayments(bills)
    yield DropFile("OBJEK.DBF", written, partial(_object_file, objects))
    for table in (_area_table(objects), _bill_table(bills, payments), _payment_table(payments)):
        yield DropFile(f"{table.name.upper()}.DBF", written, partial(_file, objects, table))


def _file(objects: TaxObjects, table: Table) -> bytes:
    chunks = ((rows, np.zeros(len(rows), dtype=bool)) for rows in table.chunks())
    return dbf_bytes(SCHEMA[table.name], objects.today, chunks)


def _object_file(objects: TaxObjects) -> bytes:
    """Objects that left the roll stay in the file, marked as deleted: nobody ever packs it."""
    every, gone = np.arange(len(objects.ids)), ~objects.is_live

    def chunks() -> Iterator[tuple[pa.Table, Bools]]:
        for start in range(0, len(every), CHUNK_ROWS):
            at = every[start : start + CHUNK_ROWS]
            yield _object_rows(objects, at), gone[at]

    return dbf_bytes(SCHEMA["objek"], objects.today, chunks())


def _area_table(objects: TaxObjects) -> Table:
    areas = TaxAreas(objects.population.areas)
    names = [field.name for field in SCHEMA["kelurahan"]]
    rows = pa.table(dict(zip(names, map(list, zip(*areas.rows, strict=True)), strict=True)))
    ids = np.arange(len(rows))
    place = {code: position for position, code in enumerate(areas.codes)}
    return Table(
        "kelurahan",
        "KD_WIL",
        ids,
        ids * 0,
        lambda at: rows.take(pa.array(at)),
        lambda at: rows["KD_WIL"].combine_chunks().take(pa.array(at)),
        homes=np.array([place.get(code, -1) for code, _, _ in areas.rows]),
    )


def _object_table(objects: TaxObjects) -> Table:
    live = np.flatnonzero(objects.is_live)
    nop = dict(zip(objects.ids.tolist(), objects.nop.tolist(), strict=True))
    holder = objects.holder[live]
    people = objects.people[live]
    named = np.flatnonzero(people >= 0)
    ids = objects.ids[live]
    errors = _registration(objects).errors(objects.entries[live][named], people[named])
    of_entry = dict(zip(objects.entries[live].tolist(), ids.tolist(), strict=True))
    return Table(
        "objek",
        "NOP",
        ids,
        objects.revisions[live],
        lambda at: _object_rows(objects, live[at]),
        lambda found: pa.array([str(nop[number]) for number in found.tolist()]),
        dirt={
            "area_unknown": ids[~objects.has_code[live]],
            "holder_deceased": ids[holder == DECEASED],
            "holder_company": ids[holder == COMPANY],
        }
        | {
            kind: np.array([of_entry[entry] for entry in wrong.tolist()], dtype=np.int64)
            for kind, wrong in errors.items()
        },
        people=people,
        homes=objects.kelurahan[live],
    )


def _registration(objects: TaxObjects) -> Registration:
    return Registration(objects.population, "pbb", HABITS)


def _object_rows(objects: TaxObjects, at: Ints) -> pa.Table:
    codes = TaxAreas(objects.population.areas).codes
    code = pa.array(codes).take(pa.array(objects.kelurahan[at]))
    code = pc.if_else(pa.array(objects.has_code[at]), code, pa.scalar(UNKNOWN_CODE))
    name, nik = _holders(objects, at)
    roll_year = objects.roll_year
    return pa.table(
        {
            "NOP": _text(objects.nop[at]),
            "KD_KEC": pc.utf8_slice_codeunits(code, 0, 3),
            "KD_KEL": pc.utf8_slice_codeunits(code, 3, 6),
            "ALMT_OP": _addresses(objects, at),
            "NM_WP": name,
            "NIK_WP": nik,
            "LS_BUMI": objects.land[at],
            "LS_BNG": objects.building[at],
            "NJOP_BUMI": objects.land_value(roll_year)[at],
            "NJOP_BNG": objects.building_value(roll_year)[at],
            "TGL_REKAM": _days(objects.recorded[at]),
        }
    )


def _holders(objects: TaxObjects, at: Ints) -> tuple[pa.Array, pa.Array]:
    """Names and NIK on the roll. The dead have no NIK there, and some of them a note."""
    dice, entries, people = objects.dice, objects.entries[at], objects.people[at]
    is_citizen = people >= 0
    written = _registration(objects)
    who = np.where(is_citizen, people, 0)
    # People who are not citizens any more get numbers beyond those who are.
    dead = objects.population.spec.citizens + entries
    women = dice.chance("pbb/deceased/woman", entries, 0.35)
    once = pc.utf8_upper(full_names(dice, dead, women))
    note = dice.below("pbb/deceased/note", entries, 3)
    once = pc.choose(
        pa.array(note),
        once,
        pc.binary_join_element_wise(once, "(ALM)", " "),
        pc.binary_join_element_wise("ALM.", once, " "),
    )
    company = pa.array(_COMPANIES).take(
        pa.array(dice.below("pbb/company", entries, len(_COMPANIES)))
    )
    other = pc.if_else(pa.array(objects.holder[at] == COMPANY), company, once)
    return (
        pc.if_else(pa.array(is_citizen), written.name(entries, who), other),
        pc.if_else(pa.array(is_citizen), written.nik(entries, who), _NULL),
    )


def _addresses(objects: TaxObjects, at: Ints) -> pa.Array:
    """Street, number and ``RT 03/05`` in capitals; the house's own unless it lies elsewhere."""
    ids, population = objects.ids[at], objects.population
    house = objects.household_start[ids // 2]
    other = objects.dice.below("pbb/address", ids, population.spec.citizens)
    is_house = ~objects.is_elsewhere[at] & (ids % 2 == 0)
    text = population.addresses(np.where(is_house, house, other))
    text = pc.utf8_upper(pc.replace_substring_regex(text, r", Kel\. .*$", ""))
    text = pc.replace_substring_regex(text, r", RT 0(\d\d)/0(\d\d)$", r" RT \1/\2")
    # Some wrote RT.3 RW.5 or left it out.
    style = objects.dice.choice("pbb/address/style", ids, (84, 9, 7))
    dotted = pc.replace_substring_regex(text, r"RT 0?(\d+)/0?(\d+)$", r"RT.\1 RW.\2")
    without = pc.replace_substring_regex(text, r" RT \d+/\d+$", "")
    return pc.choose(pa.array(style), text, dotted, without)


def _bill_number(ids: Ints) -> pa.Array:
    tax_year = pa.array(ids % 64 + 2000).cast(pa.string())
    number = pc.utf8_lpad(_text(ids // 64), 8, "0")
    return pc.binary_join_element_wise(tax_year, number, "")


def _bill_table(bills: TaxBills, payments: TaxPayments) -> Table:
    return Table(
        "sppt",
        "NO_SPPT",
        bills.ids,
        payments.settled.astype(np.int64),
        partial(_bill_rows, bills, payments),
        _bill_number,
        people=bills.objects.people[bills.object],
        homes=bills.objects.kelurahan[bills.object],
    )


def _bill_rows(bills: TaxBills, payments: TaxPayments, at: Ints) -> pa.Table:
    return pa.table(
        {
            "NO_SPPT": _bill_number(bills.ids[at]),
            "NOP": _text(bills.objects.nop[bills.object[at]]),
            "THN_PAJAK": _text(bills.tax_year[at]),
            "NJOP": bills.value[at],
            "NJOPTKP": np.full(len(at), UNTAXED),
            "PBB_TERHTG": bills.amount[at],
            "TGL_CETAK": _days(bills.printed[at]),
            "TGL_JT": _days(bills.due[at]),
            "ST_LUNAS": pa.array(["0", "1"]).take(pa.array(payments.settled[at].astype(np.int64))),
        }
    )


def _receipt(payments: TaxPayments, ids: Ints) -> pa.Array:
    return payments.dice.text("pbb/ntpd", ids, 16, "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ")


def _payment_table(payments: TaxPayments) -> Table:
    ids, bills = payments.ids, payments.bills
    manner = bills.manner[payments.bill]
    return Table(
        "bayar",
        "NTPD",
        ids,
        ids * 0,
        partial(_payment_rows, payments),
        partial(_receipt, payments),
        dirt={
            "paid_again": ids[ids % 2 == 1],
            "paid_partly": ids[manner == PARTLY],
            "paid_above": ids[manner == ABOVE],
            "day_unknown": ids[_is_undated(payments, ids)],
        },
    )


def _is_undated(payments: TaxPayments, ids: Ints) -> Bools:
    return payments.dice.chance("pbb/undated", ids, 0.0015)


def _payment_rows(payments: TaxPayments, at: Ints) -> pa.Table:
    bills, ids, bill = payments.bills, payments.ids[at], payments.bill[at]
    channel = payments.dice.choice("pbb/channel", ids, [share for _, share, _ in _CHANNELS])
    days = _days(payments.day[at])
    is_compact = np.array([compact for _, _, compact in _CHANNELS])[channel]
    day = pc.if_else(
        pa.array(is_compact), pc.strftime(days, "%Y%m%d"), pc.strftime(days, "%d/%m/%Y")
    )
    day = pc.if_else(pa.array(_is_undated(payments, ids)), pa.scalar(_NO_DATE), day)
    return pa.table(
        {
            "NTPD": _receipt(payments, ids),
            "NOP": _text(bills.objects.nop[bills.object[bill]]),
            "THN_PAJAK": _text(bills.tax_year[bill]),
            "TGL_BAYAR": day,
            "JML_BAYAR": payments.amount[at],
            "DENDA": payments.fine[at],
            "TMP_BAYAR": pa.array([name for name, _, _ in _CHANNELS]).take(pa.array(channel)),
        }
    )


def _text(numbers: Ints) -> pa.Array:
    return pa.array(numbers).cast(pa.string())


def _days(numbers: Ints) -> pa.Array:
    return pa.array(numbers).cast(pa.int32()).cast(pa.date32())
