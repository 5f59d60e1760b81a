"""Measure Superset under many officials: `python -m benchmarks.officials [--officials 50]`.

Each signs in with a department of their own, opens dashboards at random, reads for some seconds,
and opens the next; meanwhile snapshots are published. Writes a Markdown table to standard output,
and ends with 1 where a request failed or an old number was served after a new one was published.
"""

import argparse
import asyncio
import sys
import tempfile
import time
from pathlib import Path

import duckdb

from benchmarks.officials.official import Answer, Official
from benchmarks.officials.served import Served, served
from kota.settings import get_settings

DEPARTMENTS = """
select distinct department_code from marts.fct_service_requests
semi join marts.dim_departments using (department_code) order by all
"""


def main() -> int:
    """Serve, click, tell."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--officials", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=300)
    parser.add_argument("--publishes", type=int, default=3)
    given = parser.parse_args()
    published = get_settings().published_dir / "current"
    if not published.exists():
        raise SystemExit("nothing is published in KOTA_HOME: run `make demo` first")
    with (
        tempfile.TemporaryDirectory(prefix="kota-benchmark-") as home,
        served(published, Path(home), _officials(published, given.officials)) as city,
    ):
        answers = asyncio.run(_click(city, given.seconds, given.publishes))
    return _tell(answers, f"{given.officials} officials, {given.seconds:.0f} s")


def _officials(published: Path, count: int) -> list[dict[str, str]]:
    with duckdb.connect(str(published / "kota.duckdb"), read_only=True) as connection:
        departments = [code for (code,) in connection.execute(DEPARTMENTS).fetchall()]
    return [
        {
            "username": f"official-{number}",
            "role": "Official",
            "department": departments[number % len(departments)],
        }
        for number in range(count)
    ]


async def _click(city: Served, seconds: float, publishes: int) -> list[Answer]:
    answers: list[Answer] = []
    officials = [Official(city.url, name, answers) for name in city.passwords]
    for official in officials:
        await official.sign_in(city.passwords[official.username])
    answers.clear()
    await asyncio.to_thread(city.publish)
    end = time.monotonic() + seconds
    clicking = [
        asyncio.create_task(official.click_until(end, lambda: city.number, seed))
        for seed, official in enumerate(officials)
    ]
    for _ in range(publishes):
        await asyncio.sleep(seconds / (publishes + 1))
        await asyncio.to_thread(city.publish)
    await asyncio.gather(*clicking)
    for official in officials:
        await official.close()
    return answers


def _tell(answers: list[Answer], title: str) -> int:
    errors = [answer.error for answer in answers if answer.error]
    stale = sum(answer.is_stale for answer in answers)
    kinds = sorted({answer.kind for answer in answers})
    print(f"| {title} | requests | median ms | p95 ms | slowest ms |")
    print("|---|---:|---:|---:|---:|")
    for kind in kinds:
        times = sorted(a.seconds * 1000 for a in answers if a.kind == kind and not a.is_stale)
        middle, late = times[len(times) // 2], times[int(len(times) * 0.95)]
        print(f"| {kind} | {len(times):,} | {middle:,.0f} | {late:,.0f} | {times[-1]:,.0f} |")
    print(f"\nErrors: {len(errors)}. Old numbers after a publish: {stale}.")
    print("\n".join(sorted(set(errors))[:10]), file=sys.stderr)
    return 1 if errors or stale else 0


if __name__ == "__main__":
    sys.exit(main())
