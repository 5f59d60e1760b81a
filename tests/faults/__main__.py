"""Play stories and say what happened: ``python -m tests.faults SEED…``, one JSON line a story.

Stories are forked from a process that has touched neither DuckDB nor Delta, two at a time.
"""

import argparse
import json
import os
import sys
import tempfile
import traceback
from pathlib import Path

from tests.faults.story import KINDS, TABLES, Story
from tests.faults.variants import VARIANTS

PROCESSES = 2


def main() -> None:
    """Read the arguments, play, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--variant", choices=sorted(VARIANTS), help="break a promise on purpose")
    parser.add_argument("--only", choices=sorted(KINDS), help="plan no other kind of fault")
    parser.add_argument("--table", choices=TABLES, help="tell of no other table")
    parser.add_argument("--folder", type=Path, help="where sources and lakes are, while it plays")
    parser.add_argument("seeds", nargs="+", type=int)
    arguments = parser.parse_args()
    running = 0
    for seed in arguments.seeds:
        if running == PROCESSES:
            os.wait()
            running -= 1
        if os.fork() == 0:
            _play(seed, arguments)
        running += 1
    for _ in range(running):
        os.wait()


def _play(seed: int, arguments: argparse.Namespace) -> None:
    """One story; never returns."""
    kinds = [arguments.only] if arguments.only else list(KINDS)
    with tempfile.TemporaryDirectory(prefix=f"story-{seed}-", dir=arguments.folder) as folder:
        tables = [arguments.table] if arguments.table else TABLES
        story = Story(seed, Path(folder), arguments.variant, kinds, tables)
        try:
            story.play()
        except Exception:
            story.problems.append(f"the story broke off:\n{traceback.format_exc()}")
        said = {"seed": seed, "words": story.words, "problems": story.problems}
        # One write, so that the lines of two stories don't mix.
        os.write(sys.stdout.fileno(), json.dumps(said).encode() + b"\n")
    os._exit(0)


if __name__ == "__main__":
    main()
