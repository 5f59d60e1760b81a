"""What the texts of a column are: whole numbers, decimals, dates and how they are spelt.

A wrong guess costs values, so text stays text wherever its digits may be a name of something: with
leading zeros, with more digits than a count ever has, or where a column is called a code.
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from connectors.discover.facts import Kind, kind_of
from connectors.discover.names import spelled

ENOUGH = 0.95
"""Share of different values that must be of a type; the others are set aside on landing."""
FEW = 20
"""Of fewer different values, all must be."""
MOST_DIGITS = 14
"""A whole number with more is an identity number or a bar code."""
NO_VALUE = ("-", "--", "NULL", "null", "Null", "(null)", "N/A", "n/a", "#N/A", "NaN", "nan", r"\N")
"""Texts by which programs say that there is no value."""
_SENTINEL_YEARS = {1, 1899, 1900, 9999}

_WHOLE = re.compile(r"[-+]?\d+")
_ZERO_FIRST = re.compile(r"[-+]?0\d+")
_POINT = re.compile(r"[-+]?(\d+)\.(\d+)")
_POINT_GROUPS = re.compile(r"[-+]?\d{1,3}(\.\d{3})+")
_COMMA = re.compile(r"[-+]?(\d+|\d{1,3}(?:\.\d{3})+),(\d+)")
_COMMA_GROUPS = re.compile(r"[-+]?\d{1,3}(,\d{3})+(\.\d+)?")
_SCIENTIFIC = re.compile(r"[-+]?\d+([.,]\d+)?[eE][-+]?\d+")
_MONEY = re.compile(r"(rp|idr)\.? ?[\d.,]+", re.IGNORECASE)

_TIME = r"(?:(?P<t>[ T])(?P<hm>\d\d?:\d\d)(?P<s>:\d\d)?(?P<f>[.,]\d+)?(?P<z>Z|[-+]\d\d:?\d\d)?)?"
_YEAR_FIRST = re.compile(r"(?P<y>\d{4})(?P<sep>[-/.])(?P<a>\d\d?)(?P=sep)(?P<b>\d\d?)" + _TIME)
_YEAR_LAST = re.compile(r"(?P<a>\d\d?)(?P<sep>[-/.])(?P<b>\d\d?)(?P=sep)(?P<y>\d{4}|\d\d)" + _TIME)
_NAMED_MONTH = re.compile(
    r"(?P<a>\d\d?)(?P<sep>[- /])(?P<b>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)"
    r"(?P=sep)(?P<y>\d{4}|\d\d)" + _TIME,
    re.IGNORECASE,
)
_INDONESIAN_MONTH = re.compile(
    r"\d\d?[- /](januari|februari|maret|april|mei|juni|juli|agustus|september|oktober|november"
    r"|desember|agt|agu|ags|okt|des|nop)[- /]\d{2,4}.*",
    re.IGNORECASE,
)
_COMPACT = re.compile(r"(?P<y>(19|20)\d\d)(?P<a>0[1-9]|1[0-2])(?P<b>0[1-9]|[12]\d|3[01])")
_ZERO_DATE = re.compile(r"0000-00-00.*")

_DATE_NAME = re.compile(r"(^|_)(tgl|tanggal|date|waktu|time|tmt|lahir)(_|$)")
_CODE_NAME = re.compile(
    r"(^|_)(kode|kd|code|nik|kk|ktp|hp|telp|tlp|telepon|phone|wa|npwp|nip|nisn|nis|nuptk|nop|rm"
    r"|rek|rekening|pos|kodepos|zip|rt|rw|barcode|akun|nomor|no_(?!urut)\w+)(_|$)|^no_?(?!urut)\w+"
)


@dataclass(frozen=True)
class Spelling:
    """What a column's texts are, and how they say it."""

    type: str | None = None
    """The DuckDB type they can be read as; None for text."""
    formats: tuple[str, ...] = ()
    decimal: str = "."
    nulls: tuple[str, ...] = ()
    """Texts of ``NO_VALUE`` among them."""
    remark: str = ""

    @property
    def kind(self) -> Kind:
        """The type in the words of ``ColumnFacts``."""
        return kind_of(self.type or "VARCHAR")


def find_spelling(name: str, values: Iterable[str], *, comma_elsewhere: bool = False) -> Spelling:
    """What different values of a column are. ``comma_elsewhere``: others have decimal commas."""
    stripped = {value.strip() for value in values} - {""}
    nulls = tuple(text for text in NO_VALUE if text in stripped)
    texts = stripped - {*nulls}
    if not texts:
        return Spelling(nulls=nulls, remark="empty in what was looked at")
    found = _numbers(name, texts, comma_elsewhere) or _dates(name, texts) or _truth(texts)
    if found is None:
        return Spelling(nulls=nulls, remark=_why_text(texts))
    return Spelling(found.type, found.formats, found.decimal, nulls, found.remark)


