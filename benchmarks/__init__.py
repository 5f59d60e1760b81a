"""Measurements, each runnable by one command; never part of the tests."""
