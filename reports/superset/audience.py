"""Who may read which dataset: declared in its file as ``rows``, and held against the real columns.

A dataset that says nothing, or says less than its table holds, is not deployed: what nobody decided
about is seen by nobody.
"""

import re
from collections.abc import Callable, Iterable
from typing import Any

from reports.superset.assets import Assets, InvalidAssetError

ROLES = ("Official", "Leadership", "Auditor", "Engineer")
PUBLIC = "Public"

# By what a row is: who may read rows of that kind.
READERS: dict[str, frozenset[str]] = {
    # Counts, sums and reference data, where no row is one person's or one matter's.
    "city": frozenset(ROLES),
    # One row a matter, of the department in ``department_code``: Officials read their own.
    "department": frozenset({"Official", "Leadership", "Engineer"}),
    # One row a matter or a person, of no department that could be asked.
    "leadership": frozenset({"Leadership", "Engineer"}),
    # Checks, reconciliation, and where data disagree.
    "quality": frozenset({"Leadership", "Auditor", "Engineer"}),
    # Made for people who have not signed in.
    "public": frozenset({*ROLES, PUBLIC}),
}
ONE_A_ROW = frozenset({"department", "leadership"})
DEPARTMENT_COLUMN = "department_code"

# What may be numbered in data of which no row is a person's or a matter's; anything else may not.
NUMBERED_THINGS = frozenset(
    {
        "app", "article", "batch", "check", "commodity", "iso_week", "market", "month", "period",
        "quarter", "rule", "school", "snapshot", "weekday", "working_day", "year",
    }
)  # fmt: skip
IDENTIFIER = re.compile(r"(?P<thing>\w+)_(id|number|token|hash)")


def check_audiences(assets: Assets, columns_of: Callable[[dict[str, Any]], Iterable[str]]) -> None:
    """Refuse a dataset whose declaration its columns contradict.

    ``columns_of`` tells the columns that a dataset really has in the published file: whoever may
    read a dataset may ask for any of them, listed or not. Raises ``InvalidAssetError``.
    """
    for file, dataset in assets.by_file.items():
        if not file.startswith("datasets/"):
            continue
        rows = dataset["rows"]
        if rows not in READERS:
            raise InvalidAssetError(
                f"{file}: rows is {rows!r}; it must be one of {', '.join(READERS)}"
            )
        columns = {column["column_name"] for column in dataset["columns"]}
        columns |= set(columns_of(dataset))
        if rows == "department" and DEPARTMENT_COLUMN not in columns:
            raise InvalidAssetError(
                f"{file}: rows are a department's, but there is no column {DEPARTMENT_COLUMN}"
            )
        if rows not in ONE_A_ROW and (told := sorted(filter(_tells_one_apart, columns))):
            raise InvalidAssetError(
                f"{file}: rows are declared {rows}, but {told[0]} tells a person or a matter apart"
            )


def readable(assets: Assets, role: str) -> set[str]:
    """The uuids of the datasets that this role may read."""
    return {
        dataset["uuid"]
        for dataset in assets.of_kind("datasets")
        if role in READERS[dataset["rows"]]
    }


def viewers(assets: Assets, roles: Iterable[str]) -> dict[str, list[str]]:
    """The roles that may read everything on a dashboard, by the dashboard's uuid."""
    return {
        dashboard["uuid"]: [
            role for role in roles if assets.dataset_uuids_on(dashboard) <= readable(assets, role)
        ]
        for dashboard in assets.of_kind("dashboards")
    }


def _tells_one_apart(column: str) -> bool:
    found = IDENTIFIER.fullmatch(column)
    return found is not None and found["thing"] not in NUMBERED_THINGS
