"""An FTP server to misbehave: old commands only, a line that breaks, a file one may not read."""

import argparse
from pathlib import Path
from typing import Any, ClassVar

from pyftpdlib.authorizers import DummyAuthorizer
from pyftpdlib.filesystems import AbstractedFS
from pyftpdlib.handlers import DTPHandler, FTPHandler
from pyftpdlib.servers import FTPServer


class GuardedFiles(AbstractedFS):
    """Files named ``forbidden…`` can be seen and not opened, whoever runs the tests."""

    def open(self, filename: str, mode: str) -> Any:
        if Path(filename).name.startswith("forbidden"):
            raise PermissionError(13, "Permission denied")
        return super().open(filename, mode)


class BreakingData:
    """Cuts the line after so many bytes, so many times."""

    after_bytes: ClassVar[int] = 0
    cuts_left: ClassVar[int] = 0
    tot_bytes_sent: int
    cmd_channel: Any

    def send(self, data: bytes) -> int:
        sent: int = super().send(data)  # type: ignore[misc]
        if BreakingData.cuts_left and self.tot_bytes_sent + sent > BreakingData.after_bytes:
            BreakingData.cuts_left -= 1
            self.cmd_channel.close()
        return sent


class Data(BreakingData, DTPHandler):
    """The data connection."""


def main() -> None:
    """Serve until stopped."""
    parser = argparse.ArgumentParser()
    parser.add_argument("port", type=int)
    parser.add_argument("folder", type=Path)
    parser.add_argument("password")
    parser.add_argument("--without", default="", help="commands it does not know: MLSD,MDTM")
    parser.add_argument("--certificate", type=Path)
    parser.add_argument("--encoding", default="utf8")
    parser.add_argument("--idle-seconds", type=int, default=300)
    parser.add_argument("--after-bytes", type=int, default=0)
    parser.add_argument("--cuts", type=int, default=0)
    given = parser.parse_args()

    authorizer = DummyAuthorizer()
    authorizer.add_user("dinas", given.password, str(given.folder), perm="elr")
    handler: Any = FTPHandler
    handler.dtp_handler = Data
    if given.certificate:
        from pyftpdlib.handlers import TLS_FTPHandler  # there only where pyOpenSSL is

        handler = TLS_FTPHandler
        handler.certfile = str(given.certificate)
        handler.tls_control_required = handler.tls_data_required = True
    handler.authorizer = authorizer
    handler.abstracted_fs = GuardedFiles
    handler.use_sendfile = False  # what the kernel sends can't be counted
    handler.encoding = given.encoding
    handler.timeout = given.idle_seconds
    handler.auth_failed_timeout = 0
    handler.proto_cmds = {
        name: facts
        for name, facts in handler.proto_cmds.items()
        if name not in given.without.split(",")
    }
    BreakingData.after_bytes, BreakingData.cuts_left = given.after_bytes, given.cuts
    FTPServer(("127.0.0.1", given.port), handler).serve_forever()


if __name__ == "__main__":
    main()
