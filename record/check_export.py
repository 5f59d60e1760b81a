"""Check an exported record with Python alone: python3 check_export.py FOLDER CITY.PEM [FILE...]

FOLDER is the unpacked export, CITY.PEM the city's public key that you got by another way. Each FILE
is looked for in the record by its SHA-256. Ends with 0 where all of it holds.
"""

import base64
import hashlib
import json
import pathlib
import sys

# Ed25519 by RFC 8032, section 6: slow, and short enough to be read.
P = 2**255 - 19
Q = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
Point = tuple[int, int, int, int]


def add(a: Point, b: Point) -> Point:
    """The sum of two points in extended coordinates."""
    e, f = (a[1] - a[0]) * (b[1] - b[0]) % P, (a[1] + a[0]) * (b[1] + b[0]) % P
    g, h = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    e, f, g, h = f - e, h - g, h + g, f + e
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(n: int, point: Point) -> Point:
    """A point, n times."""
    result = (0, 1, 1, 0)
    while n:
        if n & 1:
            result = add(result, point)
        point, n = add(point, point), n >> 1
    return result


def point_of(data: bytes) -> Point:
    """The point that 32 bytes stand for."""
    number = int.from_bytes(data, "little")
    sign, y = number >> 255, number & (2**255 - 1)
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    if (x * x - square) % P or y >= P:
        raise ValueError("no point")
    x = P - x if (x & 1) != sign else x
    return x, y, 1, x * y % P


def is_signed(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether the owner of the public key signed the message."""
    a, r, s = point_of(public), point_of(signature[:32]), int.from_bytes(signature[32:], "little")
    digest = hashlib.sha512(signature[:32] + public + message).digest()
    base = point_of((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))
    left, right = times(s, base), add(r, times(int.from_bytes(digest, "little") % Q, a))
    return s < Q and all((left[i] * right[2] - right[i] * left[2]) % P == 0 for i in (0, 1))


def main(folder: pathlib.Path, key: str, *files: str) -> None:
    """Signature, files, chain, head; the first thing that does not hold ends it."""
    text = "".join(line for line in pathlib.Path(key).read_text().split("\n") if "-" not in line)
    sums = (folder / "SHA256SUMS").read_bytes()
    if not is_signed(base64.b64decode(text)[-32:], sums, (folder / "SHA256SUMS.sig").read_bytes()):
        sys.exit("SHA256SUMS was not signed with this key, or was changed after that")
    for row in sums.decode().splitlines():
        digest, name = row.split("  ", 1)
        if hashlib.sha256((folder / name).read_bytes()).hexdigest() != digest:
            sys.exit(f"{name} was changed after it was signed")
    previous, entries = "0" * 64, (folder / "chain.jsonl").read_bytes().splitlines()
    for number, line in enumerate(entries, start=1):
        entry, content = json.loads(line), b"{" + line[75:]
        if hashlib.sha256(content).hexdigest() != entry["hash"] or entry["previous"] != previous:
            sys.exit(f"entry {number} does not follow the one before it")
        previous = entry["hash"]
    if json.loads((folder / "statement.json").read_bytes())["head"] != previous:
        sys.exit("the chain does not end where the statement says")
    print(f"{len(entries)} entries hold; the head is {previous}")
    for file in files:
        digest = hashlib.sha256(pathlib.Path(file).read_bytes()).hexdigest()
        named = [json.loads(line) for line in entries if digest.encode() in line]
        told = [
            f"entry {entry['sequence']} ({entry['kind']}, {entry['at'][:16]})" for entry in named
        ]
        print(f"{file}: {', '.join(told) or 'no entry names it'}")


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]), *sys.argv[2:])
