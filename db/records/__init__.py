"""What every kind of record can do: be added, listed, shown, amended, struck, undone, told the history of.

A room calls these for its own kind and adds what only its subject knows.
"""

from db.records.changes import (
    add,
    after,
    amend,
    change,
    disputed,
    has_vehicles,
    heads,
    lead_on,
    lowers,
    new,
    put,
    reason_for_others,
    refuse_amending,
    refuse_gone,
    set_again,
    settle,
    strike,
)
from db.records.hidden import WOMEN, visible
from db.records.past import history
from db.records.pointing import refuse_absent, refuse_struck
from db.records.reading import arrange, check_related, engagement_levels, external_of, one_ref, read_fields
from db.records.references import (
    find,
    near_people,
    pointed,
    reason_where_restricted,
    resolver,
    state_of,
    without_names,
)
from db.records.shapes import (
    MERGED,
    listing,
    people_shown,
    same_as,
    select,
    select_as_one,
    shape,
    shape_of,
    shape_sql,
    show,
)
from db.records.spoken import spoken
from db.records.undoing import REASSIGN, undo
from db.records.words import Filter, Found, Record, Why, local_now, today

__all__ = [
    "heads",
    "MERGED",
    "REASSIGN",
    "WOMEN",
    "Filter",
    "Found",
    "Record",
    "Why",
    "add",
    "after",
    "amend",
    "arrange",
    "change",
    "disputed",
    "check_related",
    "engagement_levels",
    "external_of",
    "find",
    "has_vehicles",
    "lead_on",
    "lowers",
    "history",
    "listing",
    "local_now",
    "near_people",
    "new",
    "one_ref",
    "people_shown",
    "pointed",
    "put",
    "read_fields",
    "reason_for_others",
    "reason_where_restricted",
    "refuse_absent",
    "refuse_amending",
    "refuse_gone",
    "refuse_struck",
    "resolver",
    "same_as",
    "select",
    "set_again",
    "settle",
    "select_as_one",
    "shape",
    "shape_of",
    "shape_sql",
    "show",
    "spoken",
    "state_of",
    "strike",
    "today",
    "undo",
    "visible",
    "without_names",
]
