"""A city in a box: legacy apps with realistic, dirty, seeded data, and the truth about it."""
