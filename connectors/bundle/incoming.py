"""What has arrived of a bundle, chunk by chunk, until all of it is here.

A kill in between leaves chunks whose checksum is right, which stay, and others, which come again.
"""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from connectors.bundle.errors import BundleError
from connectors.bundle.manifest import Manifest
from connectors.bundle.part import SIGNATURE_BYTES, Part, Sealed
from kota.settings import Settings


class Incoming:
    """One bundle on its way in, in ``KOTA_HOME/bundles/incoming/<app>/<number>-<id>``."""

    def __init__(self, folder: Path, sealed: Sealed) -> None:
        self.folder = folder
        self.sealed = sealed
        self.manifest: Manifest = sealed.manifest()
        self.body = folder / "body"

    @classmethod
    def of(cls, settings: Settings, sealed: Sealed) -> "Incoming":
        """The place of a bundle whose signature was checked; made if it is not there."""
        manifest = sealed.manifest()
        folder = _folder(settings, manifest.app) / f"{manifest.number:06}-{manifest.id}"
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        kept = folder / "sealed"
        if not kept.exists():
            half = folder / "sealed.half"
            half.write_bytes(sealed.signature + sealed.content)
            half.replace(kept)
        return cls(folder, sealed)

    def take(self, part: Part) -> None:
        """Keep the sound chunks of a file. Raises ``BundleError`` when it has damaged ones."""
        missing, damaged = set(self.missing()), 0
        self.body.touch(mode=0o600)
        with self.body.open("r+b") as body:
            for chunk, content in part.chunks():
                if chunk not in missing:
                    continue
                if not self.manifest.is_intact(chunk, content):
                    damaged += 1
                else:
                    body.seek(chunk * self.manifest.chunk_size)
                    body.write(content)
            body.flush()
            os.fsync(body.fileno())
        if damaged:
            raise BundleError(
                f"{part.path.name}: {damaged} of {len(self.manifest.chunks_of(part.number))} "
                "chunks are damaged or missing; the others are kept: copy the file again"
            )

    def missing(self) -> list[int]:
        """The chunks that have not arrived."""
        if not self.body.exists():
            return list(range(len(self.manifest.chunks)))
        with self.body.open("rb") as body:
            return [
                chunk
                for chunk in range(len(self.manifest.chunks))
                if not self.manifest.is_intact(chunk, body.read(self.manifest.length(chunk)))
            ]

    def missing_parts(self) -> list[str]:
        """The files that have not arrived, or not whole."""
        parts = {chunk // self.manifest.chunks_per_part for chunk in self.missing()}
        return [self.manifest.part_name(part) for part in sorted(parts)]

    def remove(self) -> None:
        """Forget it: it has landed, or never will."""
        shutil.rmtree(self.folder)


def incoming(settings: Settings, app: str) -> Iterator[Incoming]:
    """The bundles of an app of which something has arrived, in the order they were made."""
    folders = _folder(settings, app)
    for folder in sorted(folders.iterdir()) if folders.is_dir() else ():
        try:
            kept = (folder / "sealed").read_bytes()
        except FileNotFoundError:
            continue  # killed at its first step: nothing has arrived
        yield Incoming(folder, Sealed(kept[SIGNATURE_BYTES:], kept[:SIGNATURE_BYTES]))


def _folder(settings: Settings, app: str) -> Path:
    return settings.home / "bundles" / "incoming" / app
