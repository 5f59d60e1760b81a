"""Everything that runs inside Superset's own environment; the pipeline never imports this."""
