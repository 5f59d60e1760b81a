"""Many officials at once, while new snapshots are published."""
