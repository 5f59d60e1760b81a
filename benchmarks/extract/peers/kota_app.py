"""kota: extract one app and say what it did: kota_app.py APP. Runs in kota's own environment."""

import json
import sys

from connectors.extract import extract_app
from connectors.registry import load_app
from kota.settings import get_settings


def main(name: str) -> None:
    """Print the result as JSON."""
    settings = get_settings()
    result = extract_app(load_app(settings.apps_dir / f"{name}.yml"), settings)
    print(json.dumps([result.model_dump(mode="json")]))
    if result.failed:
        sys.exit(result.failed[0].message)


if __name__ == "__main__":
    main(sys.argv[1])
