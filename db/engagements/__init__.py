"""Contacts: one is logged with the women in it, and what she said of a man is matched at once."""

from db.engagements.answers import (
    Known,
    Stopped,
    age_band,
    read_answer,
    read_new_person,
    read_sentence,
    who,
)
from db.engagements.saving import log, look_for

__all__ = [
    "Known",
    "Stopped",
    "age_band",
    "log",
    "look_for",
    "read_answer",
    "read_new_person",
    "read_sentence",
    "who",
]
