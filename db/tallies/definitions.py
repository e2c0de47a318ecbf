"""What each number counts, in words: every figure is printed with its definition.

The ids and their order are the contract of the command line; add to them, never rename them.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from db import settings

DEALT_WITH = ("caution_simple", "caution_conditional", "arrest", "charge", "summons_postal_requisition")
WIDE = (*DEALT_WITH, "community_resolution", "course_attended", "outcome22", "pnd", "order_granted", "cpn")
IDENTIFIED = ("named", "vehicle_keeper_confirmed")

SUMS = {
    "arrests": ("arrest",),
    "cautions": ("caution_simple", "caution_conditional"),
    "charges": ("charge", "summons_postal_requisition"),
    "courses": ("course_attended",),
    "orders_granted": ("order_granted",),
}

# The gravest first; each man of the wide set stands once, under the first that applies.
HIGHEST = (
    ("charge", ("charge", "summons_postal_requisition")),
    ("caution", ("caution_conditional", "caution_simple")),
    ("community_resolution", ("community_resolution", "outcome22")),
    ("course", ("course_attended",)),
    ("order", ("order_granted",)),
    ("arrest", ("arrest",)),
    ("other", ("cpn", "pnd")),
)

_APART = "Each counted once in the period, so months of this do not add up."
_ACTIONS = "Actions for this unit, not people: one for each man, date and kind."
_DEALT = "simple caution, conditional caution, arrest, charge or summons (postal requisition)"


class Measure(NamedTuple):
    """A number: its id, its name in print, what it counts."""

    id: str
    label: str
    definition: str


MEASURES = (
    Measure(
        "people_engaged",
        "People engaged",
        f"Different people named on engagements in which they were spoken to. {_APART}",
    ),
    Measure(
        "people_engaged_new",
        "People engaged for the first time",
        "Those of the people engaged with whom nobody of the unit had spoken before the period.",
    ),
    Measure("engagements", "Engagements", "Contacts in which somebody was spoken to."),
    Measure(
        "engagements_flagged_down",
        "Engagements: flagged down",
        "Those of the engagements in which she flagged the officers down; where it was not said how the "
        "contact began, it is not one of these.",
    ),
    Measure(
        "contacts_other",
        "Other contacts",
        "Contacts in which nobody was spoken to: seen only, attempted, declined, nil patrol.",
    ),
    Measure(
        "concerns",
        "Concerns",
        "Concerns reported at a contact in the period, whenever they happened: reports to this unit, not "
        "recorded crimes.",
    ),
    Measure(
        "concerns_undecided",
        "Concerns without a crime-recording decision",
        "Those of the concerns for which no crime-recording decision is entered.",
    ),
    Measure(
        "concerns_decided_24h",
        "Concerns decided within 24 hours",
        "Those of the concerns whose crime-recording decision came within 24 hours of the contact.",
    ),
    Measure(
        "referrals_offered", "Referrals offered", "Referrals to a service that were offered in the period."
    ),
    Measure(
        "referrals_accepted",
        "Referrals accepted",
        "Those of the referrals offered that reached accepted or engaged at any time since.",
    ),
    Measure("followups_due", "Follow-ups due", "Follow-ups whose due date is in the period."),
    Measure("followups_done", "Follow-ups done", "Those of the follow-ups due that are done."),
    Measure(
        "followups_overdue",
        "Follow-ups overdue",
        "Those of the follow-ups due that are not done and were past due on the last day of the period, or "
        "are so today where that comes first.",
    ),
    Measure(
        "offenders_identified",
        "Offenders identified",
        "Different offenders, named or confirmed as keeper of a vehicle, with a concern, a sighting of them "
        f"or their vehicle, or an action dated in the period. {_APART}",
    ),
    Measure(
        "offenders_dealt_with",
        "Offenders dealt with",
        f"Different offenders with at least one of these in the period, for this unit: {_DEALT}. {_APART}",
    ),
    Measure(
        "offenders_dealt_with_wide",
        "Offenders dealt with, wide",
        "As offenders dealt with, adding: community resolution, course attended, outcome 22, penalty notice, "
        f"order granted, community protection notice. {_APART}",
    ),
    Measure(
        "offenders_dealt_with_new",
        "Offenders dealt with for the first time",
        "Those of the offenders dealt with who never were before the period. Months of this may be added up.",
    ),
    Measure("arrests", "Arrests", _ACTIONS),
    Measure("cautions", "Cautions", f"Simple and conditional cautions. {_ACTIONS}"),
    Measure("charges", "Charges", f"Charges and summonses (postal requisitions). {_ACTIONS}"),
    Measure("courses", "Courses", f"Courses attended. {_ACTIONS}"),
    Measure("orders_granted", "Orders granted", _ACTIONS),
    Measure(
        "calls",
        "Calls for service",
        "Calls counted by the force for the months that lie wholly in the period.",
    ),
    Measure(
        "calls_change_percent",
        "Calls: change in per cent",
        "Against the same months a year before. Withheld where those are under 20 calls, or a month is "
        "missing on either side.",
    ),
)

TABLES = (
    Measure(
        "concerns_by_behaviour",
        "Concerns by behaviour",
        "Concerns in which the behaviour was reported; one concern may show several, so the rows do not add "
        "up to the concerns.",
    ),
    Measure("engagements_by_sector", "Engagements by sector", "The engagements by the sector as entered."),
    Measure(
        "offenders_by_highest_action",
        "Offenders by highest action",
        "Each offender of the wide set once, under the first that applies; adds up to offenders dealt with, "
        "wide. Caution: simple or conditional. Charge: or summons. Arrest: arrest only. Months of this do "
        "not add up.",
    ),
    Measure(
        "actions_by_kind",
        "Actions by kind",
        f"{_ACTIONS} One man may stand in several rows, so the rows do not add up to people.",
    ),
    Measure(
        "outcomes_by_code",
        "Crimes by outcome",
        "Different crimes with that Home Office outcome entered on an action for this unit in the period, "
        "told apart by crime reference, else by offender, offence and date. Months of this do not add up.",
    ),
    Measure(
        "concerns_by_sharing_level",
        "Concerns by sharing level",
        "The concerns by what she lets be shared: 1 stays in the unit, 5 supports a prosecution.",
    ),
    Measure(
        "calls_by_month",
        "Calls by month",
        "Calls for service of each whole month, and of the same month a year before; empty where none are "
        "held.",
    ),
    Measure(
        "limitation_dates",
        "Limitation dates",
        "Summary-only offences of the period or before whose six months (Magistrates' Courts Act 1980 s.127) "
        "end in the period or after it: open while no charge, summons, simple caution, community resolution, "
        "outcome 22, penalty notice or decision of no further action is entered for that offender and "
        "offence.",
    ),
)


def measures(reader: Any) -> tuple[Measure, ...]:
    """Return the measures; where the unit has chosen a set, its definition says what is in it."""
    said = {}
    if settings.chosen(reader, "dealt_with") is not None:
        label = settings.code_set(reader, "dealt_with").label
        said["offenders_dealt_with"] = (
            f"Different offenders with at least one of these in the period, for this unit: {label}. {_APART}"
        )
    if settings.chosen(reader, "dealt_with_wide") is not None:
        label = settings.code_set(reader, "dealt_with_wide").label
        said["offenders_dealt_with_wide"] = (
            f"Different offenders with at least one of these in the period, for this unit: {label}. {_APART}"
        )
    return tuple(one._replace(definition=said.get(one.id, one.definition)) for one in MEASURES)
