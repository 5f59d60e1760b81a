"""From a published number to the rows at its sources, and back."""
