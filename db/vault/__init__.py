"""The encrypted file: its keys, its journal and its two doors, write and consult."""
