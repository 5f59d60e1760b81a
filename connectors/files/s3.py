"""Files in S3-compatible object storage: Amazon's, or MinIO in the city's own server room."""

import posixpath
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import obstore
from obstore.exceptions import (
    BaseError,
    InvalidPathError,
    PermissionDeniedError,
    PreconditionError,
    UnauthenticatedError,
)
from obstore.store import S3Store

from connectors.connection import Connection
from connectors.files.download import download
from connectors.files.places import BrokeOffError, Place, RemoteFile
from connectors.reader import SourceError
from connectors.registry import App
from kota.settings import Settings

TIMEOUT = timedelta(seconds=60)
CONNECT_TIMEOUT = timedelta(seconds=10)
RETRIES = 2
CHUNK_BYTES = 1024 * 1024
DEFAULT_REGION = "us-east-1"
"""What MinIO answers to when nobody gave it another name."""


class S3Place(Place):
    """A bucket by ``s3://ACCESS:SECRET@host:9000/bucket/prefix?region=…``. Implements ``Place``.

    Without a host it is Amazon's. Options: ``region``; ``tls=0`` for a server without TLS.
    """

    shows_whole_files = True

    def __init__(self, app: App, connection: Connection, settings: Settings) -> None:
        super().__init__(app, connection, settings)
        self._bucket, _, self._prefix = connection.path.strip("/").partition("/")
        self._tags: dict[str, str] = {}

    def connect(self) -> None:
        """Prepare the requests; the first listing shows whether they are answered."""
        if not self._bucket:
            raise self.error("the connection names no bucket: s3://ACCESS:SECRET@host/bucket")
        connection = self.connection
        has_tls = self.options.get("tls", "1") not in ("0", "false", "no")
        port = f":{connection.port}" if connection.port else ""
        endpoint = f"{'https' if has_tls else 'http'}://{connection.host}{port}"
        try:
            self._store = S3Store(
                self._bucket,
                prefix=self._prefix or None,
                endpoint=endpoint if connection.host else None,
                region=self.options.get("region", DEFAULT_REGION),
                access_key_id=connection.user or None,
                secret_access_key=connection.password or None,
                skip_signature=not connection.user,
                client_options={
                    "allow_http": not has_tls,
                    "timeout": TIMEOUT,
                    "connect_timeout": CONNECT_TIMEOUT,
                },
                retry_config={"max_retries": RETRIES, "retry_timeout": TIMEOUT},
            )
        except BaseError as error:
            raise self.error(f"the S3 connection can't be used: {_first_line(error)}") from None

    def look(self, folder: str) -> tuple[list[str], list[RemoteFile]]:
        """What looks like folders, and the objects directly in one."""
        try:
            found = self._store.list_with_delimiter(f"{folder}/" if folder else None)
        except (BaseError, OSError, ValueError) as error:
            if folder and _code(error) == "AccessDenied":
                raise self.unreadable(folder, "permission denied") from None
            raise self._failed(error) from None
        files = []
        for entry in found["objects"]:
            name = entry["path"]
            if name == folder:
                continue  # the empty object by which some programs show an empty folder
            self._tags[name] = entry["e_tag"] or ""
            files.append(RemoteFile(name, entry["size"], entry["last_modified"]))
        return [posixpath.normpath(name) for name in found["common_prefixes"]], files

    def fetch(self, file: RemoteFile, folder: Path) -> Path:
        """A local copy."""
        target = self.copy_path(file, folder)
        return download(self, file, target, lambda offset: self._chunks(file, offset))

    def _chunks(self, file: RemoteFile, offset: int) -> Iterator[bytes]:
        # The tag makes sure that what is fetched in two parts is two parts of one object.
        options: obstore.GetOptions = {}
        if tag := self._tags.get(file.name):
            options["if_match"] = tag
        if offset:
            options["range"] = {"offset": offset}
        with self._faults_of(file.name):
            answer = obstore.get(self._store, file.name, options=options)
            for chunk in answer.stream(min_chunk_size=CHUNK_BYTES):
                yield bytes(chunk)

    @contextmanager
    def _faults_of(self, name: str) -> Iterator[None]:
        try:
            yield
        except (PermissionDeniedError, UnauthenticatedError):
            raise self.unreadable(name, "permission denied") from None
        except PreconditionError:
            raise self.unfinished(name, "changed since it was listed") from None
        except FileNotFoundError:
            raise self.unfinished(name, "is gone since it was listed") from None
        except (BaseError, OSError):
            raise BrokeOffError from None

    def _failed(self, error: Exception) -> SourceError:
        where = self.connection.host or "S3"
        match _code(error):
            case "NoSuchBucket":
                return self.error(f"{where} has no bucket {self._bucket}")
            case "InvalidAccessKeyId" | "SignatureDoesNotMatch":
                return self.error(f"{where} refuses the access key or secret of the connection")
            case "AccessDenied":
                return self.error(
                    f"{where} does not let this access key list bucket {self._bucket}; its owner "
                    "has to allow ListBucket and GetObject"
                )
        if isinstance(error, InvalidPathError):
            return self.error(
                f"bucket {self._bucket} holds a name that is refused, have it renamed: "
                f"{_first_line(error)}"
            )
        if "error sending request" in str(error):
            return self.error(
                f"{where}:{self.connection.port or 443} can't be reached by S3; does it run, and "
                "does it speak TLS? If not, add tls=0 to the connection"
            )
        return self.error(f"{where} can't be read by S3: {_first_line(error)}")


def _code(error: Exception) -> str:
    """The error code of S3 in an answer, which is clearer than the library's kinds."""
    found = re.search(r"<Code>(\w+)</Code>", str(error))
    return found[1] if found else ""


def _first_line(error: Exception) -> str:
    return str(error).strip().splitlines()[0]
