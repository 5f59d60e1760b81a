"""Lineage as OpenLineage run events, in a file beside the candidate: any catalog can read them.

One START and one COMPLETE for every table that was landed and every model that was built; the
COMPLETE says in its ``columnLineage`` facet what each column is made of.
"""

import json
import uuid
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, get_args

from warehouse.manifest import Manifest
from warehouse.trace.field import APP, Catalog, Field, How, Inputs, Made, Relation
from warehouse.trace.models import Models

FILE_NAME = "openlineage.jsonl"

_SPEC = "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent"
_FACETS = "https://openlineage.io/spec/facets"
_COLUMN_LINEAGE = f"{_FACETS}/1-2-0/ColumnLineageDatasetFacet.json#/$defs/ColumnLineageDatasetFacet"
_SCHEMA = f"{_FACETS}/1-1-1/SchemaDatasetFacet.json#/$defs/SchemaDatasetFacet"
_VERSION = f"{_FACETS}/1-0-1/DatasetVersionDatasetFacet.json#/$defs/DatasetVersionDatasetFacet"
_JOB_TYPE = f"{_FACETS}/2-0-3/JobTypeJobFacet.json#/$defs/JobTypeJobFacet"
_PARENT = f"{_FACETS}/1-0-1/ParentRunFacet.json#/$defs/ParentRunFacet"

_WAREHOUSE, _LAKE, _APP = "x-kota://warehouse", "x-kota://lake", "x-kota://app/"
_DIRECT = ("IDENTITY", "TRANSFORMATION", "AGGREGATION")


def write_events(
    path: Path, lineage: Iterable[Made], catalog: Catalog, manifest: Manifest, models: Models
) -> None:
    """Write what every relation of a candidate is made of. Raises ``OSError`` or ``ValueError``."""
    times = _times(path.parent / "dbt" / "run_results.json")
    with path.open("w", encoding="utf-8") as file:
        for made in lineage:
            for event in _events(made, catalog, manifest, models, times):
                file.write(json.dumps(event, ensure_ascii=False) + "\n")


def read_events(path: Path) -> Iterator[Made]:
    """What the events in a file say of every relation. Raises ``OSError`` or ``ValueError``."""
    with path.open(encoding="utf-8") as file:
        for line in file:
            event = json.loads(line)
            if event["eventType"] == "COMPLETE":
                yield from (_made(output) for output in event["outputs"])


def _made(output: Mapping[str, Any]) -> Made:
    facet = output["facets"]["columnLineage"]
    columns: dict[str, Inputs] = {}
    masked = set()
    for name, made_of in facet["fields"].items():
        columns[name] = {}
        for one in made_of["inputFields"]:
            columns[name][_field(one)] = _how(one)
            if one["transformations"][0]["masking"]:
                masked.add(name)
    rows = {_field(one): _how(one) for one in facet.get("dataset", ())}
    return Made(_relation(output), columns, rows, frozenset(masked))


def _field(one: Mapping[str, Any]) -> Field:
    return Field(_relation(one), one["field"])


def _how(one: Mapping[str, Any]) -> How:
    how: How = one["transformations"][0]["subtype"]
    if how not in get_args(How):
        raise ValueError(f"unknown transformation {how}")
    return how


def _events(
    made: Made,
    catalog: Catalog,
    manifest: Manifest,
    models: Models,
    times: Mapping[str, tuple[str, str]],
) -> Iterator[dict[str, Any]]:
    producer = f"x-kota://code/{manifest.code_version}"
    model = models.by_relation[made.relation]
    built_at = manifest.built_at.isoformat()
    started, completed = times.get(model.id, (built_at, built_at))
    build = {"namespace": "x-kota://jobs", "name": "build"}

    def facet(schema: str, **content: object) -> dict[str, object]:
        return {"_producer": producer, "_schemaURL": schema, **content}

    job_type = facet(
        _JOB_TYPE,
        processingType="BATCH",
        integration="KOTA" if model.kind == "source" else "DBT",
        jobType="LANDING" if model.kind == "source" else "MODEL",
    )
    common = {
        "run": {
            "runId": _run_id(manifest.id, model.id),
            "facets": {
                "parent": facet(_PARENT, run={"runId": _run_id(manifest.id, "build")}, job=build)
            },
        },
        "job": {
            "namespace": "x-kota://jobs",
            "name": model.id,
            "facets": {"jobType": job_type},
        },
        "producer": producer,
        "schemaURL": _SPEC,
    }
    column_lineage = facet(
        _COLUMN_LINEAGE,
        fields={
            name: {"inputFields": _input_fields(inputs, name in made.masked)}
            for name, inputs in made.columns.items()
        },
        dataset=_input_fields(made.rows),
    )
    types = catalog.get(made.relation, {})
    facets = {
        "schema": facet(_SCHEMA, fields=[{"name": n, "type": t} for n, t in types.items()]),
        "columnLineage": column_lineage,
    }
    version = manifest.lake.get(f"{made.relation.app}.{made.relation.name}")
    if version is not None:
        facets["version"] = facet(_VERSION, datasetVersion=str(version))
    output = {**_dataset(made.relation), "facets": facets}
    inputs = [_dataset(relation) for relation in _relations(made)]
    yield {"eventType": "START", "eventTime": started, **common, "inputs": inputs, "outputs": []}
    yield {
        "eventType": "COMPLETE",
        "eventTime": completed,
        **common,
        "inputs": inputs,
        "outputs": [output],
    }


def _relations(made: Made) -> Iterable[Relation]:
    columns = (field for inputs in made.columns.values() for field in inputs)
    return sorted({field.relation for field in columns} | {f.relation for f in made.rows})


def _input_fields(inputs: Inputs, is_masked: bool = False) -> list[dict[str, Any]]:
    return [
        {
            **_dataset(field.relation),
            "field": field.column,
            "transformations": [
                {
                    "type": "DIRECT" if how in _DIRECT else "INDIRECT",
                    "subtype": how,
                    "masking": is_masked,
                }
            ],
        }
        for field, how in sorted(inputs.items())
    ]


def _dataset(relation: Relation) -> dict[str, str]:
    if relation.schema.startswith(APP):
        return {
            "namespace": f"{_APP}{relation.schema.removeprefix(APP)}",
            "name": relation.name,
        }
    if relation.app is not None:
        return {"namespace": _LAKE, "name": f"{relation.app}.{relation.name}"}
    return {"namespace": _WAREHOUSE, "name": str(relation)}


def _relation(dataset: Mapping[str, Any]) -> Relation:
    namespace, name = dataset["namespace"], dataset["name"]
    if namespace.startswith(_APP):
        return Relation(f"{APP}{namespace.removeprefix(_APP)}", name)
    schema, _, table = name.partition(".")
    return Relation(f"lake_{schema}" if namespace == _LAKE else schema, table)


def _run_id(candidate: str, job: str) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"x-kota://run/{candidate}/{job}"))


def _times(run_results: Path) -> dict[str, tuple[str, str]]:
    """When each node began and ended, by dbt's own record."""
    times: dict[str, tuple[str, str]] = {}
    for result in json.loads(run_results.read_text("utf-8"))["results"]:
        for part in result.get("timing", ()):
            if part["name"] == "execute" and part.get("completed_at"):
                times[result["unique_id"]] = (part["started_at"], part["completed_at"])
    return times
