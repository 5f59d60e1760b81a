"""One citizen across apps: which mentions of people are the same person, and how sure that is.

Exact by NIK where the name or birth date agrees, then by weight of evidence (Splink), then a person
keeps the id of the night before. ``docs/decisions/0015-persons.md`` says why.
"""
