"""Who takes part: how each is started, what it writes, and how its rows are counted."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
from deltalake import DeltaTable

from benchmarks.extract import requests_table as data
from benchmarks.extract.environments import (
    Environment,
    environment,
    locked_version,
    own_environment,
    own_version,
)
from benchmarks.extract.kota_run import Kota
from benchmarks.extract.measure import Measurement, measure
from benchmarks.extract.sources import Source
from kota.settings import PROJECT_ROOT

APP = "app"
PARQUET = "Parquet, not committed"


@dataclass(frozen=True)
class Job:
    """One extraction of the large table into an empty folder."""

    source: Source
    folder: Path


class Contender(ABC):
    """A way to get a table out of a database."""

    name: str
    target: str
    """What it writes."""
    version: str
    writes: bool = True

    def prepare(self) -> None:
        """Install it. Raises ``NotInstalledError``."""
        return

    @abstractmethod
    def run(self, job: Job) -> Measurement:
        """Extract, in a process of its own."""

    @abstractmethod
    def count(self, job: Job) -> int:
        """How many rows it wrote."""


class KotaContender(Contender):
    """What this project does."""

    name = "kota"
    target = "Delta, row hashes, ledger"
    version = own_version("kota")

    def run(self, job: Job) -> Measurement:
        kota = Kota(job.folder / "home")
        table = {"key": [data.KEY], "mode": "incremental", "cursor": data.CURSOR}
        kota.register(APP, job.source.reader_uri, {data.TABLE: table}, **schema_of(job.source))
        return kota.extract(APP, job.source.process)

    def count(self, job: Job) -> int:
        return _delta_rows(job.folder / "home" / "lake" / APP / data.TABLE)


class Script(Contender):
    """A script of ``peers/`` in an environment of its own."""

    module: str
    out: str
    peer: str | None = None
    """None: in kota's environment."""

    def prepare(self) -> None:
        self._environment()

    def run(self, job: Job) -> Measurement:
        return measure(
            [self._environment().python, "-m", self.module, *self.arguments(job)],
            {"BENCHMARK_URI": job.source.reader_uri, "RUNTIME__DLTHUB_TELEMETRY": "false"},
            PROJECT_ROOT,
            server=job.source.process,
        )

    def _environment(self) -> Environment:
        return environment(self.peer) if self.peer else own_environment()

    def arguments(self, job: Job) -> Sequence[str]:
        """What the script is given."""
        return [data.TABLE, str(job.folder / self.out)]


class WireFloor(Script):
    """The server sends everything and nobody looks at it."""

    name = "protocol floor"
    target = "nothing"
    version = ""
    writes = False
    module = "benchmarks.extract.peers.wire_floor"
    out = ""

    def count(self, job: Job) -> int:
        raise NotImplementedError("the floor keeps nothing")


class DuckdbCopy(Script):
    """DuckDB's scanner and its Parquet writer, with nothing around."""

    name = "DuckDB COPY"
    target = PARQUET
    version = own_version("duckdb")
    module = "benchmarks.extract.peers.duckdb_copy"
    out = "table.parquet"

    def count(self, job: Job) -> int:
        return _parquet_rows(job.folder)


class Connectorx(Script):
    """connectorx as a stream into delta-rs."""

    name = "connectorx, streaming"
    target = "Delta"
    version = locked_version("connectorx", "connectorx")
    peer = "connectorx"
    module = "benchmarks.extract.peers.connectorx_stream"
    out = "table"

    def count(self, job: Job) -> int:
        return _delta_rows(job.folder / self.out)


class Dlt(Script):
    """dlt's filesystem destination."""

    peer = "dlt"
    version = locked_version("dlt", "dlt")
    module = "benchmarks.extract.peers.dlt_table"
    out = "out"

    def __init__(self, backend: str, table_format: str) -> None:
        self.backend = backend
        self.format = table_format
        self.name = f"dlt, {backend}, {table_format}"
        self.target = "Delta" if table_format == "delta" else "Parquet, load package"

    def arguments(self, job: Job) -> Sequence[str]:
        return [self.backend, self.format, *super().arguments(job)]

    def count(self, job: Job) -> int:
        folder = job.folder / self.out / "lake" / data.TABLE
        return _delta_rows(folder) if self.format == "delta" else _parquet_rows(folder)


class Ingestr(Contender):
    """ingestr into a local Parquet file."""

    name = "ingestr"
    target = PARQUET
    version = locked_version("ingestr", "ingestr")

    def prepare(self) -> None:
        environment("ingestr").program("ingestr")

    def run(self, job: Job) -> Measurement:
        words = {
            "SOURCE_URI": job.source.reader_uri.replace("postgres://", "postgresql://"),
            "SOURCE_TABLE": f"{job.source.schema}.{data.TABLE}",
            "DESTINATION_URI": f"parquet://{job.folder / 'table.parquet'}",
            "DESTINATION_TABLE": f"lake.{data.TABLE}",
            "PIPELINES_DIR": str(job.folder / "state"),
            "INGESTR_DISABLE_TELEMETRY": "true",
        }
        program = environment("ingestr").program("ingestr")
        command = [program, "ingest", "--yes", "--progress", "log"]
        return measure(command, words, job.folder, server=job.source.process)

    def count(self, job: Job) -> int:
        return _parquet_rows(job.folder)


class Sling(Contender):
    """sling into a local Parquet file."""

    name = "sling"
    target = PARQUET
    version = locked_version("sling", "sling-linux-amd64")

    def prepare(self) -> None:
        environment("sling").program("sling-linux-amd64")

    def run(self, job: Job) -> Measurement:
        program = environment("sling").program("sling-linux-amd64")
        command = [
            program,
            "run",
            "--src-conn",
            "BENCHMARK_SOURCE",
            "--src-stream",
            f"{job.source.schema}.{data.TABLE}",
            "--tgt-object",
            f"file://{job.folder / 'table.parquet'}",
        ]
        is_postgres = job.source.technology == "postgres"
        words = {
            "BENCHMARK_SOURCE": job.source.reader_uri + ("?sslmode=disable" if is_postgres else ""),
            # Its own Parquet writer; otherwise it downloads a DuckDB.
            "SLING_DUCKDB_COMPUTE": "false",
            "SLING_HOME_DIR": str(job.folder / "sling"),
            "SLING_DISABLE_TELEMETRY": "true",
        }
        return measure(command, words, job.folder, server=job.source.process)

    def count(self, job: Job) -> int:
        return _parquet_rows(job.folder)


def contenders() -> dict[str, Contender]:
    """All of them, by the name that chooses them on the command line."""
    return {
        "floor": WireFloor(),
        "kota": KotaContender(),
        "duckdb": DuckdbCopy(),
        "connectorx": Connectorx(),
        "dlt-connectorx": Dlt("connectorx", "parquet"),
        "dlt-connectorx-delta": Dlt("connectorx", "delta"),
        "dlt-pyarrow": Dlt("pyarrow", "parquet"),
        "ingestr": Ingestr(),
        "sling": Sling(),
    }


def schema_of(source: Source) -> dict[str, str]:
    """What a registry file has to say about the schema."""
    return {"schema": source.schema} if source.technology == "postgres" else {}


def _delta_rows(folder: Path) -> int:
    files = DeltaTable(str(folder)).file_uris()
    return _count(files)


def _parquet_rows(folder: Path) -> int:
    return _count([str(path) for path in folder.rglob("*.parquet")])


def _count(files: Sequence[str]) -> int:
    if not files:
        return 0
    row = duckdb.execute("select count(*) from read_parquet($files)", {"files": files}).fetchone()
    return int(row[0]) if row else 0
