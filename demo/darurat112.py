"""The 112 control room's list of calls as its program exports it, dirt included."""

from functools import partial

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from demo.call_topics import (
    BESIDE,
    EMERGENCIES,
    GHOST_NAMES,
    GHOST_NOTES,
    GHOST_SPELLINGS,
    LANDMARKS,
    OUTSIDE,
    STREETS,
)
from demo.calls import Calls
from demo.days import NEVER, clock_text
from demo.dice import Bools, Dice, Ints
from demo.names import full_names
from demo.registration import Habits, Registration
from demo.table import Table

HABITS = Habits(
    name_typo=0.06,
    name_short=0.1,
    name_title=0.04,
    phone_missing=0.3,
    phone_old=0.08,
    capitals=0.06,
)
"""Heard on a bad line by someone in a hurry; the number shows only when it is not withheld."""

COLUMNS = (
    "id_panggilan",
    "waktu",
    "telp",
    "nama_pelapor",
    "kategori",
    "lokasi",
    "kelurahan",
    "lat",
    "lng",
    "unit",
    "berangkat",
    "tiba",
    "selesai",
    "respon_menit",
    "catatan",
)
_NULL = pa.scalar(None, pa.string())
_NO_TEXT = pa.scalar("")
_BEFORE_THE_NAME = (
    r"^((H|Hj|Dr|Drs|Ir|dr|Ust|M|Moh|Muh)\. ?|(Muhammad|Muhamad|Mohammad|Mohamad|Mochamad) )+"
)
_GPS_GIVEN, _GPS_MISSING, _GPS_ZERO, _GPS_SWAPPED = range(4)
_GPS_WRONG = (0.09, 0.02, 0.03)
"""How often a position is missing, zero, or in the wrong fields."""


def darurat112_tables(calls: Calls) -> list[Table]:
    """``panggilan``: all calls in the files of this morning; empty fields are null."""
    at = np.flatnonzero(calls.is_present)
    gps, telephone = gps_kind(calls, at), _telephone(calls, at)
    ghost, open_ = calls.is_ghost[at], calls.closed[at] > calls.written[at]
    dirt = {
        "ghost": ghost,
        "gps_missing": ~ghost & (gps == _GPS_MISSING),
        "gps_zero": ~ghost & (gps == _GPS_ZERO),
        "gps_swapped": ~ghost & (gps == _GPS_SWAPPED),
        "phone_missing": ~telephone.is_valid().to_numpy(zero_copy_only=False),
        "left_open": open_,
        "corrected": calls.is_corrected[at],
        "from_paper": calls.is_from_paper[at],
    }
    return [
        Table(
            "panggilan",
            "id_panggilan",
            at,
            calls.is_corrected[at].astype(np.int64),
            lambda positions: call_rows(calls, at[positions]),
            key_text=partial(call_numbers, calls),
            dirt={kind: at[rows] for kind, rows in dirt.items()},
            people=calls.caller[at],
            homes=calls.kelurahan[at],
        )
    ]


def call_numbers(calls: Calls, at: Ints) -> pa.Array:
    """``112-20261121-0007``: day and place in it."""
    day = pa.array((calls.day[at]).astype("datetime64[D]")).cast(pa.string())
    place = pa.array(calls.stream.rank[at] + 1).cast(pa.string())
    return pc.binary_join_element_wise(
        "112", pc.replace_substring(day, "-", ""), pc.utf8_lpad(place, 4, "0"), "-"
    )


def call_rows(calls: Calls, at: Ints) -> pa.Table:
    """Calls at these positions, all as text, null where the field is empty."""
    dice = calls.population.dice
    still_wrong = calls.will_be_fixed[at] & ~calls.is_corrected[at]
    latitude, longitude = _position(calls, at, still_wrong)
    ghost = pa.array(calls.is_ghost[at])

    def moment(moments: Ints) -> pa.Array:
        """As the file knows it: blank for ghosts and for what came after the file was written."""
        known = ~calls.is_ghost[at] & (moments[at] <= calls.written[at])
        return _clock(np.where(known, moments[at], NEVER))

    closed = np.where(calls.closed[at] <= calls.written[at], calls.closed[at], NEVER)
    unit = _by(dice, "call/unit", at, calls.emergency[at], [kind.units for kind in EMERGENCIES])
    return pa.table(
        {
            "id_panggilan": call_numbers(calls, at),
            "waktu": _clock(calls.called[at]),
            "telp": _telephone(calls, at),
            "nama_pelapor": _heard(calls, at),
            "kategori": _category(calls, at, still_wrong),
            "lokasi": pc.if_else(ghost, _NULL, _location(calls, at)),
            "kelurahan": _village(calls, at),
            "lat": latitude,
            "lng": longitude,
            "unit": pc.if_else(ghost, _NULL, unit),
            "berangkat": moment(calls.dispatched),
            "tiba": moment(calls.arrived),
            "selesai": _clock(closed),
            "respon_menit": _response(calls, at),
            "catatan": _note(calls, at),
        }
    )


