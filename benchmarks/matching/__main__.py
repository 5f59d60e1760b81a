"""Measure matching: ``python -m benchmarks.matching --citizens 200000 --seed 7 --dirtiness 1.5``.

Prints a table of precision and recall over pairs across apps, the rates per app, and processor
time (all threads) and memory.
"""

import argparse
import os
import resource
import tempfile
import time
from datetime import date
from pathlib import Path

import duckdb

from benchmarks.matching.mentions import make_mentions
from benchmarks.matching.score import judge, score
from demo.areas import load_areas
from demo.population import Population
from demo.spec import CitySpec
from warehouse.persons.link import link_persons

_SETS = {
    "all mentions": "true",
    "without mentions of a phone alone": "not is_thin",
    "with a NIK or birth date": "not is_poor and not is_thin",
    "exact by NIK": "method = 'nik'",
    "probable, and whom they joined": (
        "person_id in (select person_id from judged where method = 'probabilistic')"
    ),
}


def main() -> None:
    """Generate, match, and print."""
    arguments = _arguments()
    os.environ.setdefault("KOTA_TOKEN_KEY", "benchmark " * 4)
    spec = CitySpec(
        citizens=arguments.citizens,
        seed=arguments.seed,
        dirtiness=arguments.dirtiness,
        opened=date(2026, 6, 1),
    )
    with tempfile.TemporaryDirectory() as folder, duckdb.connect(Path(folder) / "m.duckdb") as con:
        con.execute(f"set threads = 2; set memory_limit = '{arguments.memory}'")
        make_mentions(con, Population(spec, load_areas()))
        con.execute("create table former (mention varchar, person_id varchar, version bigint)")
        con.execute("""
            create table decisions (
                app_1 varchar, table_1 varchar, key_1 varchar,
                app_2 varchar, table_2 varchar, key_2 varchar, decision varchar
            )
        """)
        cpu, wall = time.process_time(), time.perf_counter()
        links = link_persons(con, *(con.table(t) for t in ("mentions", "former", "decisions")))
        links.create("links")
        cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
        judge(con, "links")
        print(f"{spec.citizens:,} citizens, seed {spec.seed}, dirtiness {spec.dirtiness}")
        print(f"{cpu:.0f} CPU s, {wall:.0f} s, {peak:.1f} GiB at most\n")
        print("| pairs across apps | pairs | precision | recall |\n|---|---|---|---|")
        for name, where in _SETS.items():
            found = score(con, where)
            print(f"| {name} | {found.true:,} | {found.precision:.5f} | {found.recall:.4f} |")
        _print_rates(con)


def _print_rates(con: duckdb.DuckDBPyConnection) -> None:
    print("\n| app | mentions | exact | probable | single | in review |\n|---|---|---|---|---|---|")
    rows = con.execute("""
        select
            source_app, count(*), avg(cast(method = 'nik' as integer)),
            avg(cast(method = 'probabilistic' as integer)),
            avg(cast(method = 'single' as integer)), avg(cast(len(doubts) > 0 as integer))
        from links group by source_app order by source_app
    """).fetchall()
    for app, mentions, *shares in rows:
        print(f"| {app} | {mentions:,} | " + " | ".join(f"{s:.1%}" for s in shares) + " |")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--citizens", type=int, default=200_000)
    parser.add_argument("--seed", type=int, default=11)
    parser.add_argument("--dirtiness", type=float, default=1.0)
    parser.add_argument("--memory", default="4GB", help="DuckDB's limit")
    return parser.parse_args()


if __name__ == "__main__":
    main()
