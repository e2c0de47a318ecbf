"""The weights of the matcher, in bits, under one number. They change only with it, never in a unit."""

from dataclasses import dataclass

VERSION = "2"  # named in every ranking, so that a score can be explained years later; "1" had no calibration

# The score is a chance of 100: log2-odds = a + b x (bits - prior), fitted by bench/fit_weights.py on
# invented officers' queries and FEBRL4 among 100,000. It holds for such data; no street was measured.
CALIBRATED = (-2.0, 0.8)


@dataclass(frozen=True, slots=True)
class Coded:
    """What a coded field may count: a cap, the share of near codes, a contradiction."""

    cap: float
    near: float
    against: float


LOCAL_MEN = 30_000  # the floor of the prior: local men who are on no list (matching.md section 7)
CODED = {
    "build": Coded(3.0, 0.4, -1.5),
    "haircolour": Coded(3.2, 0.3, -1.2),
    "hairlength": Coded(2.6, 0.4, -0.9),
    "hairkind": Coded(2.6, 0.3, -0.2),
    "face": Coded(2.2, 0.3, -0.5),
    "accent": Coded(4.6, 0.35, -2.2),
    "eth": Coded(0.8, 0.3, -0.8),
}
COMMON = {
    "n.known": 0.006, "n.other": 0.0005, "type.tattoo": 0.15, "type": 0.05, "site": 0.07, "side": 0.35,
    "thing": 0.02, "w": 0.012, "mo": 0.09, "place": 0.04, "habit": 0.04, "make": 0.06, "make.ford": 0.16,
    "make.vauxhall": 0.16, "model": 0.015, "body": 0.08, "body.hatchback": 0.4, "body.saloon": 0.2,
    "colour": 0.06,
    "colour.silver": 0.2, "colour.black": 0.2, "colour.white": 0.2, "colour.grey": 0.15, "colour.blue": 0.15,
    "colour.red": 0.1, "build": 0.15, "build.medium": 0.35, "haircolour": 0.15, "haircolour.brown": 0.35,
    "haircolour.ginger": 0.04, "haircolour.dyed": 0.03, "hairlength": 0.2, "hairlength.short": 0.45,
    "hairlength.long": 0.06, "hairkind": 0.05, "face": 0.2, "face.clean": 0.4, "accent": 0.03,
    "accent.teesside": 0.4, "accent.northeast": 0.3, "accent.geordie": 0.1, "accent.eeuropean": 0.08,
    "accent.foreign": 0.15, "eth": 0.1, "eth.ic1": 0.6, "p": 0.06,
}  # fmt: skip
WORTH_OF_LIST = 200.0  # how many men the common rates above weigh against the unit's own list

NAME_CAP, NAME_SURE = 13.0, 0.9
NAME_DIFFERS, NAME_SILENT, NAME_OTHER, NAME_OTHER_PART = -4.5, -0.6, -3.2, -1.2
BORN_SAME, BORN_SWAPPED, BORN_DIGIT, BORN_DIFFERS = 13.0, 10.0, 8.0, -5.0
AGE_WORST, HEIGHT_WORST = -8.0, -7.0
MARK_CAP, MARKS_CAP, MARK_FADE = 8.5, 18.0, 0.8
WAY_CAP, WAYS_CAP, WAY_FADE = 3.2, 8.0, 0.85
PLATE_OTHER, PLATE_PART_OTHER, CAR_WORST, CAR_CAP = -2.5, -1.2, -2.8, 8.5
MAKE_AGAINST, MODEL_AGAINST, BODY_AGAINST, COLOUR_AGAINST = -1.4, -0.8, -0.9, -1.1
SECTOR_CAP = 2.5

PROBABLE, PROBABLE_BY_WORDS, POSSIBLE = 0.9, 0.97, 0.02  # by words: no number, date or car agrees
HARD, NEVER_POSSIBLE, SOFT_TOGETHER = -6.0, -7.0, -2.4
GROUP_AGREES = 2.0  # bits from which a group of fields counts as agreeing; more where guesses agree by chance
GROUPS_AGREE = {"person": 4.0, "vehicle": 3.0}
LEADS_FROM, LEADS_WITHIN, LEADS_MOST = (
    6.0,
    2.0,
    4,
)  # few who stand clear of the rest are shown though unlikely
