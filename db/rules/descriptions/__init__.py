"""What a witness says of a man, read into codes: age, height, looks, marks, ways of doing, vehicles.

Words come from the CSV files beside this one; what they do not know is kept as a word of its own.
"""

from db.rules.descriptions.ages import read_age
from db.rules.descriptions.cars import Car, read_vehicle
from db.rules.descriptions.heights import read_height
from db.rules.descriptions.lexicon import Lexicon, lexicon
from db.rules.descriptions.looks import read_codes, read_hair
from db.rules.descriptions.marks import read_marks, read_ways
from db.rules.descriptions.speech import words

__all__ = [
    "Car",
    "Lexicon",
    "lexicon",
    "read_age",
    "read_codes",
    "read_hair",
    "read_height",
    "read_marks",
    "read_vehicle",
    "read_ways",
    "words",
]
