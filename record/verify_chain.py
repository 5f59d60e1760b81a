"""Is the chain itself whole: every entry gives its hash and follows the one before it."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from record.chain import ORIGIN, BrokenEntryError, Entry, read_entry
from record.findings import Findings

SUBJECT = "the record"
SHORTEST_HEAD = 16
"""So many digits of a hash are enough to remember it by."""


def whole_entries(path: Path, found: Findings) -> Iterator[Entry]:
    """The entries that give their hash, in their order; what is wrong goes to ``found``."""
    last: Entry | None = None
    has_gap = False
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            try:
                entry = read_entry(line)
            except BrokenEntryError:
                _tell_broken(number, line, last, found)
                has_gap = True
                continue
            if not has_gap:
                _tell_unlinked(last, entry, found)
            has_gap = False
            found.entries += 1
            last = entry
            yield entry


def check_heads(
    heads: Sequence[str], anchors: Path | None, hashes: Sequence[str], found: Findings
) -> None:
    """Heads that somebody remembered must be in the chain; else its end or all of it is another."""
    for head in heads:
        if not any(known.startswith(head) for known in hashes):
            found.alarm(
                SUBJECT,
                f"the remembered head {head[:SHORTEST_HEAD]}… is not in it: entries were taken "
                "from its end, or it was written anew",
            )
    if anchors is not None:
        _check_anchors(anchors, hashes, found)


def _check_anchors(anchors: Path, hashes: Sequence[str], found: Findings) -> None:
    try:
        lines = anchors.read_text("utf-8").splitlines()
    except OSError as error:
        found.note(SUBJECT, f"its anchors in {anchors} can't be read ({type(error).__name__})")
        return
    known = set(hashes)
    lost = [
        line.split()[0]
        for line in lines
        if line.strip() and line.split()[1:2] and line.split()[1] not in known
    ]
    if lost:
        found.alarm(
            SUBJECT,
            f"{anchors.name} remembers {len(lost)} entries that are not in it, the first of them "
            f"entry {lost[0]}: they were taken out, or it was written anew",
        )
    if not lines or lines[-1].split()[1:2] != list(hashes[-1:]):
        found.note(SUBJECT, f"{anchors.name} does not remember its newest entry")


def _tell_broken(number: int, line: bytes, last: Entry | None, found: Findings) -> None:
    after = f"after {last.name}" if last else "at the beginning"
    if not line.endswith(b"\n"):
        found.note(
            SUBJECT,
            f"its last line is half an entry ({len(line)} bytes): whoever wrote it was killed; the "
            "next entry says so and takes its place",
        )
    else:
        found.alarm(
            SUBJECT, f"line {number}, {after}, was changed: its content does not give its hash"
        )


def _tell_unlinked(last: Entry | None, entry: Entry, found: Findings) -> None:
    expected = last.sequence + 1 if last else 1
    if entry.previous == (last.hash if last else ORIGIN) and entry.sequence == expected:
        return
    if last is None:
        found.alarm(SUBJECT, f"it begins with {entry.name}: what came before was removed")
    elif entry.sequence > expected:
        gone = f"entry {expected}" + (
            "" if entry.sequence == expected + 1 else f" to {entry.sequence - 1}"
        )
        found.alarm(SUBJECT, f"{gone} was removed: {entry.name} follows {last.name}")
    elif entry.sequence < expected:
        found.alarm(SUBJECT, f"{entry.name} stands after {last.name}: entries changed places")
    else:
        found.alarm(
            SUBJECT,
            f"{entry.name} was made after another {last.name} than the one that is there: that "
            "one was exchanged",
        )
