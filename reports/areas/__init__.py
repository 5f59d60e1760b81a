"""The boundaries that maps draw: the city's official ones, or an approximation of ours."""
