"""Records in and out as files. An import is planned first and lands whole or not at all."""

# what a file may hold, as the command line says it, and the kind it makes
KINDS = {
    "people": "person",
    "engagements": "engagement",
    "concerns": "concern",
    "referrals": "referral",
    "followups": "followup",
    "offenders": "offender",
    "vehicles": "vehicle",
    "sightings": "sighting",
    "actions": "action",
    "orders": "order",
    "calls": "call",
}
