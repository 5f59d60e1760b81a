"""The history as a picture: a line of scores over a strip of verdicts, as SVG in the page."""

from collections.abc import Sequence
from typing import Any

from markupsafe import Markup

from expectations.quality import words

MOST = 60
WIDTH, HEIGHT, LEFT, STRIP = 720, 150, 34, 16
LEAST = 50
"""The score at the foot of the picture."""


def history_chart(history: Sequence[dict[str, Any]]) -> Markup:
    """The last publications, oldest first; empty where there is but one."""
    rows = list(history)[-MOST:]
    if len(rows) < 2:
        return Markup("")
    step = (WIDTH - LEFT) / len(rows)
    foot = HEIGHT - STRIP - 22

    def height(score: float) -> float:
        return foot - max(score - LEAST, 0) / (100 - LEAST) * (foot - 8)

    parts = [
        f'<line x1="{LEFT}" y1="{height(score):.1f}" x2="{WIDTH}" y2="{height(score):.1f}" '
        f'class="grid"/><text x="{LEFT - 6}" y="{height(score) + 4:.1f}" class="axis end">'
        f"{score}</text>"
        for score in (50, 75, 100)
    ]
    points = []
    for place, row in enumerate(rows):
        x = LEFT + step * place
        title = f"{words.day(row['audited_on'])}: {row['verdict_name']}"
        if row["score_percent"] is not None:
            points.append((x + step / 2, height(row["score_percent"])))
            title += f", skor {words.number(row['score_percent'], 1)}"
        parts.append(
            f'<rect x="{x + 1:.1f}" y="{foot + 6}" width="{max(step - 2, 1):.1f}" '
            f'height="{STRIP}" rx="3" class="{row["verdict"]}"><title>{title}</title></rect>'
        )
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    parts.append(f'<polyline points="{line}" class="line"/>')
    parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" class="dot"/>' for x, y in points]
    for row, x, anchor in ((rows[0], LEFT, "start"), (rows[-1], WIDTH, "end")):
        parts.append(
            f'<text x="{x}" y="{HEIGHT - 2}" class="axis {anchor}">'
            f"{words.day(row['audited_on'])}</text>"
        )
    return Markup(  # noqa: S704 - made of numbers, dates and words of ours
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'aria-label="Skor dan putusan per penerbitan">{"".join(parts)}</svg>'
    )
