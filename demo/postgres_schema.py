"""What a legacy app's makers created in PostgreSQL."""

from dataclasses import dataclass


@dataclass(frozen=True)
class PostgresSchema:
    """One app's schema: its name, and what creates its tables and their indexes."""

    name: str
    tables: dict[str, str]
    indexes: tuple[str, ...]
