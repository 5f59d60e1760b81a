"""Which code and which configuration made a warehouse file."""

import hashlib
import shutil
import subprocess
from importlib.metadata import PackageNotFoundError, version

from kota.settings import PROJECT_ROOT, Settings


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
    files = [settings.root / "city.yml", *settings.apps_dir.glob("*.yml")]
    for folder in ("models", "macros", "seeds", "tests"):
        files += [path for path in (settings.dbt_dir / folder).rglob("*") if path.is_file()]
    files += [settings.dbt_dir / "dbt_project.yml", PROJECT_ROOT / "requirements" / "pipeline.txt"]
    for package in ("lake", "warehouse"):
        files += (PROJECT_ROOT / package).rglob("*.py")
    for path in sorted(path for path in files if path.is_file()):
        name = path.relative_to(settings.root) if path.is_relative_to(settings.root) else path.name
        digest.update(str(name).encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()
