"""The audit: what is checked before officials may read it, and the verdict on it."""
