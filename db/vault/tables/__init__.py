"""The tables' text. The journal's is only added to; a projection's may change with a new schema version.

Every projection's foreign keys point at ``record`` alone, and each kind's columns stand in the order of its
fields. Checks say ``or``, not ``in``: a list of three or more builds a table for every row that is inserted.
"""

from db.vault.tables.drafts import DRAFTS
from db.vault.tables.hers import HERS
from db.vault.tables.his import HIS
from db.vault.tables.journal import JOURNAL
from db.vault.tables.likeness import LIKENESS
from db.vault.tables.unit import UNIT
from db.vault.tables.words import WORDS

__all__ = ["DRAFTS", "JOURNAL", "PROJECTIONS"]

PROJECTIONS = HERS + HIS + UNIT + WORDS + LIKENESS
