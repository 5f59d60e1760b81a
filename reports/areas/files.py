"""Where the shapes are: ours in git, the city's own beside the published snapshots.

Superset may be a container of its own that sees of the pipeline's state only what is published.
"""

from pathlib import Path

from kota.settings import Settings


def approximate_shapes(settings: Settings) -> Path:
    """The approximation that comes with the project."""
    return settings.root / "reports" / "areas" / "approximate.geojson"


def official_shapes(settings: Settings) -> Path:
    """The boundaries that the city imported; where this file is, it is what maps draw."""
    return settings.published_dir / "areas.geojson"
