"""XML: an element a row. Nothing is fetched, no entity is expanded."""

from collections.abc import Iterator, Sequence
from typing import Any

import pyarrow as pa
from lxml import etree

from connectors.files.opened import FileAsked, OpenedFile, batched_records, text_columns
from connectors.rest_json import written
from lake.column import Column


class XmlFile(OpenedFile):
    """One XML file, streamed: of the tree, only the row at hand is held."""

    names_every_column = False

    def __init__(self, asked: FileAsked) -> None:
        super().__init__(asked)
        if asked.source.xml is None:
            raise asked.error("needs `xml: {row: …}` in the registry: the element that is a row")
        self._row_path = asked.source.xml.row.strip("/").split("/")
        names = dict.fromkeys(name for _, row in self._elements() for name, _ in _parts(row))
        self._names = list(names)
        if not self._names:
            self.notes.append(f"{asked.name}: there is no element {asked.source.xml.row} in it")

    @property
    def columns(self) -> list[Column]:
        """Attributes and children of all rows, and what the registry gives a path to."""
        return text_columns(dict.fromkeys([*self._names, *self.asked.paths]))

    def batches(self, wanted: Sequence[str]) -> Iterator[pa.RecordBatch]:
        """Stream the rows as text; a child with children of its own stays XML."""
        yield from batched_records(wanted, self._records(), self.asked.source.null_texts)

    def _records(self) -> Iterator[tuple[int, dict[str, str | None]]]:
        for number, row in self._elements():
            record: dict[str, str | None] = {}
            for name, values in _grouped(row).items():
                record[name] = values[0] if len(values) == 1 else written(values)
            for name, path in self.asked.paths.items():
                record[name] = _at(row, path)
            yield number, record

    def _elements(self) -> Iterator[tuple[int, Any]]:
        """Row elements with their number, which is their place among the rows."""
        number = 0
        stack: list[str] = []
        try:
            events = etree.iterparse(
                str(self.asked.path),
                events=("start", "end"),
                resolve_entities=False,
                no_network=True,
                load_dtd=False,
                huge_tree=False,
                remove_comments=True,
                remove_pis=True,
            )
            for event, element in events:
                if event == "start":
                    stack.append(_name(element))
                    continue
                is_row = stack[-len(self._row_path) :] == self._row_path
                stack.pop()
                if is_row:
                    number += 1
                    yield number, element
                    element.clear()
                    while element.getprevious() is not None:
                        del element.getparent()[0]
        except etree.XMLSyntaxError as error:
            raise self.asked.error(f"is not sound XML in line {error.lineno}") from None
        except OSError as error:
            raise self.asked.error(f"can't be read: {error.strerror}") from None


def _name(element: Any) -> str:
    """The name without its namespace, which senders change and nobody means."""
    return str(etree.QName(element).localname)


def _parts(row: Any) -> Iterator[tuple[str, str | None]]:
    for key, value in row.attrib.items():
        yield str(etree.QName(key).localname), str(value)
    for child in row:
        if isinstance(child.tag, str):
            yield _name(child), _content(child)


def _grouped(row: Any) -> dict[str, list[str | None]]:
    grouped: dict[str, list[str | None]] = {}
    for name, value in _parts(row):
        grouped.setdefault(name, []).append(value)
    return grouped


def _content(element: Any) -> str | None:
    if len(element) == 0:
        return (element.text or "").strip() or None
    return str(etree.tostring(element, encoding="unicode", with_tail=False))


def _at(row: Any, path: str) -> str | None:
    """The value at ``alamat/kota`` or ``alamat/@kode``; several are a JSON list."""
    found = [row]
    for step in path.strip("/").split("/"):
        if step.startswith("@"):
            values = [
                str(value)
                for element in found
                for key, value in element.attrib.items()
                if etree.QName(key).localname == step[1:]
            ]
            break
        found = [
            child
            for element in found
            for child in element
            if isinstance(child.tag, str) and _name(child) == step
        ]
    else:
        values = [text for element in found if (text := _content(element)) is not None]
    return values[0] if len(values) == 1 else (written(values) if values else None)
