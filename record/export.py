"""The record as a signed bundle that a third party checks without kota: `kota record export`.

A tar file, compressed where its name ends with `.gz`: the chain, its evidence, `SHA256SUMS` over
all of it, and an Ed25519 signature of that.
"""

import gzip
import hashlib
import io
import json
import tarfile
from datetime import UTC, datetime
from pathlib import Path

from kota.settings import Settings
from record.chain import FILE as CHAIN
from record.chain import Entry, RecordError, chain_path, read_entry
from record.evidence import evidence_path
from record.keys import load_key, public_pem

SUMS = "SHA256SUMS"
CHECKER = Path(__file__).with_name("check_export.py")
README = """The record of {city}, entries 1 to {sequence}, exported on {exported_at}.

To check it you need the city's public key, which you got before and by another way, here in
city.pem. The file public_key.pem in this folder proves nothing by itself.

With Python 3 and nothing else:

    python3 check_export.py . city.pem [FILE...]

With openssl (3 or later) and coreutils:

    openssl pkeyutl -verify -rawin -pubin -inkey city.pem -in SHA256SUMS -sigfile SHA256SUMS.sig
    sha256sum --check --quiet SHA256SUMS
    previous=$(printf '0%.0s' $(seq 64))
    while IFS= read -r line; do
        hash=${{line:9:64}}; content="{{${{line:75}}"
        [ "$(printf %s "$content" | sha256sum | cut -c1-64)" = "$hash" ] || echo "changed: $hash"
        grep -q "\\"previous\\":\\"$previous\\"" <<<"$content" || echo "not linked: $hash"
        previous=$hash
    done < chain.jsonl
    grep -q "\\"head\\": \\"$previous\\"" statement.json || echo "cut short"

(in bash; no output of the loop means that every entry follows the one before.)

FILE may be anything that the city hands over: a published kota.duckdb, a file of the lake, a
verdict. The check tells which entry names it by its SHA-256. Evidence that an entry names
is evidence/<SHA-256>.
"""


def export(settings: Settings, target: Path, key: Path) -> Entry:
    """Write the bundle; the last entry that is in it. Raises ``RecordError``, ``OSError``."""
    private = load_key(key)
    path = chain_path(settings)
    if not path.exists():
        raise RecordError("nothing is on record yet")
    chain = path.read_bytes()
    chain = chain[: chain.rfind(b"\n") + 1]  # half an entry is none
    entries = [read_entry(line) for line in chain.splitlines()]
    head = entries[-1]
    statement = {
        "format": "kota record export 1",
        "city": settings.city.name,
        "exported_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "entries": len(entries),
        "head": head.hash,
    }
    files = {
        CHAIN: chain,
        "statement.json": (json.dumps(statement, indent=2, ensure_ascii=False) + "\n").encode(),
        "check_export.py": CHECKER.read_bytes(),
        "public_key.pem": public_pem(private).encode(),
        "README.txt": README.format(sequence=head.sequence, **statement).encode(),
    }
    sums = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    evidence = {
        digest: evidence_path(settings, digest)
        for entry in entries
        for digest in entry.payload.get("evidence", {}).values()
    }
    sums |= {f"evidence/{digest}": digest for digest in evidence}
    listed = "".join(f"{digest}  {name}\n" for name, digest in sorted(sums.items())).encode()
    partial = target.with_name(f".{target.name}.partial")
    with tarfile.open(partial, "w:gz" if target.suffix in {".gz", ".tgz"} else "w") as tar:
        for name, content in files.items():
            _add(tar, name, content)
        for digest, kept in evidence.items():
            _add(tar, f"evidence/{digest}", gzip.decompress(kept.read_bytes()))
        _add(tar, SUMS, listed)
        _add(tar, f"{SUMS}.sig", private.sign(listed))
    partial.replace(target)
    return head


def _add(tar: tarfile.TarFile, name: str, content: bytes) -> None:
    info = tarfile.TarInfo(f"record/{name}")
    info.size, info.mode, info.mtime = len(content), 0o644, int(datetime.now(UTC).timestamp())
    tar.addfile(info, io.BytesIO(content))
