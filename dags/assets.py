"""The assets that join the DAGs: one per app's part of the lake, one for the published snapshot."""

from airflow.sdk import Asset

# Logical addresses: a file path would change with the installation, and Airflow deactivates an
# asset whose address changes under the same name.
PUBLISHED = Asset(name="published", uri="x-kota://published", group="warehouse")


def lake_asset(app_id: str) -> Asset:
    """The lake tables of one app; an event means "there is something new to publish"."""
    return Asset(name=f"lake_{app_id}", uri=f"x-kota://lake/{app_id}", group="lake")
