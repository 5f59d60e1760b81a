"""The JSON Schema of a registry file, for editors: `kota sources schema`."""

import json

from connectors.registry import App


def registry_schema() -> str:
    """The schema as it stands in ``connectors/app.schema.json``."""
    schema = App.model_json_schema(by_alias=True)
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["title"] = "A legacy app in kota's registry"
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
