"""ZIP files as senders make them, whole and broken."""

import struct
import zipfile
import zlib
from pathlib import Path


def write_zip(path: Path, members: dict[str, bytes]) -> Path:
    """An ordinary ZIP."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def write_raw_zip(
    path: Path,
    name: bytes,
    content: bytes,
    *,
    password: bytes | None = None,
    method: int = 0,
    crc: int | None = None,
    stated_size: int | None = None,
) -> Path:
    """A ZIP of one stored member, byte by byte, for what Python's own writer never does."""
    crc = zlib.crc32(content) if crc is None else crc
    data = _encrypt(content, password, crc) if password else content
    flags = 1 if password else 0
    size = len(content) if stated_size is None else stated_size
    facts = struct.pack(
        "<HHHHHLLLHH", 20, flags, method, 0, 0x5821, crc, len(data), size, len(name), 0
    )
    local = b"PK\x03\x04" + facts + name + data
    central = b"PK\x01\x02" + struct.pack("<H", 20) + facts + struct.pack("<HHHLL", 0, 0, 0, 0, 0)
    central += name
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 1, 1, len(central), len(local), 0)
    path.write_bytes(local + central + end)
    return path


def _encrypt(content: bytes, password: bytes, crc: int) -> bytes:
    """The old encryption of ZIP files, by its public description (APPNOTE 6.1)."""
    table = [_crc_step(number) for number in range(256)]
    keys = [0x12345678, 0x23456789, 0x34567890]

    def update(byte: int) -> None:
        keys[0] = (keys[0] >> 8) ^ table[(keys[0] ^ byte) & 0xFF]
        keys[1] = ((keys[1] + (keys[0] & 0xFF)) * 134775813 + 1) & 0xFFFFFFFF
        keys[2] = (keys[2] >> 8) ^ table[(keys[2] ^ (keys[1] >> 24)) & 0xFF]

    for byte in password:
        update(byte)
    encrypted = bytearray()
    for byte in bytes(11) + bytes([crc >> 24]) + content:
        mask = (keys[2] | 2) & 0xFFFF
        encrypted.append(byte ^ (((mask * (mask ^ 1)) >> 8) & 0xFF))
        update(byte)
    return bytes(encrypted)


def _crc_step(number: int) -> int:
    for _ in range(8):
        number = (number >> 1) ^ 0xEDB88320 if number & 1 else number >> 1
    return number