def gps_kind(calls: Calls, at: Ints) -> Ints:
    """What became of the position that the phone sent."""
    wrong = np.minimum(np.array(_GPS_WRONG) * calls.population.spec.dirtiness, 0.3)
    return calls.population.dice.choice("call/gps", at, [1 - wrong.sum(), *wrong])


def _clock(moments: Ints) -> pa.Array:
    """``21/11/2026 08.05.30``; null for never."""
    return pc.replace_substring_regex(
        clock_text(moments),
        r"^(\d+)-(\d+)-(\d+) (\d+):(\d+):(\d+)$",
        r"\3/\2/\1 \4.\5.\6",
    )


def _registration(calls: Calls) -> Registration:
    return Registration(calls.population, "darurat112", HABITS)


def _telephone(calls: Calls, at: Ints) -> pa.Array:
    """The caller's number in one of many spellings; two ghosts in three hide theirs."""
    population, dice = calls.population, calls.population.dice
    known = _registration(calls).phone(at, np.maximum(calls.caller[at], 0))
    strange = population.phones(population.spec.citizens + at, np.zeros_like(at))
    hidden = dice.chance("call/hidden", at, np.where(calls.is_ghost[at], 0.66, 0.3))
    strange = pc.if_else(pa.array(hidden), _NULL, strange)
    return pc.if_else(pa.array(calls.caller[at] >= 0), known, strange)


def _heard(calls: Calls, at: Ints) -> pa.Array:
    """The name as heard: in full, or what one calls people: ``Bpk Budi``."""
    population, dice = calls.population, calls.population.dice
    caller = np.maximum(calls.caller[at], 0)
    is_stranger = calls.caller[at] < 0
    woman = np.where(
        is_stranger, dice.chance("call/stranger/woman", at, 0.5), population.women[caller]
    )
    full = pc.if_else(
        pa.array(is_stranger),
        full_names(dice, population.spec.citizens + at, woman),
        _registration(calls).name(at, caller),
    )
    first = pc.replace_substring_regex(full, r"(?i)" + _BEFORE_THE_NAME, "")
    first = pc.replace_substring_regex(first, r"[ ,].*$", "")
    polite = pa.array(("Bpk", "Pak", "Ibu", "Bu")).take(
        pa.array(2 * woman + dice.below("call/polite", at, 2))
    )
    name = pc.choose(
        pa.array(dice.choice("call/heard", at, (30, 42, 12, 16))),
        full,
        pc.binary_join_element_wise(polite, first, " "),
        first,
        _NULL,
    )
    ghost = pa.array(GHOST_NAMES).take(
        pa.array(dice.below("call/ghost-name", at, len(GHOST_NAMES)))
    )
    ghost = pc.if_else(pa.array(dice.chance("call/ghost-name?", at, 0.25)), ghost, _NULL)
    return pc.if_else(pa.array(calls.is_ghost[at]), ghost, name)


def _category(calls: Calls, at: Ints, still_wrong: Bools) -> pa.Array:
    """What the operator chose or typed; in a file that will be corrected, another thing first."""
    dice = calls.population.dice
    kind = np.where(still_wrong, calls.misheard[at], calls.emergency[at])
    typed = _by(dice, "call/category", at, kind, [kind.spellings for kind in EMERGENCIES])
    ghost = pa.array(GHOST_SPELLINGS).take(
        pa.array(dice.below("call/category/ghost", at, len(GHOST_SPELLINGS)))
    )
    return pc.if_else(pa.array(calls.is_ghost[at] & ~still_wrong), ghost, typed)


def _location(calls: Calls, at: Ints) -> pa.Array:
    """As spoken: ``dpn alfamart jl merdeka kel sukasari``."""
    dice, areas = calls.population.dice, calls.population.areas

    def word(label: str, words: tuple[str, ...]) -> pa.Array:
        return pa.array(words).take(pa.array(dice.below(f"call/{label}", at, len(words))))

    name = pc.utf8_lower(areas.kelurahan_name(np.maximum(calls.kelurahan[at], 0)))
    prefix = word("kel", ("kel", "kelurahan", "kel.", "di"))
    named = pc.binary_join_element_wise(prefix, name, " ")
    named = pc.if_else(pa.array(dice.chance("call/kel?", at, 0.75)), named, _NULL)
    outside = pc.binary_join_element_wise("sdh masuk", word("outside-name", OUTSIDE), " ")
    return pc.binary_join_element_wise(
        word("beside", BESIDE),
        word("landmark", LANDMARKS),
        word("street", STREETS),
        pc.if_else(pa.array(calls.kelurahan[at] < 0), outside, named),
        " ",
        null_handling="skip",
    )


