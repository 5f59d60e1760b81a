"""Put work on the lake on record that replaces or removes files: what left, left on purpose."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from kota.settings import Settings
from record.chain import Kind, RecordError
from record.pins import pin_anew, pin_erasures, pin_new, table_path, tables_there
from record.write import begin, writing


@contextmanager
def on_record(
    settings: Settings, kind: Kind, apps: Sequence[str], *, may_rebuild: bool = False
) -> Iterator[dict[str, Any]]:
    """What happens inside becomes one entry, also when it ends half-way.

    The entry has the commits made in the tables of these apps, the names of the files that went,
    and what the caller puts into the payload: names and counts, never a value. ``may_rebuild``
    says that a quarantine may be made anew, as an erasure does.
    """
    begin(settings)
    before = {name: _files(settings, name) for name in tables_there(settings, apps)}
    payload: dict[str, Any] = {"is_complete": False}
    try:
        yield payload
        payload["is_complete"] = True
    finally:
        removed = {name: sorted(files - _files(settings, name)) for name, files in before.items()}
        payload["files_removed"] = {name: files for name, files in removed.items() if files}
        names = tables_there(settings, apps)
        with writing(settings) as writer:
            if may_rebuild:
                payload["tables"] = pin_anew(settings, names, writer.oldest_first())
                payload["erasures"] = pin_erasures(settings)
            else:
                payload["tables"] = pin_new(settings, names, writer.newest_first())
            writer.append(kind, payload)


def accept(settings: Settings, names: Sequence[str], reason: str, by: str) -> None:
    """Put on record that a person takes tables as they are, and that snapshots are gone.

    After a table was moved away or brought back from a copy, or a disk was lost. What was there
    before stays in the record, and so does who said so. Raises ``RecordError``.
    """
    tables = [name for name in names if "." in name]
    snapshots = [name for name in names if "." not in name]
    if kept := [name for name in snapshots if (settings.published_dir / name).exists()]:
        raise RecordError(f"snapshot {kept[0]} is there: only one that is gone can be accepted")
    with writing(settings) as writer:
        pins = pin_anew(settings, tables, writer.oldest_first())
        gone = [name for name in tables if name not in pins]
        payload = {"reason": reason, "by": by, "tables": pins, "tables_gone": gone}
        payload["snapshots_gone"] = snapshots
        writer.append("acceptance", payload)


def _files(settings: Settings, name: str) -> set[str]:
    return {path.name for path in table_path(settings, name).glob("*.parquet")}
