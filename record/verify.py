"""Prove that nothing was changed or removed since it was put on record: `kota verify`."""

from collections.abc import Sequence

from kota.settings import Settings
from record.chain import Entry, chain_path, newest_first
from record.findings import Findings
from record.ledger import Ledger
from record.verify_chain import SUBJECT, check_heads, whole_entries
from record.verify_lake import Progress, verify_lake
from record.verify_published import verify_candidates, verify_evidence, verify_snapshots


class NoRecordError(Exception):
    """There is no record to verify by."""


class Verification:
    """What was found, and the head of the chain: who keeps it can tell a chain cut short."""

    def __init__(self) -> None:
        self.findings = Findings()
        self.head: Entry | None = None


def verify(
    settings: Settings,
    *,
    is_fast: bool = False,
    heads: Sequence[str] = (),
    progress: Progress = lambda _: None,
) -> Verification:
    """Look at the chain, and at all that it pins; reads only, so work may go on meanwhile.

    ``heads`` are hashes that somebody remembered. Raises ``NoRecordError``.
    """
    done = _verify(settings, is_fast, heads, progress)
    if done.findings.alarms and done.head != next(newest_first(chain_path(settings)), None):
        # An erasure or a publication came to its end meanwhile.
        done = _verify(settings, is_fast, heads, progress)
    return done


def _verify(
    settings: Settings, is_fast: bool, heads: Sequence[str], progress: Progress
) -> Verification:
    path = chain_path(settings)
    done, ledger, hashes = Verification(), Ledger(), []
    found = done.findings
    progress("the chain")
    if not path.exists():
        if not heads and settings.record_anchors is None:
            raise NoRecordError("nothing is on record yet: the next `kota run` begins it")
        found.alarm(SUBJECT, "it is gone")
        return done
    for entry in whole_entries(path, found):
        ledger.add(entry)
        hashes.append(entry.hash)
        done.head = entry
    check_heads(heads, settings.record_anchors, hashes, found)
    verify_lake(settings, ledger, found, is_fast=is_fast, progress=progress)
    verify_candidates(settings, ledger, found, is_fast=is_fast, progress=progress)
    verify_snapshots(settings, ledger, found, is_fast=is_fast, progress=progress)
    verify_evidence(settings, ledger, found, progress=progress)
    for name, sentence in ledger.acceptances:
        found.note(name, sentence)
    return done
