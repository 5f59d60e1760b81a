"""Which format a file has, and opening it."""

from pathlib import PurePosixPath

from connectors.files.format_csv import CsvFile
from connectors.files.format_dbf import DbfFile
from connectors.files.format_excel import ExcelFile
from connectors.files.format_fixed import FixedFile
from connectors.files.format_json import JsonFile
from connectors.files.format_parquet import ParquetFile
from connectors.files.format_xml import XmlFile
from connectors.files.opened import FileAsked, OpenedFile
from connectors.files.spec import FormatName

SUFFIXES: dict[str, FormatName] = {
    ".csv": "csv", ".tsv": "csv", ".txt": "csv", ".xlsx": "xlsx", ".xlsm": "xlsx", ".xls": "xls",
    ".dbf": "dbf", ".xml": "xml", ".jsonl": "jsonl", ".ndjson": "jsonl", ".json": "json",
    ".parquet": "parquet",
}  # fmt: skip


def open_file(asked: FileAsked) -> OpenedFile:
    """The file, opened as what the registry or its suffix says it is. Raises ``SourceError``."""
    suffix = PurePosixPath(asked.name).suffix.lower()
    said = asked.source.format or ("fixed" if asked.source.fixed else SUFFIXES.get(suffix))
    match said:
        case "csv":
            return CsvFile(asked)
        case "xlsx" | "xls":
            return ExcelFile(asked)
        case "dbf":
            return DbfFile(asked)
        case "xml":
            return XmlFile(asked)
        case "jsonl" | "json":
            return JsonFile(asked, is_lines=said == "jsonl")
        case "parquet":
            return ParquetFile(asked)
        case "fixed":
            return FixedFile(asked)
    raise asked.error("has a suffix that says no format; set format in the registry")
