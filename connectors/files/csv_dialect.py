"""Which character delimits the columns of a text, where the registry does not say."""

import csv
import io
from collections import Counter

CANDIDATES = (";", ",", "\t", "|")
SAMPLE_LINES = 200


def guess_delimiter(head: str, quote: str | None) -> str:
    """The candidate that most lines have equally often; among equals, the earlier candidate.

    No line is skipped to make a candidate fit: that is how columns get lost.
    """
    lines = head.splitlines(keepends=True)[:SAMPLE_LINES]
    return max(CANDIDATES, key=lambda mark: _share_of_equal_width("".join(lines), mark, quote))


def _share_of_equal_width(text: str, mark: str, quote: str | None) -> float:
    lines = io.StringIO(text, newline="")
    rows = (
        csv.reader(lines, delimiter=mark, quotechar=quote)
        if quote
        else csv.reader(lines, delimiter=mark, quoting=csv.QUOTE_NONE)
    )
    widths: Counter[int] = Counter()
    try:
        widths.update(len(row) for row in rows if row)
    except csv.Error:
        return 0.0
    many = {width: count for width, count in widths.items() if width > 1}
    return max(many.values(), default=0) / max(1, widths.total())
