"""What is compared of two mentions, and the words an auditor reads for it."""

import splink.comparison_level_library as levels
from splink.comparison_library import CustomComparison
from splink.internals.comparison_level_creator import ComparisonLevelCreator

from warehouse.persons import agreement as a

SLIP_BY_CHANCE = 2e-5
"""As rare as two strangers of one common name: a slip must not outweigh the name itself. Random
pairs show too few of them to learn from."""

GIVEN_NAME_BY_CHANCE = 0.01
"""Two strangers of one given name; how common the name itself is counts beside that."""

# The levels of each comparison, best first.
WORDS = {
    "name": (
        "same words",
        "one slip of a letter",
        "words left out",
        "given name, by phone",
        "same given name",
        "differs",
    ),
    "birth_date": ("same", "day and month swapped or year off", "same year", "differs"),
    "sex": ("same", "differs"),
    "area": (
        "same address",
        "same kelurahan",
        "same kelurahan, another home",
        "same kecamatan",
        "differs",
    ),
    "phone": ("same", "differs"),
    "parent": ("same words", "similar", "differs"),
}


def _level(condition: str, label: str) -> ComparisonLevelCreator:
    return levels.CustomLevel(condition, label)


def _null(*columns: str) -> ComparisonLevelCreator:
    missing = " or ".join(f"{c}_l is null or {c}_r is null" for c in columns)
    return levels.CustomLevel(missing, "not known").configure(is_null_level=True)


def _comparison(
    name: str, null: ComparisonLevelCreator, found: list[ComparisonLevelCreator]
) -> CustomComparison:
    return CustomComparison(
        output_column_name=name, comparison_levels=[null, *found, levels.ElseLevel()]
    )


def comparisons() -> list[CustomComparison]:
    """Name, birth date, sex, area, phone and parents; a common name or date says less than a rare
    one."""
    name, birth, area, parent = (WORDS[each] for each in ("name", "birth_date", "area", "parent"))
    no_area = levels.CustomLevel(
        "(kecamatan_code_l is null or kecamatan_code_r is null) "
        f"and not coalesce({a.same_address(a.suffixes)}, false)",
        "not known",
    ).configure(is_null_level=True)
    return [
        _comparison(
            "name",
            _null("name_sorted"),
            [
                levels.ExactMatchLevel("name_sorted").configure(
                    tf_adjustment_column="name_sorted", label_for_charts=name[0]
                ),
                _level(a.one_slip(a.suffixes), name[1]).configure(
                    m_probability=0.02, u_probability=SLIP_BY_CHANCE, fix_u_probability=True
                ),
                _level(a.words_left_out(a.suffixes), name[2]).configure(
                    m_probability=0.05, u_probability=1e-4
                ),
                # Whether somebody says the whole name depends on the app, not on who it is: the
                # weight is that of a given name, where it is all that was said.
                _level(a.given_name_by_phone(a.suffixes), name[3]).configure(
                    tf_adjustment_column="given_name",
                    disable_tf_exact_match_detection=True,
                    m_probability=0.9,
                    u_probability=GIVEN_NAME_BY_CHANCE,
                    fix_m_probability=True,
                    fix_u_probability=True,
                ),
                levels.ExactMatchLevel("given_name").configure(
                    tf_adjustment_column="given_name", label_for_charts=name[4]
                ),
            ],
        ),
        _comparison(
            "birth_date",
            _null("birth_date"),
            [
                _level(a.same_birth_date(a.suffixes), birth[0]).configure(
                    tf_adjustment_column="birth_date", disable_tf_exact_match_detection=True
                ),
                _level(a.birth_date_slip(a.suffixes), birth[1]).configure(
                    m_probability=0.01, u_probability=1e-4
                ),
                _level(a.birth_year_only(a.suffixes), birth[2]).configure(
                    m_probability=0.01, u_probability=1e-4
                ),
            ],
        ),
        _comparison(
            "sex",
            _null("sex"),
            [levels.ExactMatchLevel("sex").configure(label_for_charts=WORDS["sex"][0])],
        ),
        _comparison(
            "area",
            no_area,
            [
                _level(a.same_address(a.suffixes), area[0]).configure(
                    m_probability=0.6, u_probability=1e-5
                ),
                _level(
                    "kelurahan_code_l = kelurahan_code_r "
                    "and (street_key_l is null or street_key_r is null)",
                    area[1],
                ),
                levels.ExactMatchLevel("kelurahan_code").configure(label_for_charts=area[2]),
                levels.ExactMatchLevel("kecamatan_code"),
            ],
        ),
        _comparison(
            "phone",
            _null("phone"),
            [levels.ExactMatchLevel("phone").configure(m_probability=0.8, u_probability=1e-6)],
        ),
        _comparison(
            "parent",
            _null("parents"),
            [
                _level(a.same_parent(a.suffixes), parent[0]).configure(
                    m_probability=0.8, u_probability=1e-4
                ),
                _level(a.similar_parent(a.suffixes), parent[1]).configure(
                    m_probability=0.1, u_probability=0.01
                ),
            ],
        ),
    ]
