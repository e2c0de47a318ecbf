"""Ranks the watchlist against a description, and says why. Versioned weights; nothing learns by itself.

normalise(record, today) -> Normal          once per offender, kept beside the record
keys(normal), groups(normal)                words for a candidate index, and those looked for
score(query, candidate, context) -> Scored  bits and reasons; rank(...) -> Ranking, with bands
"""

from db.rules.matching.evidence import Context, Reason, ReasonShape, context, terms
from db.rules.matching.keys import Group, bones, groups, keys, name_key
from db.rules.matching.normal import FORM, Normal, normalise, pooled, quoted
from db.rules.matching.ranking import Band, Hit, Ranking, Scored, rank, score, too_vague
from db.rules.matching.weights import CALIBRATED, VERSION

__all__ = [
    "CALIBRATED",
    "FORM",
    "VERSION",
    "Band",
    "Context",
    "Hit",
    "Group",
    "Normal",
    "Ranking",
    "Reason",
    "ReasonShape",
    "Scored",
    "bones",
    "context",
    "groups",
    "keys",
    "name_key",
    "normalise",
    "pooled",
    "quoted",
    "rank",
    "score",
    "terms",
    "too_vague",
]
