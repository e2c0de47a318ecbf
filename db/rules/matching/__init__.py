"""Ranks the watchlist against a description, and says why. Versioned weights; nothing learns by itself.

normalise(record, today) -> Normal          once per offender, kept beside the record
keys(normal), query_keys(normal)            words for a candidate index
score(query, candidate, context) -> Scored  bits and reasons; rank(...) -> Ranking, with bands
"""

from db.rules.matching.evidence import Context, Reason, ReasonShape, context, terms
from db.rules.matching.keys import Key, keys, query_keys
from db.rules.matching.normal import FORM, Normal, normalise
from db.rules.matching.ranking import Band, Hit, Ranking, Scored, rank, score, too_vague
from db.rules.matching.weights import VERSION

__all__ = [
    "FORM",
    "VERSION",
    "Band",
    "Context",
    "Hit",
    "Key",
    "Normal",
    "Ranking",
    "Reason",
    "ReasonShape",
    "Scored",
    "context",
    "keys",
    "normalise",
    "query_keys",
    "rank",
    "score",
    "terms",
    "too_vague",
]