def has_decimal_comma(values: Iterable[str]) -> bool:
    """Whether most values are numbers and some have a comma that can't separate thousands."""
    texts = {value.strip() for value in values} - {"", *NO_VALUE}
    numbers = [text for text in texts if _COMMA.fullmatch(text) or _WHOLE.fullmatch(text)]
    commas = [text for text in numbers if "," in text and len(text.rpartition(",")[2]) != 3]
    return bool(commas) and _is_enough(len(numbers), len(texts))


def _is_enough(fitting: int, count: int) -> bool:
    return fitting == count if count < FEW else fitting >= ENOUGH * count


def _misfits(fitting: int, count: int) -> str:
    bad = count - fitting
    return f"{bad:,} of {count:,} different values are not, and will be set aside" if bad else ""


def _joined(*parts: str) -> str:
    return "; ".join(part for part in parts if part)


def _numbers(name: str, texts: set[str], comma_elsewhere: bool) -> Spelling | None:
    whole = {text for text in texts if _WHOLE.fullmatch(text)}
    if any(_ZERO_FIRST.fullmatch(text) for text in whole):
        if len(whole) == len(texts):
            return Spelling(remark="stays text: it has leading zeros")
        return None
    if _is_enough(len(whole), len(texts)):
        if max(map(len, whole)) > MOST_DIGITS:
            return Spelling(remark="stays text: numbers this long are names of something")
        if _DATE_NAME.search(spelled(name)) and all(map(_COMPACT.fullmatch, whole)):
            return None
        if _CODE_NAME.search(spelled(name)):
            return Spelling(remark="stays text: a code or a number by which something is called")
        return Spelling("BIGINT", remark=_misfits(len(whole), len(texts)))
    return _decimals(texts, whole, comma_elsewhere)


def _decimals(texts: set[str], whole: set[str], comma_elsewhere: bool) -> Spelling | None:
    points = {text for text in texts if _POINT.fullmatch(text)}
    groups = {text for text in texts if _POINT_GROUPS.fullmatch(text)}
    commas = {text for text in texts if _COMMA.fullmatch(text)}
    foreign = {text for text in texts if _COMMA_GROUPS.fullmatch(text)}
    count = len(texts)
    # Three digits after every comma may be thousands; where the point is a decimal, they are.
    if foreign and foreign >= commas and not comma_elsewhere and not groups:
        if _is_enough(len(foreign | whole | points), count):
            return Spelling(
                remark="stays text: commas separate thousands, which is read in staging"
            )
        return None
    if commas and _is_enough(len(commas | whole | groups), count):
        type_, full = _decimal_type(commas | whole | groups, ",")
        return Spelling(type_, decimal=",", remark=_misfits(len(full), count))
    if groups and points <= groups and _is_enough(len(groups | whole), count):
        # 12.500 in a table without a decimal comma: thousands, unless it is a measure.
        is_sure = comma_elsewhere or any(text.count(".") > 1 for text in groups)
        if is_sure:
            remark = _joined("points separate thousands", _misfits(len(groups | whole), count))
            return Spelling("BIGINT", decimal=",", remark=remark)
        type_, _ = _decimal_type(points | whole, ".")
        return Spelling(
            type_, remark="LOOK: always three digits after the point; thousands are decimal: ','"
        )
    if points and _is_enough(len(points | whole), count):
        type_, full = _decimal_type(points | whole, ".")
        return Spelling(type_, remark=_misfits(len(full), count))
    return None


def _decimal_type(numbers: set[str], mark: str) -> tuple[str, set[str]]:
    """Wide enough for numbers a thousand times larger than those that were seen."""
    thousands = "." if mark == "," else ","
    before = after = 1
    for number in numbers:
        whole, _, places = number.lstrip("+-").replace(thousands, "").partition(mark)
        before, after = max(before, len(whole)), max(after, len(places))
    if before + after > 38:
        return "DOUBLE", numbers
    return f"DECIMAL({min(38, max(18, before + 3 + after))},{after})", numbers


def _truth(texts: set[str]) -> Spelling | None:
    return Spelling("BOOLEAN") if {text.lower() for text in texts} == {"true", "false"} else None


