"""The people are such as the law and the registers describe them."""

from datetime import date, timedelta

import numpy as np

from demo.city import City
from demo.names import full_names, without_signs


def test_every_nik_is_unique_and_tells_birth_date_and_sex(city: City) -> None:
    people = city.population
    niks = people.nik_text(people.citizens).to_pylist()
    assert len(set(niks)) == len(niks) == city.spec.citizens
    for nik, woman, born in zip(niks, people.women, people.birth_day, strict=True):
        birth = date(1970, 1, 1) + timedelta(days=int(born))
        assert len(nik) == 16
        assert int(nik[6:8]) == birth.day + (40 if woman else 0)
        assert nik[8:12] == f"{birth:%m%y}"
        assert int(nik[12:]) >= 1


def test_most_were_registered_in_the_city_and_some_elsewhere(city: City) -> None:
    niks = city.population.nik_text(city.population.citizens).to_pylist()
    home = sum(nik.startswith("3671") for nik in niks) / len(niks)
    assert 0.7 < home < 0.95
    known = {code.replace(".", "") for code in city.population.areas.kecamatan_codes}
    assert {nik[:6] for nik in niks if nik.startswith("3671")} == known


def test_a_household_shares_its_address(city: City) -> None:
    people = city.population
    family = np.flatnonzero(people.household == people.household[4])
    assert len(set(people.addresses(family).to_pylist())) == 1
    assert len(set(people.kelurahan[family].tolist())) == 1


def test_a_person_is_the_same_alone_and_among_others(city: City) -> None:
    people = city.population
    alone = people.names(np.array([123]))[0]
    assert alone == people.names(people.citizens)[123]


def test_names_vary_and_fit_a_latin1_column(city: City) -> None:
    citizens = np.arange(5000)
    names = full_names(city.population.dice, citizens, citizens % 2 == 0).to_pylist()
    assert len(set(names)) > 3500
    assert any(not name.isascii() for name in names)
    assert all(name.encode("cp1252") for name in names)
    assert all(name.isascii() for name in without_signs(names).to_pylist())
