"""The specification of beech, as tests: each name is a sentence of it."""
