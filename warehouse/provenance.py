"""Which code and which configuration made a warehouse file."""

import hashlib
import json
import shutil
import subprocess
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from kota.settings import PROJECT_ROOT, Settings
from lake.token import TokenKeyError, token_key_id, token_keys

FILE_NAME = "configuration.json"


def code_version(settings: Settings) -> str:
    """The git commit, marked when files differ from it; the package version where git is absent."""
    git = shutil.which("git")
    if git and (settings.root / ".git").exists():
        described = subprocess.run(
            [git, "-C", str(settings.root), "describe", "--always", "--dirty", "--abbrev=12"],
            capture_output=True,
            text=True,
            check=False,
        )
        if described.returncode == 0:
            return described.stdout.strip()
    try:
        return version("kota")
    except PackageNotFoundError:
        return "unknown"


def config_hash(settings: Settings) -> str:
    """SHA-256 over everything that shapes the result: city, registry, dbt project, programs."""
    digest = hashlib.sha256()
    for name, path in _files(settings):
        digest.update(name.encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def configuration(settings: Settings) -> dict[str, str]:
    """SHA-256 of each of those files, by its path in the project."""
    return {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in _files(settings)}


def seeds_of(files: Mapping[str, str]) -> dict[str, str]:
    """The seeds among them, by name."""
    return {
        Path(name).stem: digest
        for name, digest in files.items()
        if "/seeds/" in name and name.endswith(".csv")
    }


def save_files(folder: Path, files: Mapping[str, str]) -> None:
    """Keep the hashes of all files beside a manifest, so that what changed can be named later."""
    (folder / FILE_NAME).write_text(json.dumps(files, indent=1) + "\n", "utf-8")


def files_of(folder: Path) -> dict[str, str]:
    """The hashes kept beside a manifest; none in what was built in former days."""
    path = folder / FILE_NAME
    return json.loads(path.read_text("utf-8")) if path.exists() else {}


def known_key_id() -> str | None:
    """The name of the token keys in use; None without one, where nothing needs it."""
    try:
        return token_key_id(token_keys())
    except TokenKeyError:
        return None


def _files(settings: Settings) -> list[tuple[str, Path]]:
    files = [settings.root / "city.yml", *settings.apps_dir.glob("*.yml")]
    for folder in ("models", "macros", "seeds", "tests"):
        files += [path for path in (settings.dbt_dir / folder).rglob("*") if path.is_file()]
    files += [settings.dbt_dir / "dbt_project.yml", PROJECT_ROOT / "requirements" / "pipeline.txt"]
    for package in ("lake", "warehouse"):
        files += (PROJECT_ROOT / package).rglob("*.py")
    return [
        (
            str(path.relative_to(settings.root))
            if path.is_relative_to(settings.root)
            else path.name,
            path,
        )
        for path in sorted(path for path in files if path.is_file())
    ]
