"""Text of a database that does not know its own encoding (SQL_ASCII): it arrives as bytes.

Such a database took whatever its programs wrote. Bytes that are UTF-8 are read as that; others are
read as Windows-1252, which is what such programs ran on.
"""

from collections.abc import Collection

import pyarrow as pa


def with_text(batch: pa.RecordBatch, names: Collection[str]) -> pa.RecordBatch:
    """The batch with these columns as text."""
    arrays = [
        as_text(array) if name in names and pa.types.is_binary(array.type) else array
        for name, array in zip(batch.schema.names, batch.columns, strict=True)
    ]
    return pa.RecordBatch.from_arrays(arrays, names=batch.schema.names)


def as_text(values: pa.Array) -> pa.Array:
    """Bytes as text: at once where all of them are UTF-8, otherwise value by value."""
    try:
        return values.cast(pa.string())
    except pa.ArrowInvalid:
        return pa.array([_decoded(value) for value in values.to_pylist()], pa.string())


def _decoded(value: bytes | None) -> str | None:
    if value is None:
        return None
    for encoding in ("utf-8", "cp1252"):
        try:
            return value.decode(encoding)
        except UnicodeDecodeError:
            continue
    return value.decode("latin-1")  # five bytes mean nothing in Windows-1252
