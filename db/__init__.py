"""The records and their rules, in three storeys.

rules/   plain rules: no database, no clock, no input or output.
vault/   the encrypted file, its keys and its journal; the only place that names the driver.
*.py     the rooms: one subject each, a function takes the Store first.
"""
