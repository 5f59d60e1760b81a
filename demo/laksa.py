"""LAKSA's tables as its database holds them, dirt included."""

from functools import partial

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from demo.complaint_events import FINISHED as FINISHED_KIND
from demo.complaint_events import REFUSED as REFUSED_KIND
from demo.complaint_events import Dispositions, Events, follow_ups
from demo.complaint_topics import (
    DETAILS,
    FINISHED,
    FOLLOW_UPS,
    NOTES,
    REFUSED,
    RETIRED_TOPIC,
    SPAM_TITLES,
    TOPICS,
)
from demo.complaints import Complaints
from demo.days import NEVER, ZERO_DATE, clock_text, year
from demo.departments import DEPARTMENTS
from demo.dice import Bools, Ints
from demo.laksa_users import user_table
from demo.population import Population
from demo.spellings import Typed, type_kecamatan
from demo.table import Table

_NULL = pa.scalar(None, pa.string())


def laksa_tables(complaints: Complaints) -> list[Table]:
    """All tables of LAKSA as they are this morning, parents before children."""
    return [
        _categories(),
        _departments(),
        user_table(complaints.users),
        _complaint_table(complaints),
        _disposition_table(Dispositions(complaints)),
        _follow_up_table(complaints),
    ]


def _fixed(name: str, rows: pa.Table) -> Table:
    ids = rows["id"].to_numpy()
    return Table(name, "id", ids, np.zeros(len(ids), dtype=np.int64), lambda at: rows.take(at))


def _categories() -> Table:
    names = [topic.name for topic in TOPICS] + [RETIRED_TOPIC]
    rows = pa.table(
        {
            "id": pa.array(range(1, len(names) + 1), pa.int64()),
            "nama": names,
            "aktif": pa.array([1] * len(TOPICS) + [0], pa.int64()),
        }
    )
    return _fixed("kategori", rows)


def _departments() -> Table:
    rows = pa.table(
        {
            "id": pa.array(range(1, len(DEPARTMENTS) + 1), pa.int64()),
            "kode": [f"OPD-{n:02d}" for n in range(1, len(DEPARTMENTS) + 1)],
            "nama": [department.laksa_name for department in DEPARTMENTS],
        }
    )
    return _fixed("opd", rows)


def _complaint_table(c: Complaints) -> Table:
    present = np.flatnonzero(c.is_present)
    dice = c.population.dice
    done = c.done[present] < c.now
    kind, _ = type_kecamatan(dice, c.population.areas, present, c.kelurahan[present])
    gps = _gps_kind(c, present)
    late = c.is_late[present]
    dirt = {f"kecamatan_{typed.name.lower()}": kind == typed for typed in Typed if typed}
    dirt |= {
        "gps_missing": gps == _GPS_MISSING,
        "gps_zero": gps == _GPS_ZERO,
        "zero_date_unfinished": ~done,
        "zero_date_by_mistake": done & _forgot_date(c, present),
        "seen_after_midnight": late,
        "phone_in_text": dice.chance("complaint/phone-in-text", present, 0.03),
    }
    milestones = (c.first_disposition, c.second_disposition, c.done, c.refused)
    revisions = sum((event[present] < c.now).astype(np.int64) for event in milestones)
    return Table(
        "pengaduan",
        "id",
        present + 1,
        np.asarray(revisions),
        lambda at: _complaint_rows(c, present[at]),
        dirt={kind: present[rows] + 1 for kind, rows in dirt.items()},
        people=c.users.person[c.user[present]],
        homes=c.kelurahan[present],
    )


_GPS_GIVEN, _GPS_MISSING, _GPS_ZERO = 0, 1, 2


def _gps_kind(c: Complaints, at: Ints) -> Ints:
    return c.population.dice.choice("complaint/gps", at, (74, 25, 1))


def _forgot_date(c: Complaints, at: Ints) -> Bools:
    return c.population.dice.chance("complaint/forgot-date", at, 0.02)


def _complaint_rows(c: Complaints, at: Ints) -> pa.Table:
    population, dice, areas = c.population, c.population.dice, c.population.areas
    _, kecamatan = type_kecamatan(dice, areas, at, c.kelurahan[at])
    village = areas.kelurahan_name(c.kelurahan[at])
    village = pc.choose(
        pa.array(dice.choice("complaint/village", at, (70, 12, 18))),
        village,
        pc.utf8_upper(village),
        _NULL,
    )
    title = _title(c, at)
    done = np.where((c.done[at] < c.now) & ~_forgot_date(c, at), c.done[at], NEVER)
    number = pc.binary_join_element_wise(
        "LKS",
        pa.array(year(c.reported[at])).cast(pa.string()),
        pc.utf8_lpad(pa.array(at + 1).cast(pa.string()), 6, "0"),
        "-",
    )
    latitude, longitude = _position(c, at)
    return pa.table(
        {
            "id": at + 1,
            "nomor": number,
            "pengguna_id": c.user[at] + 1,
            "kategori_id": c.topic[at] + 1,
            "judul": title,
            "isi": _story(population, c, at, title),
            "lat": latitude,
            "lng": longitude,
            "kecamatan": kecamatan,
            "kelurahan": village,
            "status": c.status[at],
            "tgl_lapor": clock_text(c.reported[at]),
            "tgl_selesai": clock_text(done, never=ZERO_DATE),
            "updated_at": clock_text(c.updated[at]),
        }
    )


