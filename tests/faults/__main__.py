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

from tests.faults.story import Story
from tests.faults.variants import VARIANTS

PROCESSES = 2


def main() -> None:
    """Read the arguments, play, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--variant", choices=sorted(VARIANTS))
    parser.add_argument("seeds", nargs="+", type=int)
    arguments = parser.parse_args()
    running = 0
    for seed in arguments.seeds:
        if running == PROCESSES:
            os.wait()
            running -= 1
        if os.fork() == 0:
            _play(seed, arguments.variant)
        running += 1
    for _ in range(running):
        os.wait()


def _play(seed: int, variant: str | None) -> None:
    """One story; never returns."""
    with tempfile.TemporaryDirectory(prefix=f"story-{seed}-") as folder:
        story = Story(seed, Path(folder), variant)
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
