"""What this Superset is told from outside: every value from the environment, read in one place."""

import os
from pathlib import Path


class MissingSettingError(RuntimeError):
    """A required environment variable is not set."""


def required(name: str) -> str:
    """The variable's value. Raises ``MissingSettingError`` naming it when unset or empty."""
    value = os.environ.get(name)
    if not value:
        raise MissingSettingError(f"the environment variable {name} must be set")
    return value


SECRET_KEY = required("SUPERSET_SECRET_KEY")
DATABASE_URI = required("SUPERSET_DATABASE_URI")
SUPERSET_HOME = Path(required("SUPERSET_HOME"))
PUBLIC_URL = os.environ.get("SUPERSET_PUBLIC_URL", "http://127.0.0.1:8088")

PUBLISHED_LINK = Path(required("KOTA_HOME")) / "published" / "current"
PUBLISHED_DATABASE = PUBLISHED_LINK / "kota.duckdb"
OFFICIAL_SHAPES = Path(required("KOTA_HOME")) / "published" / "areas.geojson"
APPROXIMATE_SHAPES = Path(__file__).resolve().parent.parent / "areas" / "approximate.geojson"
CITY_NAME = required("KOTA_CITY_NAME")
TIMEZONE = required("KOTA_TIMEZONE")
# Where a map opens: "latitude longitude zoom".
MAP_VIEW = required("KOTA_MAP_VIEW").split()
THREADS = os.environ.get("KOTA_THREADS", "2")
# Whether people who have not signed in are shown the city's open indicators.
PUBLIC = os.environ.get("KOTA_PUBLIC_INDICATORS") == "true"
MEMORY_LIMIT = os.environ.get("KOTA_MEMORY_LIMIT", "512MB")

TRANSLATIONS_DIR = SUPERSET_HOME / "translations"
BROWSER_DIR = SUPERSET_HOME / "browser"
