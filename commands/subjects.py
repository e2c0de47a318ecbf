"""The groups that are made from one table: each word, its kind, its columns, what its examples show."""

from __future__ import annotations

from typing import NamedTuple

from db.rules import outgoing
from db.rules.records import KINDS


class Subject(NamedTuple):
    """A group: its kind, what its records are called, the columns of its table, an example's options."""

    kind: str
    said: str
    columns: tuple[str, ...]
    example: str


SUBJECTS = {
    "people": Subject(
        "person",
        "people the unit supports, under pseudonyms",
        (
            "ref",
            "pseudonym",
            "known_as",
            "sex",
            "age_band",
            "status",
            "safety",
            "risk_grade",
            "risk_review_on",
            "same_as",
        ),
        "--sex woman --age-band 25-34",
    ),
    "engagements": Subject(
        "engagement",
        "contacts",
        (
            *("ref", "at", "contact", "initiated_by", "sector", "officers", "people", "people_unnamed"),
            *("needs", "sharing_level", "next_on"),
        ),
        "--at 'yesterday 2130' --initiated-by flagged_down --sector Northgate --narrative -",
    ),
    "concerns": Subject(
        "concern",
        "what was reported",
        (
            *("ref", "engagement", "person", "happened_from", "sector", "behaviours", "offence_guess"),
            *("ncrs_decision", "ncrs_due_at", "sharing_level", "offender", "vehicle"),
        ),
        "--engagement E-4M2X --behaviours follows --sharing-level 2",
    ),
    "referrals": Subject(
        "referral",
        "referrals to services",
        ("ref", "person", "service", "owner", "status", "offered_on", "accepted_on", "chase_on"),
        "--person P-7KQ2 --service 'Housing First'",
    ),
    "followups": Subject(
        "followup",
        "what is due",
        ("ref", "due_on", "what", "about", "owner", "done_on"),
        "--what - --due-on 7d --about P-7KQ2",
    ),
    "watchlist": Subject(
        "offender",
        "men on the watchlist",
        (
            *("ref", "name", "given_name", "surname", "aliases", "category", "identity_confidence"),
            *("approximate_age_from", "approximate_age_to", "build", "hair", "sector", "vehicles", "status"),
            "same_as",
        ),
        "--name - --build stocky --marks 'spider tattoo left hand'",
    ),
    "vehicles": Subject(
        "vehicle",
        "vehicles",
        ("ref", "vrm", "colour", "make", "model", "body", "offender", "keeper_confirmed", "check_on"),
        "--vrm 'NA12 ?BO' --colour silver --make vauxhall",
    ),
    "sightings": Subject(
        "sighting",
        "sightings of men and vehicles",
        ("ref", "at", "offender", "vehicle", "sector", "grade", "note"),
        "--at 2130 --offender O-4M2X --sector Northgate",
    ),
    "actions": Subject(
        "action",
        "what was done to offenders",
        ("ref", "on", "offender", "action", "offence", "outcome_code", "officer", "result", "for_unit"),
        "--offender O-4M2X --on today --action arrest",
    ),
    "orders": Subject(
        "order",
        "orders against offenders",
        ("ref", "offender", "type", "issuer", "granted_on", "expires_on"),
        "--offender O-4M2X --type cbo --granted-on 21/11/2026",
    ),
    "calls": Subject(
        "call",
        "calls for service, counted by the month",
        ("ref", "month", "source", "category", "sector", "count"),
        "--month 2026-10 --source 101 --category 'kerb crawling' --count 12",
    ),
}


def keys_of(kind: str) -> list[str]:
    """Return the keys of a kind's shape, in order."""
    return outgoing.keys(kind)


def sample(made: Subject) -> str:
    """Return a reference for an example."""
    return f"{KINDS[made.kind].letter}-7KQ2"


def amendment(made: Subject) -> str:
    """Return a change for an example."""
    known = {
        "person": "--risk-grade high",
        "concern": "--ncrs-decision crimed",
        "referral": "--status accepted",
    }
    known |= {"followup": "--due-on 14d", "vehicle": "--colour grey", "action": "--result charged"}
    known |= {"order": "--issuer 'Teesside Magistrates'", "call": "--count 13"}
    return known.get(made.kind, "--sector Northgate")