def _village(calls: Calls, at: Ints) -> pa.Array:
    """The kelurahan as typed; nothing for ghosts, a neighbour's name outside the city."""
    dice = calls.population.dice
    typed = _registration(calls).place(at, np.maximum(calls.kelurahan[at], 0), "kelurahan")
    outside = pa.array(OUTSIDE).take(pa.array(dice.below("call/outside-name", at, len(OUTSIDE))))
    typed = pc.if_else(pa.array(calls.kelurahan[at] < 0), outside, typed)
    empty = pc.or_(pa.array(calls.is_ghost[at]), pc.equal(typed, _NO_TEXT))
    return pc.if_else(pc.fill_null(empty, True), _NULL, typed)


def _position(calls: Calls, at: Ints, still_wrong: Bools) -> tuple[pa.Array, pa.Array]:
    """WGS 84 degrees with a decimal comma; nothing for ghosts and before a correction."""
    dice, areas, kind = calls.population.dice, calls.population.areas, gps_kind(calls, at)
    place = np.maximum(calls.kelurahan[at], 0)
    away = np.where(calls.kelurahan[at] < 0, 0.2, 0.0)  # well beyond the city's limits

    def degrees(label: str, centre: pa.Array) -> pa.Array:
        value = np.round(centre[place] + away + 0.0025 * dice.normal(label, at), 6)
        value = np.where(kind == _GPS_ZERO, 0, value)
        return pc.replace_substring(pa.array(value).cast(pa.string()), ".", ",")

    latitude, longitude = degrees("call/lat", areas.latitude), degrees("call/lng", areas.longitude)
    swapped = pa.array(kind == _GPS_SWAPPED)
    missing = pa.array((kind == _GPS_MISSING) | calls.is_ghost[at] | still_wrong)
    return (
        pc.if_else(missing, _NULL, pc.if_else(swapped, longitude, latitude)),
        pc.if_else(missing, _NULL, pc.if_else(swapped, latitude, longitude)),
    )


def _response(calls: Calls, at: Ints) -> pa.Array:
    """Minutes from call to arrival, ``7,5``; now and then with a point, or in words."""
    dice = calls.population.dice
    known = ~calls.is_ghost[at] & (calls.arrived[at] <= calls.written[at])
    tenths = (calls.arrived[at] - calls.called[at] + 3) // 6
    whole = pa.array(tenths // 10).cast(pa.string())
    tenth = pa.array(tenths % 10).cast(pa.string())
    text = pc.choose(
        pa.array(dice.choice("call/response", at, (94, 4, 2))),
        pc.binary_join_element_wise(whole, tenth, ","),
        pc.binary_join_element_wise(whole, tenth, "."),
        pc.binary_join_element_wise("+/-", whole, "mnt", " "),
    )
    return pc.if_else(pa.array(known), text, _NULL)


def _note(calls: Calls, at: Ints) -> pa.Array:
    """Free text, sometimes of several lines, with semicolons and quotes."""
    dice = calls.population.dice
    told = _by(dice, "call/note", at, calls.emergency[at], [kind.notes for kind in EMERGENCIES])
    ghost = pa.array(GHOST_NOTES).take(
        pa.array(dice.below("call/note/ghost", at, len(GHOST_NOTES)))
    )
    told = pc.if_else(pa.array(calls.is_ghost[at]), ghost, told)
    told = pc.if_else(pa.array(dice.chance("call/note?", at, 0.6)), told, _NO_TEXT)
    style = pa.array(dice.choice("call/note/style", at, (80, 14, 6)))
    told = pc.choose(
        style,
        told,
        pc.binary_join_element_wise(told, "\r\n", "pelapor dihubungi lagi", ""),
        pc.binary_join_element_wise('kata pelapor "cepat"; ', told, ""),
    )
    fixed = pa.array(calls.will_be_fixed[at] & calls.is_corrected[at])
    told = pc.if_else(
        fixed, pc.binary_join_element_wise(told, "\r\ndikoreksi supervisor", ""), told
    )
    return pc.if_else(pc.equal(told, _NO_TEXT), _NULL, told)


def _by(dice: Dice, label: str, at: Ints, kind: Ints, words: list[tuple[str, ...]]) -> pa.Array:
    """A word out of the list of each row's kind."""
    counts = np.array([len(some) for some in words])
    first = np.concatenate([[0], np.cumsum(counts)])[kind]
    flat = pa.array([word for some in words for word in some])
    return flat.take(pa.array(first + dice.below(label, at, counts[kind])))
