"""Which apps explain what failed: the fewest, and of as many the nearest to it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from expectations.verdict import Verdict
from warehouse.dbt import FailedNode
from warehouse.lineage import MART, Lineage


@dataclass(frozen=True)
class Failure:
    """A test, model or check that did not pass."""

    id: str
    """The same thing has the same one in the next build, whatever its numbers."""
    what: str
    """A sentence's beginning, without a value of any row."""
    apps: dict[str, int]
    """The apps it may come from, with their distance in the lineage."""

    def suspects(self, changed: Collection[str]) -> dict[str, int]:
        """Those of which other rows came than are published: only they can have done it."""
        return {app: steps for app, steps in self.apps.items() if app in changed}


def build_failures(failed: Sequence[FailedNode], lineage: Lineage) -> list[Failure]:
    """What dbt told. Of a broken query only the name: its message may quote somebody's data."""
    return [
        Failure(
            node.unique_id,
            f"test {node.name} failed ({node.message})"
            if node.is_test and node.message.startswith("Got ")
            else f"{node.name} could not be built",
            lineage.apps_above(node.unique_id),
        )
        for node in failed
    ]


def audit_failures(verdict: Verdict, lineage: Lineage) -> list[Failure]:
    """What the audit told: reconciliation names its app, a mart has those above it."""
    return [
        Failure(
            f"{finding.table}: {finding.check}",
            f"audit: {finding.sentence()}",
            {finding.app: 0}
            if finding.app
            else lineage.apps_above(MART + finding.table.removeprefix("marts.")),
        )
        for finding in verdict.failed
        if finding.severity == "critical"
    ]


def fewest(failures: Sequence[Failure], changed: Collection[str]) -> dict[str, str]:
    """A small set of apps that explains all failures, each with its reason; greedily.

    A failure with one suspect settles that one first. Empty when a failure has no suspect: then
    holding apps back would not help.
    """
    left = sorted(failures, key=lambda failure: len(failure.suspects(changed)))
    if any(not failure.suspects(changed) for failure in left):
        return {}
    chosen: dict[str, str] = {}
    while left:
        if len(only := left[0].suspects(changed)) == 1:
            app = next(iter(only))
        else:
            app = min(
                {app for failure in left for app in failure.suspects(changed)},
                key=lambda app: _weight(app, left, changed),
            )
        explained = [failure for failure in left if app in failure.suspects(changed)]
        chosen[app] = explained[0].what
        left = [failure for failure in left if failure not in explained]
    return chosen


def everyone(failures: Sequence[Failure], changed: Collection[str]) -> dict[str, str]:
    """All apps that any of the failures may come from, each with its reason."""
    if any(not failure.suspects(changed) for failure in failures):
        return {}
    return {app: failure.what for failure in failures for app in failure.suspects(changed)}


def _weight(app: str, left: Sequence[Failure], changed: Collection[str]) -> tuple[int, int, str]:
    """Explains more first, then is nearer; the name makes it the same every time."""
    steps = [suspects[app] for failure in left if app in (suspects := failure.suspects(changed))]
    return -len(steps), sum(steps), app
