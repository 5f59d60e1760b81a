"""Files in a folder of this machine, or of a share that is mounted on it."""

import os
import stat
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

from connectors.files.places import Place, RemoteFile

SHARES = ("nfs", "cifs", "smb", "fuse", "9p", "afs", "ceph", "gluster", "vboxsf", "prl_fs")


class LocalPlace(Place):
    """A folder, by ``file:///absolute/folder``. Implements ``connectors.files.places.Place``."""

    def connect(self) -> None:
        """Make sure that the folder is there."""
        if self.connection.host not in ("", "localhost"):
            raise self.error("a folder is given as file:///absolute/folder, with three slashes")
        self._root = Path("/" + self.connection.path).resolve()
        if not self._root.is_dir():
            raise self.error(f"there is no folder {self._root}; is the share mounted?")
        self.shares_our_clock = not _is_share(self._root)

    def look(self, folder: str) -> tuple[list[str], list[RemoteFile]]:
        """Folders and files directly in a folder."""
        folders: list[str] = []
        files: list[RemoteFile] = []
        try:
            with os.scandir(self._root / folder) as entries:
                for entry in entries:
                    self._take(entry, str(PurePosixPath(folder, entry.name)), folders, files)
        except OSError as error:
            raise self.unreadable(folder or str(self._root), error.strerror or "") from None
        return folders, files

    def fetch(self, file: RemoteFile, folder: Path) -> Path:
        """The file itself: a copy would cost time, and ``Arrivals`` notices if it is rewritten."""
        path = self._root / file.name
        if not path.resolve().is_relative_to(self._root):
            raise self.unreadable(file.name, "it is a link that leads out of the folder")
        try:
            with path.open("rb") as opened:
                found = os.fstat(opened.fileno())
        except FileNotFoundError:
            raise self.unfinished(file.name, "is gone since it was listed") from None
        except OSError as error:
            raise self.unreadable(file.name, error.strerror or "") from None
        if found.st_size != file.size:
            raise self.unfinished(file.name, "changed since it was listed")
        return path

    def _take(
        self, entry: "os.DirEntry[str]", name: str, folders: list[str], files: list[RemoteFile]
    ) -> None:
        if entry.is_dir(follow_symlinks=False):
            folders.append(name)
            return
        if entry.is_symlink() and not Path(entry.path).resolve().is_relative_to(self._root):
            self.remarks.append(
                f"{self.app.app}: {name} is refused: it is a link that leads out of the folder"
            )
            return
        try:
            found = entry.stat()
        except OSError:
            return  # gone between the listing and now, or a link to nothing
        if stat.S_ISREG(found.st_mode):
            modified = datetime.fromtimestamp(found.st_mtime, UTC)
            files.append(RemoteFile(name, found.st_size, modified))


def _is_share(folder: Path) -> bool:
    """Whether another machine's clock stamps the files; where that can't be known, yes."""
    try:
        mounts = Path("/proc/self/mounts").read_text("utf-8", "replace")
    except OSError:
        return True
    lines = [line.split() for line in mounts.splitlines()]
    kinds = {fields[1].replace("\\040", " "): fields[2] for fields in lines}
    at = next(
        str(path) for path in (folder, *folder.parents) if str(path) in kinds or not path.name
    )
    return kinds.get(at, "").startswith(SHARES)
