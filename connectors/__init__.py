"""A legacy app in, change records out."""
