"""How well each dataset keeps the principles of Satu Data Indonesia, by facts that are counted.

Perpres 39/2019, article 3: a dataset has a data standard, metadata, interoperability, and reference
codes or master data. Each principle is the mean of a few shares, docs/auditor.md says which.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from expectations.quality import words
from expectations.quality.material import Material

Row = tuple[Any, ...]

PRINCIPLES = {
    "standard": "Standar Data",
    "metadata": "Metadata",
    "interoperability": "Interoperabilitas",
    "reference": "Kode Referensi dan Data Induk",
}
GRADES = ((90, "Sangat baik"), (75, "Baik"), (60, "Cukup"), (0, "Perlu perbaikan"))
KEY_TESTS = {"unique", "unique_key"}
REFERENCES = {
    "kelurahan_code": ("dim_areas", "area_code_kemendagri"),
    "kecamatan_code": ("dim_areas", "area_code_kemendagri"),
    "area_code_kemendagri": ("dim_areas", "area_code_kemendagri"),
    "department_code": ("dim_departments", "department_code"),
    "service_code": ("dim_services", "service_code"),
}
"""Columns that hold a reference code, and where the codes are."""
NO_CODE = ("unknown", "unassigned")
SHARED_KEYS = {*REFERENCES, "person_id", "employee_id", "npsn"}


@dataclass(frozen=True)
class Share:
    """One counted fact: so many of so many."""

    have: int
    of: int
    words: str
    """What ``have`` of ``of`` means, in Indonesian."""

    @property
    def percent(self) -> float:
        """Of nothing, all."""
        return 100 * self.have / self.of if self.of else 100.0

    def sentence(self) -> str:
        """``12 dari 12 kolom diuraikan``."""
        return f"{words.number(self.have)} dari {words.number(self.of)} {self.words}"


@dataclass(frozen=True)
class Score:
    """One dataset's score."""

    dataset: str
    department: tuple[str, str]
    description: str
    shares: Mapping[str, Sequence[Share]]
    """By principle; none where the principle does not apply."""

    def percent(self, principle: str) -> float | None:
        """The mean of the principle's shares."""
        shares = self.shares[principle]
        return mean([share.percent for share in shares])

    @property
    def total(self) -> float:
        """The mean of the principles that apply."""
        return mean([self.percent(name) for name in PRINCIPLES]) or 0.0


def mean(values: Sequence[float | None]) -> float | None:
    """Of those that are there, to a tenth."""
    known = [value for value in values if value is not None]
    return round(sum(known) / len(known), 1) if known else None


def scores(material: Material) -> list[Score]:
    """Every dataset of schema ``marts``."""
    columns: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for table, column, kind in material.ask(
        """
        select table_name, column_name, data_type from information_schema.columns
        where table_schema = 'marts' order by table_name, ordinal_position
        """
    ):
        columns[table].append((column, kind))
    tests = _key_tests(material)
    return [_score(material, name, columns[name], name in tests) for name in sorted(columns)]


def score_rows(found: Sequence[Score]) -> list[Row]:
    """Rows of ``quality.scores``."""
    return [
        (
            score.dataset,
            *score.department,
            score.description,
            *(score.percent(name) for name in PRINCIPLES),
            score.total,
            grade(score.total),
        )
        for score in found
    ]


def principle_rows(found: Sequence[Score]) -> list[Row]:
    """Rows of ``quality.score_principles``."""
    return [
        (
            score.dataset,
            place,
            name,
            title,
            score.percent(name),
            "; ".join(share.sentence() for share in score.shares[name]) or "tidak ada kolom kode",
        )
        for score in found
        for place, (name, title) in enumerate(PRINCIPLES.items(), start=1)
    ]


def grade(percent: float) -> str:
    """A word for a score."""
    return next(name for least, name in GRADES if percent >= least)


def _score(
    material: Material, mart: str, columns: Sequence[tuple[str, str]], has_key_test: bool
) -> Score:
    node = material.dbt.get("nodes", {}).get(f"model.kota.{mart}", {})
    known = node.get("columns", {})
    description = " ".join(str(node.get("description", "")).split())
    is_promised = bool(node.get("config", {}).get("contract", {}).get("enforced"))
    rules = [
        check
        for check in material.checks
        if check.part == "expectations" and check.table == f"marts.{mart}"
    ]
    names = [name for name, _ in columns]
    typed = [n for n in names if is_promised and known.get(n, {}).get("data_type")]
    told = [n for n in names if known.get(n, {}).get("description")]
    times = [kind for _, kind in columns if kind.startswith("TIMESTAMP")]
    owner = material.owner(mart)
    shares = {
        "standard": [
            Share(len(typed), len(names), "kolom bertipe dalam kontrak"),
            Share(int(has_key_test), 1, "kunci diuji unik"),
            Share(sum(c.passed for c in rules), len(rules), "aturan isi terpenuhi"),
        ],
        "metadata": [
            Share(len(told), len(names), "kolom diuraikan"),
            Share(int(description.startswith("One row")), 1, "satuan baris dinyatakan"),
            Share(int(bool(owner[1])), 1, "penanggung jawab diketahui"),
        ],
        "interoperability": [
            Share(sum(n == n.lower() and n.isidentifier() for n in names), len(names), "nama baku"),
            Share(sum("TIME ZONE" in t for t in times), len(times), "waktu berzona"),
            Share(int(_is_linkable(mart, columns)), 1, "kunci bersama dengan dataset lain"),
        ],
        "reference": _resolved(material, mart, names),
    }
    return Score(mart, owner, description, shares)


def _is_linkable(mart: str, columns: Sequence[tuple[str, str]]) -> bool:
    has_key = any(name in SHARED_KEYS or kind == "DATE" for name, kind in columns)
    return has_key or mart.startswith("dim_")


def _resolved(material: Material, mart: str, names: Sequence[str]) -> list[Share]:
    """Of the rows' codes, how many are codes of the reference; "unknown" is none."""
    shares = []
    for column in names:
        dimension, key = REFERENCES.get(column, ("", ""))
        if not dimension or mart == dimension:
            continue
        found = material.ask(
            f"""
            select
                count(*) filter (
                    "{column}" in (select "{key}" from marts.{dimension})
                    and "{column}" not in {NO_CODE}
                ),
                count("{column}")
            from marts."{mart}"
            """
        )
        shares += [Share(have, of, f"{column} dikenal") for have, of in found]
    return shares


def _key_tests(material: Material) -> set[str]:
    """The marts of which a test proves that a key is unique."""
    nodes = material.dbt.get("nodes", {}).values()
    return {
        str(node.get("attached_node", "")).split(".")[-1]
        for node in nodes
        if (node.get("test_metadata") or {}).get("name") in KEY_TESTS
    }
