"""Results in full, beside the chain: each kept under its own hash, which an entry names.

An entry holds counts; the results of thousands of checks are evidence. The same content is kept
once, however many entries name it, and stays when the candidate it is about is removed.
"""

import gzip
import hashlib
import json
import os
from pathlib import Path
from typing import Any

from kota.settings import Settings
from record.chain import record_dir


def keep(settings: Settings, content: bytes) -> str:
    """Keep some content; its SHA-256, which is its name."""
    digest = hashlib.sha256(content).hexdigest()
    path = evidence_path(settings, digest)
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        partial = path.with_name(f".{digest}.{os.getpid()}")
        with partial.open("wb") as file:
            file.write(gzip.compress(content, mtime=0))
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    return digest


def keep_json(settings: Settings, value: Any) -> str:
    """Keep a value as JSON, in one form only, so that equal values are the same evidence."""
    text = json.dumps(value, sort_keys=True, indent=1, ensure_ascii=False)
    return keep(settings, text.encode() + b"\n")


def evidence_dir(settings: Settings) -> Path:
    """Where all of it is."""
    return record_dir(settings) / "evidence"


def evidence_path(settings: Settings, digest: str) -> Path:
    """Where the content of that hash is, compressed."""
    return evidence_dir(settings) / digest[:2] / f"{digest}.gz"


def is_intact(path: Path, digest: str) -> bool:
    """Whether what is kept is what was kept. Raises ``FileNotFoundError``."""
    try:
        return hashlib.sha256(gzip.decompress(path.read_bytes())).hexdigest() == digest
    except (EOFError, gzip.BadGzipFile, ValueError):
        return False
