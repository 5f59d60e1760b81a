"""A folder as an SFTP server shows it: to look at and to read, nothing else."""

import os
from pathlib import Path
from typing import IO, Any

import paramiko


class ReadOnlyFolder(paramiko.SFTPServerInterface):
    """Everything below ``root``; a link that leads out of it is not there.

    Whatever would change something is refused by the class this one is made from.
    """

    def __init__(self, server: paramiko.ServerInterface, root: Path, *args: Any) -> None:
        super().__init__(server, *args)
        self._root = root.resolve()

    def list_folder(self, path: str) -> list[paramiko.SFTPAttributes] | int:
        """What is directly in a folder."""
        try:
            folder = self._local(path)
            return [
                paramiko.SFTPAttributes.from_stat(entry.stat(), entry.name)
                for entry in sorted(folder.iterdir())
                if self._is_inside(entry)
            ]
        except OSError as error:
            return _code(error)

    def stat(self, path: str) -> paramiko.SFTPAttributes | int:
        """Size and time of a file."""
        try:
            return paramiko.SFTPAttributes.from_stat(self._local(path).stat())
        except OSError as error:
            return _code(error)

    def lstat(self, path: str) -> paramiko.SFTPAttributes | int:
        """The same: links are not shown."""
        return self.stat(path)

    def open(
        self,
        path: str,
        flags: int,
        attr: paramiko.SFTPAttributes,  # noqa: ARG002
    ) -> paramiko.SFTPHandle | int:
        """A file to read."""
        if flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND):
            return paramiko.sftp.SFTP_PERMISSION_DENIED
        try:
            return _OpenFile(self._local(path).open("rb"), flags)
        except OSError as error:
            return _code(error)

    def _local(self, path: str) -> Path:
        # The path is absolute and without dots: ``canonicalize`` was asked before.
        local = self._root / self.canonicalize(path).lstrip("/")
        if not self._is_inside(local):
            raise FileNotFoundError(2, "no such file")
        return local

    def _is_inside(self, local: Path) -> bool:
        return local.exists() and local.resolve().is_relative_to(self._root)


class _OpenFile(paramiko.SFTPHandle):
    def __init__(self, file: IO[bytes], flags: int) -> None:
        super().__init__(flags)
        self.readfile = file

    def stat(self) -> paramiko.SFTPAttributes | int:
        return paramiko.SFTPAttributes.from_stat(os.fstat(self.readfile.fileno()))


def _code(error: OSError) -> int:
    return paramiko.SFTPServer.convert_errno(error.errno or 0)
