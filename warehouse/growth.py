"""How many rows a table may have tonight before somebody has to look: loaded twice, it has more."""

from itertools import pairwise

from lake.table import LakeTable

FEW_ROWS = 100
"""A table that grew by fewer rows than this is never suspected."""
TIMES_THE_USUAL = 3
"""Nor one that grew by so many times what it ever grew by in one batch after its first load."""


def most_rows(table: LakeTable, published: int | None, max_grown_share: float) -> int | None:
    """The greatest believable number of rows, or None where nothing was published to compare."""
    if published is None:
        return None
    past = [batch.lake_rows for batch in table.batches(published) if batch.is_complete]
    if not past or not past[0]:
        return None
    usual = max((later - earlier for later, earlier in pairwise(past)), default=0)
    return past[0] + int(max(FEW_ROWS, max_grown_share * past[0], TIMES_THE_USUAL * usual))
