"""What is too much of something, by the published figures and the limits of ``city.yml``."""

from collections.abc import Iterator
from datetime import UTC, datetime

import duckdb

from alerts.trouble import Trouble
from kota.settings import Settings
from warehouse.snapshots import snapshots

OPEN_COMPLAINTS = """
    select scope_code, scope_name, sum(measured_value)::bigint as open_complaints
    from marts.rpt_live_room
    where scope = 'kecamatan' and measure in ('complaints_red', 'complaints_yellow')
    group by all
    having open_complaints > ?
    order by scope_code
"""


def troubles_of_figures(settings: Settings) -> Iterator[Trouble]:
    """A kecamatan with more open complaints than the limit; nothing where none is set."""
    limit = settings.city.alerts.open_complaints_per_kecamatan
    published = snapshots(settings)
    if limit is None or not published or not settings.city.alerts.told_of_limits:
        return
    newest = published[-1]
    since = datetime.strptime(newest.id[:16], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    with duckdb.connect(str(newest.folder / "kota.duckdb"), read_only=True) as connection:
        try:
            above = connection.execute(OPEN_COMPLAINTS, [limit]).fetchall()
        except duckdb.CatalogException:
            return  # a snapshot from before there was a live room
    for code, name, open_complaints in above:
        yield Trouble(
            "above_limit",
            None,
            since,
            [f"{name}: {open_complaints} pengaduan belum selesai, batas {limit}"],
            ["rpt_live_room"],
            area_code=code,
            area_name=name,
        )
