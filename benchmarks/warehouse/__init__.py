"""The warehouse at the size of a large city: a full build, a night, and the same night in full."""
