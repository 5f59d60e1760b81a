"""Build a candidate from the lake at pinned versions: `kota build`."""

import shutil
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from connectors.registry import App, load_registry
from kota.settings import Settings
from lake.engine import connect
from lake.lock import exclusive
from warehouse.base import find_base
from warehouse.candidate import Candidate, candidates
from warehouse.dbt import DbtError, dbt_build
from warehouse.folder import DATABASE
from warehouse.lake_views import as_of, attach_lake
from warehouse.manifest import Manifest
from warehouse.observed import observe
from warehouse.on_record import record_build
from warehouse.persons.history import attach_history, history_version
from warehouse.pins import pin
from warehouse.provenance import (
    code_version,
    config_hash,
    configuration,
    known_key_id,
    save_files,
    seeds_of,
)
from warehouse.scratch import forget_scratch

KEEP_CANDIDATES = 3


def build(
    settings: Settings, blamed: Mapping[str, str] | None = None, *, is_full: bool = False
) -> Candidate:
    """A new candidate with seeds, staging, intermediate models and marts, its dbt tests passed.

    It starts from a copy of a candidate before it and follows what changed, where there is one to
    start from and ``is_full`` is not asked for; what comes out is the same. ``blamed`` are apps to
    be held at their last good version, each with the reason.

    Raises ``NeverLoadedError`` when nothing is in the lake, ``DbtError`` when dbt fails,
    ``BusyError`` while another process builds. What a failed build leaves stays for inspection
    until the next night's build; it has no manifest and is never audited.
    """
    settings.candidates_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    with exclusive(settings.candidates_dir / ".lock", "building"):
        if not blamed:  # what a night's earlier builds left tells why apps are blamed
            _forget_old(settings)
        return _build(settings, blamed or {}, is_full)


def _build(settings: Settings, blamed: Mapping[str, str], is_full: bool) -> Candidate:
    apps = load_registry(settings)
    built_at = datetime.now(UTC)
    pins = pin(settings, apps, blamed, built_at)
    ids = history_version(settings)
    instant = as_of(settings, apps)
    base = None if is_full else find_base(settings, pins.versions)
    folder = _new_folder(settings, built_at)
    if base:
        shutil.copyfile(base.candidate.path, folder / DATABASE)
    observed = observe(settings, apps, pins, built_at)
    files = configuration(settings)
    with connect(settings, database=str(folder / DATABASE)) as con:
        attach_lake(con, settings, apps, pins, base, observed)
        attach_history(con, settings, ids)
    told = variables(settings, instant)
    try:
        dbt_build(settings, folder / DATABASE, told)
    except DbtError:
        record_build(settings, folder)
        raise
    save_files(folder, files)
    manifest = Manifest(
        id=folder.name,
        built_at=built_at,
        as_of=instant,
        lake=pins.versions,
        held=pins.held,
        person_history=ids,
        base=base.candidate.id if base else None,
        code_version=code_version(settings),
        config_hash=config_hash(settings),
        seeds=seeds_of(files),
        variables=told,
        observed=observed,
        token_key_id=known_key_id(),
        duckdb_version=duckdb.__version__,
    )
    manifest.save(folder)
    candidate = Candidate(folder)
    _record_lineage(candidate, apps)
    record_build(settings, folder)
    return candidate


def _record_lineage(candidate: Candidate, apps: Mapping[str, App]) -> None:
    from warehouse.trace.record import record_lineage  # its parser takes long to import

    record_lineage(candidate, apps)


def variables(settings: Settings, instant: datetime) -> dict[str, str]:
    """What every model may ask: the city, and the instant the warehouse speaks of."""
    return {
        "as_of": instant.strftime("%Y-%m-%d %H:%M:%S+00"),
        "timezone": settings.city.timezone,
        "city_code": settings.city.code_kemendagri,
        "city_name": settings.city.name,
    }


def _new_folder(settings: Settings, built_at: datetime) -> Path:
    """A folder named by the time; two builds of one second are told apart by a number."""
    name = built_at.strftime("%Y%m%dT%H%M%SZ")
    for attempt in range(2, 100):
        folder = settings.candidates_dir / name
        try:
            folder.mkdir(mode=0o700)
        except FileExistsError:
            name = f"{built_at:%Y%m%dT%H%M%SZ}-{attempt}"
        else:
            return folder
    raise FileExistsError(f"too many builds at {name}")


def _forget_old(settings: Settings) -> None:
    """Keep the newest candidates: staging data are in them, which nobody should keep for long."""
    keep = {candidate.folder for candidate in candidates(settings)[-KEEP_CANDIDATES:]}
    for folder in settings.candidates_dir.iterdir():
        if folder.is_dir() and folder not in keep:
            shutil.rmtree(folder)
    forget_scratch(settings)
