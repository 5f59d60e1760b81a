"""Which apps explain what failed: the fewest, and of as many the nearest to it."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
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

    A failure is put down to the changed apps nearest to it: nearly everything is above a mart by
    way of its places and persons. One that leaves no choice is settled first. Empty when a failure
    has no suspect: then holding apps back would not help.
    """
    near = [(failure, _nearest(failure.suspects(changed))) for failure in failures]
    if not all(apps for _, apps in near):
        return {}
    chosen: dict[str, str] = {}
    while near:
        certain = sorted(app for _, apps in near if len(apps) == 1 for app in apps)
        counts = Counter(app for _, apps in near for app in sorted(apps))
        app = certain[0] if certain else counts.most_common(1)[0][0]
        chosen[app] = next(failure.what for failure, apps in near if app in apps)
        near = [(failure, apps) for failure, apps in near if app not in apps]
    return chosen


def everyone(failures: Sequence[Failure], changed: Collection[str]) -> dict[str, str]:
    """All apps that any of the failures may come from, each with its reason."""
    if any(not failure.suspects(changed) for failure in failures):
        return {}
    return {app: failure.what for failure in failures for app in failure.suspects(changed)}


def _nearest(suspects: Mapping[str, int]) -> set[str]:
    least = min(suspects.values(), default=0)
    return {app for app, steps in suspects.items() if steps == least}
