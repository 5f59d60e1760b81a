"""The program in which dbt runs: ``python -m warehouse.dbt_program PARSED ARGUMENTS…``.

It is dbt's own command line, but for two things that cost more than most of what dbt does: it goes
on from a parse of the same project where there is one, and an event that no log takes is not made.
"""

import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from dbt.cli.main import dbtRunner
from dbt.contracts.graph.manifest import Manifest
from dbt.parser.manifest import extended_mashumuro_decoder
from dbt_common.events.base_types import BaseEvent, EventLevel
from dbt_common.events.event_manager import EventManager
from dbt_common.events.event_manager_client import ctx_set_event_manager
from dbt_common.invocation import get_invocation_id

UNHEARD = {EventLevel.DEBUG, EventLevel.TEST}


class Events(EventManager):
    """dbt makes some thirty messages a node for its debug log, which is not written."""

    def fire_event(
        self,
        e: BaseEvent,
        level: EventLevel | None = None,
        node: Any = None,
        force_warn_or_error_handling: bool = False,
    ) -> None:
        """Pass on what somebody hears."""
        if (level or e.level_tag()) not in UNHEARD:
            super().fire_event(e, level, node, force_warn_or_error_handling)


def main(parsed: Path, arguments: Sequence[str]) -> int:
    """Run dbt and return its exit code."""
    ctx_set_event_manager(Events())
    done = dbtRunner(_project(parsed)).invoke([*arguments, "--log-level-file", "none"])
    return 0 if done.success else 1


def _project(parsed: Path) -> Manifest | None:
    """The project as dbt parsed it before; None where it has to be parsed."""
    if not parsed.exists():
        return None
    try:
        project: Manifest = Manifest.from_msgpack(
            parsed.read_bytes(), decoder=extended_mashumuro_decoder
        )
    except Exception:  # as dbt does with its own: what can't be read is made anew
        parsed.unlink()
        return None
    project.metadata.generated_at = datetime.now(UTC).replace(tzinfo=None)
    project.metadata.invocation_id = get_invocation_id()
    project.build_flat_graph()  # type: ignore[no-untyped-call]
    return project


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2:]))
