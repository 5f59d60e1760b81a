"""Encryption (age) and compression (xz) as a stream: rows are never in the clear on a disk.

age works from file to file, so the clear side is a pipe, with a thread at its other end.
"""

import lzma
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path

import pyrage

from connectors.bundle.errors import BundleError


@contextmanager
def encrypting(target: Path, recipient: str) -> Iterator[lzma.LZMAFile]:
    """A file to write to; what is written is in ``target``, encrypted, when this ends."""
    to = pyrage.x25519.Recipient.from_str(recipient)
    reading, writing = os.pipe()

    def encrypt() -> None:
        with os.fdopen(reading, "rb") as clear, target.open("wb") as sealed:
            pyrage.encrypt_io(clear, sealed, [to])
            sealed.flush()
            os.fsync(sealed.fileno())

    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="age") as pool:
        done = pool.submit(encrypt)
        with os.fdopen(writing, "wb") as pipe, lzma.open(pipe, "wb") as clear:
            yield clear
        done.result()


@contextmanager
def decrypting(source: Path, identity: pyrage.x25519.Identity) -> Iterator[lzma.LZMAFile]:
    """A file to read what ``source`` holds in the clear. Raises ``BundleError``."""
    reading, writing = os.pipe()

    def decrypt() -> None:
        with os.fdopen(writing, "wb") as clear, source.open("rb") as sealed:
            pyrage.decrypt_io(sealed, clear, [identity])

    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="age") as pool:
        done = pool.submit(decrypt)
        try:
            with os.fdopen(reading, "rb") as pipe, lzma.open(pipe, "rb") as clear:
                yield clear
        except Exception as error:
            if isinstance(done.exception(), pyrage.DecryptError):
                raise BundleError("the keys of this city don't open it") from error
            if isinstance(error, EOFError | lzma.LZMAError):
                raise BundleError("it can't be unpacked; make it again") from error
            raise
        with suppress(BrokenPipeError):  # whoever has read enough leaves the rest
            done.result()
