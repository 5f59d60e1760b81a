"""The record: what was done and found, chained so that nothing can be changed or taken away."""
