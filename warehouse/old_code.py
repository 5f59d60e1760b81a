"""The program as it was when a snapshot was built: a worktree of its commit while it is used."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kota.settings import PROJECT_ROOT, Settings
from warehouse.manifest import Manifest
from warehouse.origin import DIRTY


class NoOldCodeError(Exception):
    """The code of a snapshot can't be had; the message says why and what can be done."""


@contextmanager
def old_code(settings: Settings, manifest: Manifest) -> Iterator[Path]:
    """A folder with the files of the commit that built a snapshot. Raises ``NoOldCodeError``."""
    commit = manifest.code_version
    git = shutil.which("git")
    if commit.endswith(DIRTY):
        raise NoOldCodeError(
            f"{manifest.id} was built from files that differed from commit "
            f"{commit.removesuffix(DIRTY)}; no commit has them"
        )
    if git is None or not (settings.root / ".git").exists():
        raise NoOldCodeError(
            f"there is no git repository in {settings.root}: check out {commit} and run "
            f"`kota rebuild {manifest.id}` there"
        )
    folder_of_all = settings.home / "tmp"
    folder_of_all.mkdir(parents=True, exist_ok=True, mode=0o700)
    folder = folder_of_all / f"code-{commit}-{os.getpid()}"
    try:
        added = _git(git, settings.root, "worktree", "add", "--detach", str(folder), commit)
        if added.returncode != 0:
            raise NoOldCodeError(
                f"commit {commit} is not in the repository at {settings.root}: fetch it first"
            )
        if not (folder / "warehouse" / "rebuild.py").exists():
            raise NoOldCodeError(f"commit {commit} is from before there was `kota rebuild`")
        yield folder
    finally:
        _git(git, settings.root, "worktree", "remove", "--force", str(folder))
        shutil.rmtree(folder, ignore_errors=True)


def run_there(
    settings: Settings, folder: Path, *arguments: str
) -> subprocess.CompletedProcess[str]:
    """Run kota's command line as it was in that folder, on this home, in this environment."""
    places = {"KOTA_HOME": str(settings.home)}
    for name, path in (("KOTA_ROOT", settings.root), ("KOTA_APPS_DIR", settings.apps_dir)):
        places[name] = str(_there(path.absolute(), settings.root, folder))
    return subprocess.run(
        [sys.executable, "-m", "kota", *arguments],
        cwd=folder,
        env={**os.environ, **places, "PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )


def same_requirements(folder: Path) -> bool:
    """Whether that code was locked to the packages that are installed here."""
    mine, theirs = (root / "requirements" / "pipeline.txt" for root in (PROJECT_ROOT, folder))
    return mine.read_bytes() == theirs.read_bytes()


def _there(path: Path, root: Path, folder: Path) -> Path:
    """A folder of the project in the old one; one outside of it is as it is."""
    return folder / path.relative_to(root) if path.is_relative_to(root) else path


def _git(git: str, root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [git, "-C", str(root), *arguments], capture_output=True, text=True, check=False
    )
