"""The Indonesian catalogue, compiled from ``reports/translations`` into Superset's home folder."""

import json
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

DOMAIN = "messages"
SOURCE = Path(__file__).resolve().parent.parent / "translations"


def compile_translations(source: Path, target: Path) -> int:
    """Write a ``.mo`` (server) and a ``.json`` (browser) for each ``<language>`` under ``source``.

    Returns the number of translated texts. Raises ``babel.messages.pofile.PoFileError`` on a
    catalogue that is not valid.
    """
    translated = 0
    for po_file in sorted(source.glob(f"*/LC_MESSAGES/{DOMAIN}.po")):
        with po_file.open("rb") as lines:
            catalog = read_po(lines, abort_invalid=True)
        folder = target / po_file.parent.relative_to(source)
        folder.mkdir(parents=True, exist_ok=True)
        compiled = BytesIO()
        write_mo(compiled, catalog)
        _replace(folder / f"{DOMAIN}.mo", compiled.getvalue())

        texts = dict(_text(message) for message in catalog if message.id and message.string)
        header = {
            "domain": "superset",
            "lang": po_file.parts[-3],
            "plural_forms": catalog.plural_forms,
        }
        pack = {"domain": "superset", "locale_data": {"superset": {"": header, **texts}}}
        _replace(folder / f"{DOMAIN}.json", json.dumps(pack, ensure_ascii=False).encode())
        translated += len(texts)
    return translated


def _text(message: Message) -> tuple[str, list[str]]:
    """The English text (of a plural, its singular) and the Indonesian one."""
    if isinstance(message.id, str):
        return message.id, [str(message.string)]
    return message.id[0], list(message.string)


def _replace(path: Path, content: bytes) -> None:
    # A running server reads these files: it must never see half of one.
    partial = path.with_suffix(path.suffix + ".part")
    partial.write_bytes(content)
    partial.replace(path)