def _title(c: Complaints, at: Ints) -> pa.Array:
    dice = c.population.dice
    counts = np.array([len(topic.titles) for topic in TOPICS])
    first = np.concatenate([[0], np.cumsum(counts)])[c.topic[at]]
    word = first + dice.below("complaint/title", at, counts[c.topic[at]])
    title = pa.array([title for topic in TOPICS for title in topic.titles]).take(pa.array(word))
    spam = pa.array(SPAM_TITLES).take(
        pa.array(dice.below("complaint/spam-title", at, len(SPAM_TITLES)))
    )
    return pc.if_else(pa.array(c.is_spam[at]), spam, title)


def _story(population: Population, c: Complaints, at: Ints, title: pa.Array) -> pa.Array:
    """What the citizen wrote; a few leave their phone number in it."""
    dice = population.dice
    place = population.areas.kelurahan_name(c.kelurahan[at])
    detail = pa.array(DETAILS).take(pa.array(dice.below("complaint/detail", at, len(DETAILS))))
    text = pc.binary_join_element_wise(
        pc.binary_join_element_wise(title, "di wilayah", place, " "), detail, ". "
    )
    people = c.users.person[c.user[at]]
    phone = pc.binary_join_element_wise(" Hubungi ", population.phones(people, people * 0), "")
    leaves_phone = pa.array(dice.chance("complaint/phone-in-text", at, 0.03))
    return pc.binary_join_element_wise(text, pc.if_else(leaves_phone, phone, ""), "")


def _position(c: Complaints, at: Ints) -> tuple[pa.Array, pa.Array]:
    """WGS 84 degrees near the middle of the kelurahan, null where the phone sent nothing."""
    dice, areas, kind = c.population.dice, c.population.areas, _gps_kind(c, at)

    def degrees(label: str, centre: pa.Array) -> pa.Array:
        value = np.round(centre[c.kelurahan[at]] + 0.0025 * dice.normal(label, at), 7)
        value = np.where(kind == _GPS_ZERO, 0.0, value)
        return pa.array(value, mask=kind == _GPS_MISSING)

    return degrees("complaint/lat", areas.latitude), degrees("complaint/lng", areas.longitude)


def _disposition_table(d: Dispositions) -> Table:
    return Table(
        "disposisi",
        "id",
        d.events.number,
        d.is_annotated.astype(np.int64),
        partial(_disposition_rows, d),
    )


def _disposition_rows(d: Dispositions, at: Ints) -> pa.Table:
    e, c = d.events, d.complaints
    noted = d.is_annotated[at]
    note = pa.array(NOTES).take(
        pa.array(c.population.dice.below("disposition/text", e.number[at], len(NOTES)))
    )
    moment = e.moment[at]
    done = c.done[e.complaint[at]]
    return pa.table(
        {
            "id": e.number[at],
            "pengaduan_id": e.complaint[at] + 1,
            "opd_id": e.department[at] + 1,
            "tgl": clock_text(moment),
            "catatan": pc.if_else(pa.array(noted), "Sudah selesai dikerjakan", note),
            "updated_at": clock_text(np.where(noted, done, moment)),
        }
    )


def _follow_up_table(c: Complaints) -> Table:
    events = follow_ups(c)
    revisions = np.zeros(len(events.number), dtype=np.int64)
    return Table(
        "tindak_lanjut", "id", events.number, revisions, partial(_follow_up_rows, c, events)
    )


def _follow_up_rows(c: Complaints, e: Events, at: Ints) -> pa.Table:
    word = c.population.dice.below("follow-up/text", e.number[at], len(FOLLOW_UPS))
    text = pa.array(FOLLOW_UPS).take(pa.array(word))
    text = pc.if_else(pa.array(e.kind[at] == FINISHED_KIND), FINISHED, text)
    text = pc.if_else(pa.array(e.kind[at] == REFUSED_KIND), REFUSED, text)
    return pa.table(
        {
            "id": e.number[at],
            "pengaduan_id": e.complaint[at] + 1,
            "opd_id": e.department[at] + 1,
            "isi": text,
            "tgl": clock_text(e.moment[at]),
        }
    )
