"""Measure matching: ``python -m benchmarks.matching --citizens 200000 --seed 7 --dirtiness 1.5``.

The demo city's apps are loaded, extracted and cleaned as every night; then the mentions of people
in them are matched, and judged by the truth that the generator kept. Prints precision and recall
over pairs across apps, by what the mentions say and by app, and processor time (all threads) and
memory.
"""

import argparse
import os
import resource
import tempfile
import time
from datetime import date
from pathlib import Path

import duckdb

from benchmarks.city import add_truth, cleaned, extracted_city
from benchmarks.matching.score import judge, score, score_of_app
from demo.spec import CitySpec
from warehouse.persons.link import link_persons

_SETS = {
    "all mentions": "true",
    "that say a NIK, a birth date, or a full name and one thing more": "says <> 'little'",
    "that say a NIK or a birth date": "says in ('nik', 'birth_date')",
}
KEY = "benchmark " * 4


def main() -> None:
    """Bring the city here, match, and print."""
    arguments = _arguments()
    os.environ["KOTA_TOKEN_KEY"] = KEY
    spec = CitySpec(
        citizens=arguments.citizens,
        seed=arguments.seed,
        dirtiness=arguments.dirtiness,
        opened=date(2026, 6, 1),
    )
    with tempfile.TemporaryDirectory() as folder:
        home = arguments.home or Path(folder)
        settings = extracted_city(spec, home)
        settings.memory_limit = arguments.memory
        database = cleaned(settings, "int_persons__mentions")
        with duckdb.connect(Path(folder) / "matching.duckdb") as con:
            con.execute(f"set threads = 2; set memory_limit = '{arguments.memory}'")
            con.execute(f"attach '{database}' as kota (read_only)")
            con.execute("create table mentions as from kota.intermediate.int_persons__mentions")
            apps = con.execute("select distinct source_app from mentions").fetchall()
            add_truth(con, settings.home / "demo", [app for (app,) in apps])
            print(f"{spec.citizens:,} citizens, seed {spec.seed}, dirtiness {spec.dirtiness}")
            _match(con)
            judge(con, "found")
            _print_scores(con)


def _match(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("create table former (mention varchar, person_id varchar, version bigint)")
    con.execute("""
        create table decisions (
            app_1 varchar, table_1 varchar, key_1 varchar,
            app_2 varchar, table_2 varchar, key_2 varchar, decision varchar
        )
    """)
    cpu, wall = time.process_time(), time.perf_counter()
    links = link_persons(con, *(con.table(t) for t in ("mentions", "former", "decisions")))
    links.create("found")
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(f"{len(links):,} mentions matched in {cpu:.0f} CPU s, {wall:.0f} s, {peak:.1f} GiB\n")


def _print_scores(con: duckdb.DuckDBPyConnection) -> None:
    print("| pairs across apps | pairs | precision | recall |\n|---|---|---|---|")
    for name, where in _SETS.items():
        found = score(con, where)
        print(f"| {name} | {found.true:,} | {found.precision:.5f} | {found.recall:.4f} |")
    print(
        "\n| app, table | mentions | exact | household | probable | single | precision | recall |"
    )
    print("|---|---|---|---|---|---|---|---|")
    rows = con.execute("""
        select
            source_app, source_table, count(*),
            avg(cast(method = 'nik' as integer)), avg(cast(method = 'household' as integer)),
            avg(cast(method = 'probabilistic' as integer)),
            avg(cast(method = 'single' as integer))
        from judged group by all order by all
    """).fetchall()
    for app, table, mentions, *shares in rows:
        found = score_of_app(con, app, table)
        print(
            f"| {app}, {table} | {mentions:,} | "
            + " | ".join(f"{share:.1%}" for share in shares)
            + f" | {found.precision:.5f} | {found.recall:.4f} |"
        )


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--citizens", type=int, default=200_000)
    parser.add_argument("--seed", type=int, default=11)
    parser.add_argument("--dirtiness", type=float, default=1.0)
    parser.add_argument("--memory", default="4GB", help="DuckDB's limit")
    parser.add_argument("--home", type=Path, help="keep the city here, and use it again")
    return parser.parse_args()


if __name__ == "__main__":
    main()
