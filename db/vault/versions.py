"""The version of the tables, apart from their definition so that opening a file need not load it."""

SCHEMA = 5
