"""What a chart costs: Superset's answer beside the same SQL straight on DuckDB."""
