"""After any faults, and one run without, the lake equals the source, exactly once.

``pytest tests/faults --fault-seed N`` plays one story again.
"""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from kota.settings import PROJECT_ROOT

pytestmark = pytest.mark.integration

SEEDS_TO_NOTICE = 120
"""A broken promise that no story of so many notices is not watched over."""


@contextmanager
def played(seeds: list[int], *options: str) -> Iterator[Iterator[dict[str, Any]]]:
    """Stories as they come to their end, played in processes of their own."""
    command = [sys.executable, "-m", "tests.faults", *options, *map(str, seeds)]
    with subprocess.Popen(
        command, cwd=PROJECT_ROOT, stdout=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        assert process.stdout is not None
        try:
            yield (json.loads(line) for line in process.stdout)
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGTERM)  # its own group: what it plays ends too


class Stories:
    """All stories of this session: played in one go, and asked for one by one."""

    def __init__(self, stories: Iterator[dict[str, Any]]) -> None:
        self._stories = stories
        self._told: dict[int, dict[str, Any]] = {}

    def of(self, seed: int) -> dict[str, Any]:
        """The story of a seed, when it has come to its end."""
        while seed not in self._told:
            story = next(self._stories)
            self._told[story["seed"]] = story
        return self._told[seed]


@pytest.fixture(scope="module")
def stories(request: pytest.FixtureRequest) -> Iterator[Stories]:
    """The stories of the seeds that were selected."""
    calls = (getattr(item, "callspec", None) for item in request.session.items)
    seeds = [call.params["seed"] for call in calls if call and "seed" in call.params]
    with played(seeds) as told:
        yield Stories(told)


def test_the_lake_equals_the_source_after(seed: int, stories: Stories) -> None:
    story = stories.of(seed)

    if story["problems"]:
        pytest.fail(
            "\n".join(
                [
                    f"seed {seed}; play it again: pytest tests/faults --fault-seed {seed}",
                    *story["words"],
                    "and then:",
                    *story["problems"],
                ]
            ),
            pytrace=False,
        )


@pytest.mark.parametrize(
    ("variant", "table", "fault"),
    [("two at once", "stalls", "hang")],
)
def test_a_broken_promise_is_noticed_by_its_faults_alone(
    variant: str, table: str, fault: str
) -> None:
    options = ("--variant", variant, "--table", table, "--only")
    with played([1, 2, 3], *options, "calm") as told:
        assert not any(story["problems"] for story in told)
    with played(list(range(1, SEEDS_TO_NOTICE + 1)), *options, fault) as told:
        assert any(story["problems"] for story in told)
