"""Bundles: an app in a place without internet, carried to the city as a file (docs/bundles.md)."""
