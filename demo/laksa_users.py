"""LAKSA's table of accounts, in latin1 and typed by hand."""

from functools import partial

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from demo.days import ZERO_DATE, clock_text
from demo.dice import Bools, Ints
from demo.names import mangled
from demo.population import Population
from demo.table import Table
from demo.users import Users

_HASH_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789./"


def user_table(users: Users) -> Table:
    """``pengguna`` as it is this morning."""
    ids = np.arange(len(users.person))
    dice = users.population.dice
    dirt = {
        "nik_too_short": dice.chance("user/nik-typo", ids, 0.005),
        "zero_created": dice.chance("user/zero-created", ids, 0.02),
        "mangled_name": dice.chance("user/mangled", ids, 0.2) & _has_signs(users.population, users),
        "signs_in_name": _has_signs(users.population, users),
    }
    dirt["signs_in_name"] &= ~dirt["mangled_name"]
    return Table(
        "pengguna",
        "id",
        ids + 1,
        users.phone_changes[0],
        partial(_user_rows, users, dirt),
        dirt={kind: ids[rows] + 1 for kind, rows in dirt.items()},
        people=users.person,
        homes=users.population.kelurahan[users.person],
    )


def _has_signs(population: Population, users: Users) -> Bools:
    """Which accounts have a name with letters outside ASCII."""
    parts = []
    for start in range(0, len(users.person), 100_000):
        names = population.names(users.person[start : start + 100_000])
        parts.append(pc.invert(pc.string_is_ascii(names)).to_numpy(zero_copy_only=False))
    return np.concatenate(parts) if parts else np.zeros(0, dtype=bool)


def _user_rows(users: Users, dirt: dict[str, Bools], at: Ints) -> pa.Table:
    population, dice = users.population, users.population.dice
    people = users.person[at]
    style = pa.array(dice.below("user/name-style", people, 5))
    name = population.names(people)
    name = pc.choose(style, name, name, name, pc.utf8_upper(name), pc.utf8_lower(name))
    name = pc.if_else(pa.array(dirt["mangled_name"][at]), mangled(population.names(people)), name)
    changes, changed_at = users.phone_changes
    phone = population.phones(people, changes[at])
    local = pc.utf8_slice_codeunits(phone, 1, 12)
    phone = pc.choose(
        pa.array(dice.choice("user/phone-style", people, (70, 12, 8, 10))),
        phone,
        pc.binary_join_element_wise("+62", local, ""),
        pc.binary_join_element_wise("62", local, ""),
        pc.binary_join_element_wise(
            pc.utf8_slice_codeunits(phone, 0, 4),
            pc.utf8_slice_codeunits(phone, 4, 8),
            pc.utf8_slice_codeunits(phone, 8, 12),
            "-",
        ),
    )
    nik = population.nik_text(people)
    nik = pc.if_else(pa.array(dirt["nik_too_short"][at]), pc.utf8_slice_codeunits(nik, 0, 15), nik)
    created = clock_text(users.created[at])
    updated = np.maximum(users.created[at], changed_at[at])
    address = population.addresses(people)
    secret = dice.text("user/password", people, 53, _HASH_LETTERS)
    return pa.table(
        {
            "id": at + 1,
            "nik": nik,
            "nama": name,
            "no_hp": phone,
            "email": population.emails(people),
            "password": pc.binary_join_element_wise("$2y$10$", secret, ""),
            "alamat": pc.if_else(
                pa.array(dice.chance("user/dash", people, 0.15)),
                pc.replace_substring(address, " No. ", " – No. "),
                address,
            ),
            "dibuat": pc.if_else(pa.array(dirt["zero_created"][at]), ZERO_DATE, created),
            "diubah": clock_text(updated),
        }
    )
