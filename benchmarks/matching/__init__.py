"""Measure how well citizens are matched across apps, against the demo city's truth."""
