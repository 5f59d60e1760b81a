"""Append-only change logs, one Delta table per source table; the restricted zone."""
