"""Contacts: one is logged with the women in it, and what she said of a man is matched at once.

A form's contact is read (``read``), saved whole (``save``) and taken back whole (``take_back``).
"""

from db.engagements.answers import (
    Known,
    Stopped,
    age_band,
    read_answer,
    read_new_person,
    read_sentence,
    who,
)
from db.engagements.duties import UNDER_18, Duty, duties, keep_the_man, take_out
from db.engagements.form import NEW, Contact, Fault, Typed, TypedConcern, read
from db.engagements.reassigning import Reassigned, reassign
from db.engagements.recording import Saved, save, take_back
from db.engagements.saving import add, amend, log, look_for
from db.engagements.whom import LEAST, Lately, Somebody, alike, lately, suggest

__all__ = [
    "LEAST",
    "NEW",
    "UNDER_18",
    "Contact",
    "Duty",
    "Fault",
    "Known",
    "Lately",
    "Reassigned",
    "Saved",
    "Somebody",
    "Stopped",
    "Typed",
    "TypedConcern",
    "add",
    "age_band",
    "amend",
    "duties",
    "keep_the_man",
    "take_out",
    "alike",
    "lately",
    "log",
    "look_for",
    "read",
    "read_answer",
    "read_new_person",
    "read_sentence",
    "reassign",
    "save",
    "suggest",
    "take_back",
    "who",
]
