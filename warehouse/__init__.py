"""From the lake to a candidate, and from an audited candidate to a published snapshot."""
