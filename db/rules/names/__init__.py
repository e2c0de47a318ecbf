"""Names as they are said, spelled and shortened: folding, parts, classes of forms, likeness.

A name is compared part by part and in any order; spelling by ear, short and street forms count.
No name is ever decided on alone; `db.rules.matching` weighs what is found here.
"""

from db.rules.names.align import Pairing, likeness, pair
from db.rules.names.classes import classes, with_forms
from db.rules.names.forms import Kind, Likeness, compare
from db.rules.names.heard import Places, heard, less_one, places
from db.rules.names.letters import fold
from db.rules.names.parts import alternatives, parts
from db.rules.names.sounds import skeleton, spoken

__all__ = [
    "Kind",
    "Likeness",
    "Pairing",
    "Places",
    "alternatives",
    "classes",
    "compare",
    "fold",
    "heard",
    "less_one",
    "likeness",
    "pair",
    "parts",
    "places",
    "skeleton",
    "spoken",
    "with_forms",
]
