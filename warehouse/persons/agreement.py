"""How two names or two birth dates agree: one set of SQL conditions for the guard and the model.

Each takes the columns of two records by their prefix and suffix, as in ``l.name_key`` or
``name_key_l``.
"""

from collections.abc import Callable

ALIKE = 0.92
"""Two names that are as similar as that (Jaro-Winkler) are spelt much alike."""

Side = Callable[[str], tuple[str, str]]
"""Gives the two sides of a column."""


def aliases(column: str) -> tuple[str, str]:
    """``l.column`` and ``r.column``: for a join."""
    return f"l.{column}", f"r.{column}"


def suffixes(column: str) -> tuple[str, str]:
    """``column_l`` and ``column_r``: for Splink's comparisons."""
    return f"{column}_l", f"{column}_r"


def same_words(side: Side) -> str:
    """The same words in any order."""
    left, right = side("name_sorted")
    return f"({left} = {right})"


def one_slip(side: Side) -> str:
    """One or two letters differ, and a word that only one of them has is hardly used by others.

    Rina and Rini are two common names and no slip: twins are called so.
    """
    left, right = side("name_key")
    words_left, words_right = side("name_words")
    rare_left, rare_right = side("rare_words")
    return (
        f"((not list_has_all({words_right}, {rare_left}) "
        f"or not list_has_all({words_left}, {rare_right})) "
        f"and abs(length({left}) - length({right})) <= 2 "
        f"and damerau_levenshtein({left}, {right}) "
        f"<= case when length({left}) < 8 then 1 else 2 end)"
    )


def much_in_common(side: Side) -> str:
    """Two words are the same, or the whole is spelt much alike: enough beside the same number."""
    left, right = side("name_words")
    name_left, name_right = side("name_sorted")
    return (
        f"(len(list_intersect({left}, {right})) >= 2 "
        f"or jaro_winkler_similarity({name_left}, {name_right}) >= {ALIKE})"
    )


def words_left_out(side: Side) -> str:
    """All words of the shorter name, two or more, are in the longer: initials do not count."""
    left, right = side("name_words")
    return (
        f"(least(len({left}), len({right})) >= 2 "
        f"and (list_has_all({left}, {right}) or list_has_all({right}, {left})))"
    )


def same_given_name(side: Side) -> str:
    """The given name is the same, the rest is not: a married name, or another person."""
    left, right = side("given_name")
    return f"({left} = {right})"


def given_name_by_phone(side: Side) -> str:
    """One of them says no more than the given name, as people do on the phone, and the phone is the
    same."""
    left, right = side("given_name")
    words_left, words_right = side("name_words")
    phone_left, phone_right = side("phone")
    return (
        f"({left} = {right} and {phone_left} = {phone_right} "
        f"and least(len({words_left}), len({words_right})) = 1)"
    )


def same_birth_date(side: Side) -> str:
    """The same day, and both sides are sure of it."""
    left, right = side("birth_date")
    sure_left, sure_right = side("is_birth_date_sure")
    return f"({left} = {right} and {sure_left} and {sure_right})"


def birth_date_slip(side: Side) -> str:
    """Day and month swapped, or a year off by one or ten."""
    left, right = side("birth_date")
    return (
        f"((year({left}) = year({right}) and month({left}) = day({right}) "
        f"and day({left}) = month({right})) "
        f"or (month({left}) = month({right}) and day({left}) = day({right}) "
        f"and abs(year({left}) - year({right})) in (1, 10)))"
    )


def birth_year_only(side: Side) -> str:
    """The same year, and one side knows no more: 1 January, or unsure."""
    left, right = side("birth_date")
    sure_left, sure_right = side("is_birth_date_sure")
    first = [f"(month({date}) = 1 and day({date}) = 1)" for date in (left, right)]
    return (
        f"(year({left}) = year({right}) "
        f"and (not {sure_left} or not {sure_right} or {first[0]} or {first[1]}))"
    )


def birth_dates_agree(side: Side) -> str:
    """The same, or one slip apart; null where one is unknown."""
    return f"({same_birth_date(side)} or {birth_date_slip(side)} or {birth_year_only(side)})"


def same_address(side: Side) -> str:
    """The same street and house number in one kelurahan, or in one RT and RW."""
    street, other_street = side("street_key")
    kelurahan, other_kelurahan = side("kelurahan_code")
    neighbourhood, other_neighbourhood = side("neighbourhood")
    return (
        f"({street} = {other_street} and coalesce({kelurahan} = {other_kelurahan} "
        f"or {neighbourhood} = {other_neighbourhood}, false))"
    )


def same_parent(side: Side) -> str:
    """A parent has the same words in the name."""
    left, right = side("parents")
    return f"list_has_any({left}, {right})"


def similar_parent(side: Side) -> str:
    """A parent has the same given name, or a name that is spelt much alike."""
    given_left, given_right = side("parent_given_names")
    left, right = side("parents")
    alike = f"jaro_winkler_similarity(one, other) >= {ALIKE}"
    return (
        f"(list_has_any({given_left}, {given_right}) or len(list_filter({left}, lambda one: "
        f"len(list_filter({right}, lambda other: {alike})) > 0)) > 0)"
    )


def nik_slip(side: Side) -> str:
    """Two different NIKs with one digit wrong or two neighbours swapped between them."""
    left, right = side("nik")
    return f"(damerau_levenshtein({left}, {right}) <= 1)"
