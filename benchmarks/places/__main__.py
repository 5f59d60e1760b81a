"""Measure places: ``python -m benchmarks.places --citizens 200000 --seed 7 --dirtiness 1.5``.

Every row of the apps that says a place of the city is compared with where it truly is. A place that
is only told to the kecamatan is right if the kecamatan is. Prints shares of right, wrong and
unresolved ones by app and table. What names a place outside the city is right to be unresolved.
"""

import argparse
import tempfile
from datetime import date
from pathlib import Path

import duckdb
import pyarrow as pa

from benchmarks.city import add_truth, cleaned, extracted_city
from benchmarks.places.sources import SOURCES
from demo.areas import load_areas
from demo.spec import CitySpec

# Not of the city: another's code, or the name of a place next door.
_ELSEWHERE = """
    (said.code_raw is not null and not starts_with(replace(said.code_raw, '.', ''), '3671')
        and said.source_app <> 'pbb')
    or exists (
        select 1 from kota.reference.seed_neighbour_places as neighbour
        where upper(neighbour.place_name)
            in (upper(trim(said.kecamatan_raw)), upper(trim(said.kelurahan_raw)))
    )
"""


def main() -> None:
    """Bring the city here, tell its places, and print."""
    arguments = _arguments()
    spec = CitySpec(
        citizens=arguments.citizens,
        seed=arguments.seed,
        dirtiness=arguments.dirtiness,
        opened=date(2026, 6, 1),
    )
    with tempfile.TemporaryDirectory() as folder:
        settings = extracted_city(spec, arguments.home or Path(folder))
        settings.memory_limit = "3GB"
        models = [source.model for source in SOURCES]
        database = cleaned(settings, "int_places__resolved", *models)
        with duckdb.connect() as con:
            con.execute(f"attach '{database}' as kota (read_only)")
            add_truth(con, settings.home / "demo", sorted({source.app for source in SOURCES}))
            _judge(con)
            print(f"{spec.citizens:,} citizens, seed {spec.seed}, dirtiness {spec.dirtiness}\n")
            _print_shares(con)


def _judge(con: duckdb.DuckDBPyConnection) -> None:
    """Make ``judged``: ``app``, ``table`` and ``verdict`` of each row that says a place."""
    areas = load_areas()
    codes = pa.table(  # noqa: F841  (DuckDB finds it by name)
        {
            "kelurahan": range(len(areas.kelurahan_codes)),
            "kelurahan_code": areas.kelurahan_codes,
            "kecamatan_code": [areas.kecamatan_codes[at] for at in areas.kecamatan_of.tolist()],
        }
    )
    parts = [
        f"""
        select '{source.app}' as app, '{source.table}' as "table", '{source.truth}' as truth,
            cast({source.key} as varchar) as key, {source.place_key} as place_key
        from {source.relation} where {source.says}
        """
        for source in SOURCES
    ]
    con.execute(f"""
        create table judged as
        with said as ({" union all ".join(parts)}),
        homes as (
            select app, "table", key, min(kelurahan) as kelurahan from links group by all
        )
        select
            said.app, said.table,
            case
                when codes.kelurahan_code is null then 'outside'
                when places.place_key is null then 'missing'
                when places.kecamatan_code = 'unknown'
                    then case when {_ELSEWHERE.replace("said.", "places.")}
                        then 'outside' else 'unresolved' end
                when places.kecamatan_code = codes.kecamatan_code
                    and (places.area_level <> 'kelurahan'
                        or places.area_code_kemendagri = codes.kelurahan_code)
                    then 'right'
                else 'wrong'
            end as verdict
        from said
        left join kota.intermediate.int_places__resolved as places using (place_key)
        left join homes
            on said.app = homes.app and said.truth = homes.table and said.key = homes.key
        left join codes on homes.kelurahan = codes.kelurahan
    """)


def _print_shares(con: duckdb.DuckDBPyConnection) -> None:
    print("| app, table | say a place of the city | right | wrong | unresolved | outside |")
    print("|---|---|---|---|---|---|")
    shares = """
        count(*) filter (where verdict <> 'outside'),
        count(*) filter (where verdict = 'right'), count(*) filter (where verdict = 'wrong'),
        count(*) filter (where verdict in ('unresolved', 'missing')),
        count(*) filter (where verdict = 'outside')
    """
    rows = con.execute(
        f"select app || ', ' || \"table\", {shares} from judged group by all order by all"
    ).fetchall()
    rows += con.execute(f"select 'all', {shares} from judged").fetchall()
    for name, said, right, wrong, unresolved, outside in rows:
        whole = max(said, 1)
        print(
            f"| {name} | {said:,} | {right / whole:.5f} | {wrong / whole:.5f} "
            f"| {unresolved / whole:.5f} | {outside:,} |"
        )


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--citizens", type=int, default=200_000)
    parser.add_argument("--seed", type=int, default=11)
    parser.add_argument("--dirtiness", type=float, default=1.0)
    parser.add_argument("--home", type=Path, help="keep the city here, and use it again")
    return parser.parse_args()


if __name__ == "__main__":
    main()
