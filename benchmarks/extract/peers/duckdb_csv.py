"""DuckDB's own CSV reader into a Parquet file: duckdb_csv.py FILE OUT TYPES ENCODING HOW.

HOW is ``decoding``, where DuckDB's extension decodes the file, or ``transcoded``, where it gets
UTF-8, which costs another pass over the file but is the faster way all the same.
"""

import codecs
import importlib.util
import json
import sys
from pathlib import Path

import duckdb

PIECE = 1 << 22


def main(file: str, out: str, types: str, encoding: str, how: str) -> None:
    """Read, write, and print the rows read and the records rejected."""
    con = duckdb.connect()
    con.execute("set preserve_insertion_order = false")
    if how == "transcoded":
        file = transcode(Path(file), Path(f"{out}.utf8"), encoding)
        encoding = "utf-8"
    else:
        load_encodings(con)
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


def load_encodings(con: duckdb.DuckDBPyConnection) -> None:
    """Load the extension from its wheel."""
    found = importlib.util.find_spec("duckdb_extension_encodings")
    if found is None or found.origin is None:
        sys.exit("duckdb-extension-encodings is not installed")
    folder = Path(found.origin).parent / "extensions" / f"v{duckdb.__version__}"
    con.load_extension(str(folder / "encodings.duckdb_extension"))


def transcode(source: Path, target: Path, encoding: str) -> str:
    """Write the file as UTF-8."""
    decoder = codecs.getincrementaldecoder(encoding)()
    with source.open("rb") as read, target.open("wb") as write:
        while piece := read.read(PIECE):
            write.write(decoder.decode(piece).encode())
    return str(target)


if __name__ == "__main__":
    main(*sys.argv[1:6])