@dataclass
class _Shapes:
    """How often each spelling of dates occurs, and what tells day from month."""

    count: Counter[tuple[str, str]] = field(default_factory=Counter)
    """By date format, ``D`` and ``M`` standing for two places that may be either, and by time."""
    first_is_day: int = 0
    second_is_day: int = 0
    sentinels: int = 0
    zeros: int = 0


def _dates(name: str, texts: set[str]) -> Spelling | None:
    shapes = _Shapes()
    for text in texts:
        _take_shape(text, shapes, may_be_compact=bool(_DATE_NAME.search(spelled(name))))
    fitting = sum(shapes.count.values()) + shapes.zeros
    if not shapes.count or not _is_enough(fitting, len(texts)):
        return None
    is_day_first = shapes.first_is_day >= shapes.second_is_day
    odd = min(shapes.first_is_day, shapes.second_is_day)
    spellings = dict.fromkeys(
        _format(date, time, is_day_first=is_day_first)
        for (date, time), _ in shapes.count.most_common()
    )
    remarks = []
    if any("A" in date for date, _ in shapes.count):
        asserted = max(shapes.first_is_day, shapes.second_is_day)
        remarks.append(
            f"{asserted:,} of {len(texts):,} different values show that the "
            f"{'day' if is_day_first else 'month'} comes first"
            if asserted
            else "LOOK: no value tells day from month, the day is taken to come first"
        )
        if odd:
            remarks.append(f"LOOK: in {odd:,} it is the other way round")
    if shapes.sentinels:
        remarks.append(
            f"{shapes.sentinels:,} different values are of year 1, 1900 or 9999, by which programs "
            "say that there is no date"
        )
    remarks.append(_misfits(fitting, len(texts)))
    has_zone = any("z" in time for _, time in shapes.count)
    has_time = any(time for _, time in shapes.count)
    is_iso = all(date == "%Y-%m-%d" for date, _ in shapes.count)
    kind = "TIMESTAMPTZ" if has_zone else "TIMESTAMP" if has_time else "DATE"
    formats = () if is_iso else tuple(spellings)
    return Spelling(kind, formats, remark=_joined(*remarks))


def _take_shape(text: str, shapes: _Shapes, *, may_be_compact: bool) -> None:
    if _ZERO_DATE.fullmatch(text):
        shapes.zeros += 1
        return
    is_ambiguous = False
    if found := _YEAR_FIRST.fullmatch(text):
        date, month, day = f"%Y{found['sep']}%m{found['sep']}%d", found["a"], found["b"]
    elif found := _YEAR_LAST.fullmatch(text):
        year = "%Y" if len(found["y"]) == 4 else "%y"
        date, month, day = f"A{found['sep']}B{found['sep']}{year}", found["a"], found["b"]
        is_ambiguous = True
    elif found := _NAMED_MONTH.fullmatch(text):
        year = "%Y" if len(found["y"]) == 4 else "%y"
        date, month, day = f"%d{found['sep']}%b{found['sep']}{year}", "1", found["a"]
    elif may_be_compact and (found := _COMPACT.fullmatch(text)):
        date, month, day = "%Y%m%d", found["a"], found["b"]
    else:
        return
    first, second = int(month), int(day)
    low, high = sorted((first, second))
    if low < 1 or high > 31 or (is_ambiguous and low > 12) or (not is_ambiguous and first > 12):
        return
    if is_ambiguous:
        shapes.first_is_day += first > 12
        shapes.second_is_day += second > 12
    groups = found.groupdict()
    time = ""
    if groups.get("t"):
        seconds = ":%S" if groups["s"] else ""
        part = ".%f" if groups["f"] else ""
        zone = "%z" if groups["z"] else ""
        time = f"{groups['t']}%H:%M{seconds}{part}{zone}"
    shapes.count[date, time] += 1
    shapes.sentinels += int(found["y"]) in _SENTINEL_YEARS and len(found["y"]) == 4


def _format(date: str, time: str, *, is_day_first: bool) -> str:
    first, second = ("%d", "%m") if is_day_first else ("%m", "%d")
    return date.replace("A", first, 1).replace("B", second, 1) + time


def _why_text(texts: set[str]) -> str:
    count = len(texts)
    damaged = sum(1 for text in texts if _SCIENTIFIC.fullmatch(text))
    if damaged:
        return (
            f"{damaged:,} of {count:,} different values are like 1.23E+15: a spreadsheet has cut "
            "digits off"
        )
    if sum(1 for text in texts if _INDONESIAN_MONTH.fullmatch(text)) > count / 2:
        return "stays text: dates with Indonesian names of months, which are read in staging"
    if sum(1 for text in texts if _MONEY.fullmatch(text)) > count / 2:
        return "stays text: amounts with Rp before them, which are read in staging"
    return ""
