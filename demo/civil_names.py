"""Names in SIMPEG: titles in columns of their own, except where somebody left them in the name."""

from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from demo.dice import Bools, Dice, Ints
from demo.names import mangled

_TITLES = r"(?i)^(?P<front>(?:(?:Prof|Drs|Dra|Drg|Dr|Ir|Hj|H|KH|Ust)[.] )+)"
_DEGREES = (
    "S.E.", "S.Sos.", "S.H.", "S.Kom.", "S.T.", "S.Pd.", "A.Md.", "S.Kep.", "M.Si.", "M.M.",
    "S.STP., M.Si.", "S.KM.",
)  # fmt: skip
_BLANK = pa.scalar("")


@dataclass(frozen=True)
class TitledNames:
    """The three columns, and which rows have their titles in the middle one."""

    front: pa.Array
    name: pa.Array
    behind: pa.Array
    titles_inside: Bools


def titled(dice: Dice, employees: Ints, written: pa.Array) -> TitledNames:
    """The names of these employees, as they were written down, spread over the columns."""
    front = pc.struct_field(pc.extract_regex(written, _TITLES), "front")
    front = pc.utf8_trim_whitespace(pc.fill_null(front, ""))
    bare = pc.replace_substring_regex(written, f"{_TITLES}|,.*$", "")
    has_comma = pc.match_substring(written, ",")
    behind = pc.if_else(has_comma, pc.replace_substring_regex(written, "^[^,]*, *", ""), _BLANK)
    studied = pa.array(dice.chance("servant/degree", employees, 0.62))
    degree = dice.below("servant/which-degree", employees, len(_DEGREES))
    gained = pc.if_else(studied, pa.array(_DEGREES).take(pa.array(degree)), _BLANK)
    behind = pc.if_else(has_comma, behind, gained)

    has_titles = pc.or_(pc.not_equal(front, ""), pc.not_equal(behind, ""))
    inside = pc.and_(has_titles, pa.array(dice.chance("servant/titles-inside", employees, 0.12)))
    whole = pc.utf8_trim_whitespace(pc.binary_join_element_wise(front, bare, " "))
    comma = pc.if_else(pc.equal(behind, ""), _BLANK, pa.scalar(", "))
    whole = pc.binary_join_element_wise(whole, comma, behind, "")
    return TitledNames(
        pc.if_else(inside, _BLANK, front),
        pc.if_else(inside, whole, bare),
        pc.if_else(inside, _BLANK, behind),
        inside.to_numpy(zero_copy_only=False),
    )


def double_encoded(dice: Dice, employees: Ints, names: pa.Array) -> tuple[pa.Array, Bools]:
    """Names of which some went through a wrong import: ``é`` became ``Ã©``; and which ones."""
    signs = pc.invert(pc.string_is_ascii(names)).to_numpy(zero_copy_only=False)
    wrong: Bools = signs & dice.chance("servant/mangled", employees, 0.25)
    if not wrong.any():
        return names, wrong
    mask = pa.array(wrong)
    return pc.replace_with_mask(names, mask, mangled(names.filter(mask))), wrong
