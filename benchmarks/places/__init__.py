"""Measure how well places are told, against the demo city's truth."""
