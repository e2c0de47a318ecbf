"""The specification of beech, as tests: each name is a sentence of it.

Their units are of the least key stretching that Argon2id has, and in the tests a file may ask for that. What
the program itself asks for and obeys is proven in processes that know nothing of this (``desk.REAL``).
"""

from db.vault import keys

ASKED = keys.DEFAULT  # passes, bytes
CHEAP = (1, 8192)

keys.MODERATE = keys.DEFAULT = CHEAP
