"""What counters write differs from the cards as often as their habits say, and says so itself."""

from dataclasses import fields

import numpy as np
import pytest

from demo.city import City
from demo.dice import Ints
from demo.place_texts import PlaceStyle
from demo.registration import Habits, Registration
from demo.spec import CitySpec

ALL = Habits(**{field.name: 0.1 for field in fields(Habits)})


@pytest.fixture(scope="module")
def people(city: City) -> Ints:
    """Everybody twelve times over."""
    return np.tile(city.population.citizens, 12)


def test_without_habits_all_is_as_on_the_card(city: City, people: Ints) -> None:
    entries = np.arange(len(people))
    wrote = Registration(city.population, "clean", Habits())
    assert wrote.nik(entries, people).equals(city.population.nik_text(people))
    assert wrote.name(entries, people).equals(city.population.names(people))
    assert (wrote.birth_day(entries, people) == city.population.birth_day[people]).all()
    assert (wrote.is_woman(entries, people) == city.population.women[people]).all()
    assert wrote.phone(entries, people).null_count == 0
    assert all(len(rows) == 0 for rows in wrote.errors(entries, people).values())


def test_the_errors_told_are_the_errors_made(city: City, people: Ints) -> None:
    entries = np.arange(len(people)) + 1_000
    wrote, card = Registration(city.population, "dirty", ALL), city.population
    errors = wrote.errors(entries, people)

    def told(prefix: str) -> set[int]:
        return {int(e) for kind, rows in errors.items() if kind.startswith(prefix) for e in rows}

    def differing(written: list[object], true: list[object]) -> set[int]:
        return {int(e) for e, w, t in zip(entries, written, true, strict=True) if w != t}

    nik, true_nik = wrote.nik(entries, people).to_pylist(), card.nik_text(people).to_pylist()
    assert differing(nik, true_nik) == told("nik_")
    assert all(text is None or (len(text) == 16 and text.isdigit()) for text in nik)
    assert differing(
        wrote.birth_day(entries, people).tolist(), card.birth_day[people].tolist()
    ) == told("birth_")
    assert differing(wrote.is_woman(entries, people).tolist(), card.women[people].tolist()) == told(
        "sex_"
    )
    names = wrote.name(entries, people).to_pylist()
    plain = [n.upper() for n in names]
    true = [n.upper() for n in card.names(people).to_pylist()]
    # Two errors of one name may cancel out now and then.
    assert differing(plain, true) <= told("name_")
    assert len(differing(plain, true)) > 0.95 * len(told("name_"))


def test_errors_are_as_frequent_as_the_habits_and_dirtier_in_a_dirtier_city(
    city: City, people: Ints
) -> None:
    entries = np.arange(len(people))
    errors = Registration(city.population, "dirty", ALL).errors(entries, people)
    for always_possible in ("nik_missing", "nik_swapped", "nik_digit", "name_typo", "name_title",
                            "birth_year", "phone_old", "sex_wrong"):  # fmt: skip
        assert 0.08 < len(errors[always_possible]) / len(people) < 0.12, always_possible
    assert all(len(rows) > 0 for rows in errors.values())
    twice = City.build(CitySpec(**{**city.spec.model_dump(), "dirtiness": 2.0})).population
    more = Registration(twice, "dirty", ALL).errors(entries, people)
    assert 1.8 < len(more["name_typo"]) / len(errors["name_typo"]) < 2.2
    assert Habits(nik_missing=0.4).scaled(5).nik_missing == 1.0


def test_an_entry_is_the_same_alone_and_another_entry_differs(city: City) -> None:
    wrote = Registration(city.population, "dirty", Habits(name_typo=1.0))
    person = np.full(40, 123)
    entries = np.arange(40)
    names = wrote.name(entries, person).to_pylist()
    assert wrote.name(entries[7:8], person[:1]).to_pylist() == names[7:8]
    assert len(set(names)) > 10


@pytest.mark.parametrize(
    ("style", "right"),
    [
        ("kelurahan", "Cikokol"),
        ("kecamatan", "Tangerang"),
        ("kemendagri", "36.71.01.1005"),
        ("kemendagri_plain", "3671011005"),
        ("bps", "3671030"),
    ],
)
def test_places_are_mostly_right_and_sometimes_not(
    city: City, style: PlaceStyle, right: str
) -> None:
    population = city.population
    cikokol = population.areas.kelurahan_names.index("Cikokol")
    entries = np.arange(4000)
    places = Registration(population, "places", Habits()).place(
        entries, np.full(4000, cikokol), style
    )
    texts = places.to_pylist()
    assert 0.4 < texts.count(right) / len(texts) < 0.99
    assert {None, ""} < set(texts)
