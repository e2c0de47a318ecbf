"""What a unit may settle for itself, and within what bounds. Pure rules; the values stand in the journal.

A floor cannot be loosened, and what beech never holds and where it stops cannot be named at all.
"""

from db.rules.settings.catalogue import CATALOGUE, GROUP_LEAST, Setting, default, kept, vocabulary_of

__all__ = [
    "CATALOGUE",
    "GROUP_LEAST",
    "Setting",
    "default",
    "kept",
    "vocabulary_of",
]
