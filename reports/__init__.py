"""What officials see: Superset as code, and the pipeline's side of deploying and serving it."""
