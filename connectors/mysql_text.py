"""Text that is not valid UTF-8, although the server says it is."""

import pyarrow as pa


def valid_text(batch: pa.RecordBatch) -> pa.RecordBatch:
    """The batch with every broken byte of a text spelt as ``\\xe9``; nothing else is touched.

    Old servers took any bytes for text, and hand them out unchecked. One such value would make a
    whole Parquet file unreadable. The check reads each text once, at memory speed.
    """
    for number, column in enumerate(batch.columns):
        if pa.types.is_string(column.type) and not _is_valid(column):
            values = column.cast(pa.binary()).to_pylist()
            texts = [None if v is None else v.decode("utf-8", "backslashreplace") for v in values]
            batch = batch.set_column(
                number, batch.schema.field(number), pa.array(texts, pa.string())
            )
    return batch


def has_valid_text(batch: pa.RecordBatch) -> bool:
    """Whether every text of the batch is valid UTF-8."""
    return all(_is_valid(column) for column in batch.columns if pa.types.is_string(column.type))


def _is_valid(column: pa.Array) -> bool:
    try:
        column.validate(full=True)
    except pa.ArrowInvalid:
        return False
    return True
