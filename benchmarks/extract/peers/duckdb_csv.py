"""DuckDB's own CSV reader into a Parquet file: duckdb_csv.py FILE OUT TYPES ENCODING HOW.

HOW is ``transcoded``, where it gets UTF-8, or ``as latin-1``, which it decodes by itself. For
cp1252 it needs an extension that no package index has.
"""

import codecs
import json
import sys
from pathlib import Path

import duckdb

from kota.settings import Settings

PIECE = 1 << 22


def main(file: str, out: str, types: str, encoding: str, how: str) -> None:
    """Read, write, and print the rows read and the records rejected."""
    con = duckdb.connect(config={"threads": Settings().threads})
    con.execute("set preserve_insertion_order = false")
    if how == "transcoded":
        file = transcode(Path(file), Path(f"{out}.utf8"), encoding)
        encoding = "utf-8"
    else:
        encoding = "latin-1"
    columns = ", ".join(f"'{name}': '{kind}'" for name, kind in json.loads(types).items())
    con.execute(
        f"copy (select * from read_csv('{file}', delim = ';', quote = '\"', header = true, "
        f"encoding = '{encoding}', columns = {{{columns}}}, store_rejects = true, "
        f"auto_detect = false, new_line = '\\r\\n', rejects_limit = 0)) "
        f"to '{out}' (format parquet, compression zstd)"
    )
    row = con.execute(f"select count(*) from '{out}'").fetchone()
    rejected = con.execute("select count(distinct line) from reject_errors").fetchone()
    print(json.dumps([row[0] if row else 0, rejected[0] if rejected else 0]))


def transcode(source: Path, target: Path, encoding: str) -> str:
    """Write the file as UTF-8."""
    decoder = codecs.getincrementaldecoder(encoding)()
    with source.open("rb") as read, target.open("wb") as write:
        while piece := read.read(PIECE):
            write.write(decoder.decode(piece).encode())
    return str(target)


if __name__ == "__main__":
    main(*sys.argv[1:6])
