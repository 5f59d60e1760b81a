"""Suite files are read strictly, and what is wrong is said with file and check."""

from pathlib import Path

import pytest

from expectations.suite import SUITES_DIR, SuiteError, load_suite

GOOD = """
mart: dim_areas
about: Areas.
checks:
  - name: codes are unique
    expect: ExpectColumnValuesToBeUnique
    arguments: {column: code}
    severity: critical
    reason: Two areas with one code are counted twice
"""


@pytest.mark.parametrize("path", sorted(SUITES_DIR.glob("*.yml")), ids=lambda path: path.stem)
def test_every_suite_of_ours_can_be_read(path: Path) -> None:
    assert load_suite(path).mart == path.stem


@pytest.mark.parametrize(
    ("good", "bad", "said"),
    [
        ("severity: critical", "severity: fatal", 'check "codes are unique": severity: '),
        ("    reason: Two", "    because: Two", 'check "codes are unique": reason: '),
        ("    expect: Expect", "    expect: eval", 'check "codes are unique": expect: '),
        ("mart: dim_areas", "mart: dim_other", "file and mart share one name"),
        ("{column: code}", "{column: code", "not valid YAML at line "),
        ("{column: code}", "{unexpected_rows_query: select 1}", "has to read {batch}"),
    ],
)
def test_a_mistake_is_named(tmp_path: Path, good: str, bad: str, said: str) -> None:
    path = tmp_path / "dim_areas.yml"
    path.write_text(GOOD.replace(good, bad), "utf-8")

    with pytest.raises(SuiteError) as error:
        load_suite(path)

    assert str(error.value).startswith("dim_areas.yml: ")
    assert said in str(error.value)


def test_two_checks_of_one_name_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "dim_areas.yml"
    path.write_text(GOOD + GOOD[GOOD.index("  - name") :], "utf-8")

    with pytest.raises(SuiteError, match="same name: codes are unique"):
        load_suite(path)
