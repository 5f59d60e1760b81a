"""Whether this program, configuration and keys are those that made a snapshot, in sentences."""

import shutil
import subprocess

import duckdb

from kota.settings import Settings
from warehouse.manifest import Manifest
from warehouse.provenance import (
    code_version,
    config_hash,
    configuration,
    files_of,
    known_key_id,
)
from warehouse.snapshots import manifest_folder

NAMED = 6
DIRTY = "-dirty"
SHAPING = ("city.yml", "connectors/apps", "dbt_project", "lake", "warehouse", "requirements")


def origin_differs(settings: Settings, manifest: Manifest) -> list[str]:
    """What is not as it was when the snapshot was built; nothing where its hash is the same."""
    said = []
    if manifest.config_hash != config_hash(settings):
        here = code_version(settings)
        files = changed_files(
            settings, manifest, configuration(settings), None if here.endswith(DIRTY) else here
        )
        named = f": {_named(files)}" if files else ""
        said.append(
            f"{manifest.id} was built by code {manifest.code_version} and this is {here}, whose "
            f"models or configuration differ{named}; tables may differ for that reason"
        )
    if manifest.duckdb_version != duckdb.__version__:
        said.append(
            f"it was built with DuckDB {manifest.duckdb_version} and this is {duckdb.__version__}, "
            "which may hash the same rows otherwise"
        )
    if manifest.token_key_id and manifest.token_key_id != known_key_id():
        said.append(
            f"persons' ids were made under key {manifest.token_key_id}, which is not the "
            "KOTA_TOKEN_KEY of this process: they will be others"
        )
    return said


def changed_files(
    settings: Settings, manifest: Manifest, then: dict[str, str], commit: str | None
) -> list[str]:
    """The files that differ between a snapshot's configuration and another one.

    By the hashes kept beside the manifest, or else by git between the two commits; empty where
    neither knows.
    """
    kept = files_of(manifest_folder(settings, manifest.id))
    if kept and then:
        return sorted(name for name in kept | then if kept.get(name) != then.get(name))
    return _changed_by_git(settings, manifest.code_version, commit)


def files_between(settings: Settings, before: Manifest, after: Manifest) -> list[str]:
    """The files that differ between the configurations of two snapshots."""
    if before.config_hash == after.config_hash:
        return []
    then = files_of(manifest_folder(settings, after.id))
    return changed_files(settings, before, then, after.code_version)


def _changed_by_git(settings: Settings, first: str, second: str | None) -> list[str]:
    git = shutil.which("git")
    if git is None or second is None or first.endswith(DIRTY) or second.endswith(DIRTY):
        return []
    told = subprocess.run(
        [git, "-C", str(settings.root), "diff", "--name-only", first, second, "--", *SHAPING],
        capture_output=True,
        text=True,
        check=False,
    )
    return told.stdout.split() if told.returncode == 0 else []


def _named(files: list[str]) -> str:
    more = f" and {len(files) - NAMED} more" if len(files) > NAMED else ""
    return ", ".join(files[:NAMED]) + more
