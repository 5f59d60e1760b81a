"""Bytes that a source calls text without knowing their encoding (SQL_ASCII, SQLite).

Such a source took whatever its programs wrote. Bytes that are UTF-8 are read as that. Others are
read as Windows-1252, which is what such programs ran on; what is no text in that either (an image,
say) becomes its bytes in hexadecimal after ``\\x``, so that nothing is lost.
"""

from collections.abc import Collection

import pyarrow as pa


def with_text(batch: pa.RecordBatch, names: Collection[str]) -> pa.RecordBatch:
    """The batch with these columns as valid text."""
    arrays = [
        as_text(array) if name in names else array
        for name, array in zip(batch.schema.names, batch.columns, strict=True)
    ]
    return pa.RecordBatch.from_arrays(arrays, names=batch.schema.names)


def as_text(values: pa.Array) -> pa.Array:
    """Bytes as text: at once where all of them are UTF-8, otherwise value by value."""
    is_large = pa.types.is_large_string(values.type) or pa.types.is_large_binary(values.type)
    as_bytes = values.cast(pa.large_binary() if is_large else pa.binary())
    try:
        return as_bytes.cast(pa.large_string() if is_large else pa.string())
    except pa.ArrowInvalid:
        return pa.array([decoded(value) for value in as_bytes.to_pylist()], pa.string())


def decoded(value: bytes | None) -> str | None:
    """One value as text."""
    if value is None:
        return None
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        pass
    try:
        text = value.decode("cp1252")
    except UnicodeDecodeError:
        return f"\\x{value.hex()}"
    is_text = all(char >= " " or char in "\t\r\n" for char in text)
    return text if is_text else f"\\x{value.hex()}"
