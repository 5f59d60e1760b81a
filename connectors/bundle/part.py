"""The files of a bundle: the signed manifest, and a run of chunks."""

import os
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from connectors.bundle.errors import BundleError
from connectors.bundle.manifest import MAX_MANIFEST, Manifest

MAGIC = b"kota bundle 1\n"
HEAD = struct.Struct(">II")
"""Which part it is, and the length of the manifest. A wrong part shows by its checksums."""
SIGNATURE_BYTES = 64


@dataclass(frozen=True)
class Sealed:
    """A manifest as it was signed."""

    content: bytes
    signature: bytes

    def manifest(self) -> Manifest:
        """What it says. Nobody has to believe it before the signature was checked."""
        return Manifest.model_validate_json(self.content)


@dataclass(frozen=True)
class Part:
    """A file that looks like a part of a bundle."""

    path: Path
    sealed: Sealed
    manifest: Manifest
    number: int

    def chunks(self) -> Iterator[tuple[int, bytes]]:
        """The chunks that are in the file, with their number; a truncated file has fewer."""
        with self.path.open("rb") as file:
            file.seek(len(MAGIC) + HEAD.size + len(self.sealed.content) + SIGNATURE_BYTES)
            for chunk in self.manifest.chunks_of(self.number):
                yield chunk, file.read(self.manifest.length(chunk))


def write_parts(sealed: Sealed, body: Path, folder: Path) -> list[Path]:
    """Write the encrypted ``body`` as files; none has its name before all are whole."""
    manifest = sealed.manifest()
    fresh: list[tuple[Path, Path]] = []
    try:
        with body.open("rb") as source:
            for number in range(manifest.parts):
                path = folder / manifest.part_name(number)
                half = path.with_name(f".{path.name}.{manifest.id}")
                fresh.append((half, path))
                with half.open("wb") as file:
                    file.write(MAGIC + HEAD.pack(number, len(sealed.content)))
                    file.write(sealed.content + sealed.signature)
                    for chunk in manifest.chunks_of(number):
                        file.write(source.read(manifest.length(chunk)))
                    file.flush()
                    os.fsync(file.fileno())
        for half, path in fresh:
            half.replace(path)
    except BaseException:
        for half, _ in fresh:
            half.unlink(missing_ok=True)
        raise
    return [path for _, path in fresh]


def read_part(path: Path) -> Part:
    """The head of a file. Raises ``BundleError``."""
    try:
        with path.open("rb") as file:
            if file.read(len(MAGIC)) != MAGIC:
                raise BundleError(f"{path.name} is no bundle of this version of kota")
            head = file.read(HEAD.size)
            number, length = HEAD.unpack(head) if len(head) == HEAD.size else (0, 0)
            content = file.read(length) if 0 < length <= MAX_MANIFEST else b""
            signature = file.read(SIGNATURE_BYTES)
    except OSError as error:
        raise BundleError(f"{path.name} can't be read: {error.strerror}") from error
    sealed = Sealed(content, signature)
    try:
        manifest = sealed.manifest()
    except ValidationError:
        raise BundleError(f"{path.name} is damaged at its beginning: copy it again") from None
    if number >= manifest.parts:
        raise BundleError(f"{path.name} is damaged at its beginning: copy it again")
    return Part(path, sealed, manifest, number)
