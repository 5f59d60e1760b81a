"""A trace as a page that asks nothing of the internet, in the language of those who read it.

It holds no personal data: of the lake's rows, only what is classed as not personal.
"""

from datetime import datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, Template, select_autoescape

from kota.settings import City
from warehouse.trace.field import APP, Field, Relation
from warehouse.trace.origins import Trace

_TEMPLATES = Path(__file__).parent / "templates"
_LAYERS = {
    "marts": "Data terbitan",
    "intermediate": "Data antara",
    "staging": "Data bersih",
    "reference": "Data rujukan",
    "ops": "Catatan kota",
}
_HOW = {
    "IDENTITY": "apa adanya",
    "TRANSFORMATION": "dihitung dari",
    "AGGREGATION": "diringkas dari",
    "FILTER": "menyaring baris",
    "JOIN": "menggabungkan",
    "GROUP_BY": "mengelompokkan",
}
_VERDICTS = {"pass": "lulus", "warn": "lulus dengan catatan", "fail": "gagal"}


def trace_page(found: Trace, city: City) -> str:
    """The page, whole in itself. ``found`` must not have been made to show personal columns."""
    return _template(city.timezone).render(
        trace=found,
        title=f"{found.mart}.{found.column}" if found.column else found.mart,
        city=city,
        how=_HOW,
        verdict=_VERDICTS.get(found.snapshot.verdict, found.snapshot.verdict),
    )


@cache
def _template(timezone: str) -> Template:
    """Compiled once for all marts."""
    zone = ZoneInfo(timezone)

    def when(at: datetime | None) -> str:
        return f"{at.astimezone(zone):%d-%m-%Y %H:%M:%S}" if at else "—"

    def value(one: object) -> str:
        if isinstance(one, datetime):
            return when(one)
        if isinstance(one, float) and one.is_integer():
            return f"{one:.0f}"
        return "—" if one is None else str(one)

    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=select_autoescape(["html", "j2"]),
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(when=when, value=value, name=_name, layer=_layer, field=_field)
    return environment.get_template("trace.html.j2")


def _name(relation: Relation) -> str:
    if relation.schema.startswith(APP):
        return f"{relation.schema.removeprefix(APP)}: {relation.name}"
    return f"{relation.app}.{relation.name}" if relation.app else relation.name


def _field(one: Field) -> str:
    return f"{_name(one.relation)}.{one.column}"


def _layer(relation: Relation) -> str:
    if relation.app is not None:
        return "Danau data"
    if relation.schema.startswith(APP):
        return "Aplikasi sumber"
    return _LAYERS.get(relation.schema, relation.schema)
