"""An environment for each peer, made from its locked requirements: none disturbs another."""

import re
import subprocess
import sys
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from kota.settings import PROJECT_ROOT

REQUIREMENTS = Path(__file__).parent / "requirements"


class NotInstalledError(Exception):
    """A peer could not be installed on this machine; the message is the installer's."""


@dataclass(frozen=True)
class Environment:
    """A virtual environment, ready to use."""

    folder: Path

    @property
    def python(self) -> Path:
        """Its interpreter."""
        return self.folder / "bin" / "python"

    def program(self, name: str) -> Path:
        """A program of it, wherever its wheel put it. Raises ``NotInstalledError``."""
        own = self.folder / "bin" / name
        found = [own] if own.exists() else sorted(self.folder.rglob(f"bin/{name}"))
        if not found:
            raise NotInstalledError(f"{name} is not in {self.folder.name}")
        return found[0]


def environment(peer: str) -> Environment:
    """The peer's environment, made if it is not there. Raises ``NotInstalledError``."""
    folder = PROJECT_ROOT / ".venv" / f"bench-{peer}"
    locked = REQUIREMENTS / f"{peer}.txt"
    ready = folder / ".ready"
    if not ready.exists() or ready.stat().st_mtime < locked.stat().st_mtime:
        made = subprocess.run(
            [PROJECT_ROOT / "scripts" / "venv.sh", folder, locked],
            stdout=sys.stderr,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
        if made.returncode != 0:
            lines = made.stderr.strip().splitlines()
            raise NotInstalledError(lines[-1] if lines else "the installer failed")
        ready.touch()
    return Environment(folder)


def own_environment() -> Environment:
    """kota's, in which this runs."""
    return Environment(Path(sys.executable).parent.parent)


def locked_version(peer: str, package: str) -> str:
    """The version of a package that a peer's requirements name."""
    text = (REQUIREMENTS / f"{peer}.txt").read_text("utf-8")
    found = re.search(rf"^{re.escape(package)}==(\S+)", text, re.MULTILINE)
    return found.group(1) if found else "?"


def own_version(package: str) -> str:
    """The version of a package in kota's environment."""
    return metadata.version(package)
