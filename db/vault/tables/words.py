"""The full-text tables: external content, and what is taken out of them is gone for good.

A concern's description is an object: a view gives its values without their keys.
"""

_CAR = ("vrm", "make", "model", "colour", "body", "marks")
_SAID = (
    *("name", "given_name", "surname", "aliases", "age_text", "height_text", "build", "hair", "facial_hair"),
    *("ethnicity_appearance", "accent", "marks", "mo", "mo_text", "sector"),
    *(f"vehicles[{place}].{key}" for place in range(5) for key in _CAR),
)


def _values(column: str, keys: tuple[str, ...]) -> str:
    """Return SQL for some values of an object in one text; fts5 reads no table function behind a view."""
    parts = ", ".join(f"c.{column} ->> '$.{key}'" for key in keys)
    return f"iif(c.{column} is null, null, concat_ws('; ', {parts}))"


_TABLES = {
    "engagement": ("engagement", "narrative, mentions"),
    "concern": ("concern_said", "behaviours, injury, weapon, ncrs_rationale, description, vehicle_seen"),
    "offender": (
        "offender",
        "name, given_name, surname, aliases, build, hair, facial_hair, accent, marks, mo, mo_text, handling",
    ),
    "vehicle": ("vehicle", "vrm, make, model, colour, body, marks, check_result"),
    "sighting": ("sighting", "note"),
}

_VIEW = """
create view concern_said as select c.n as n, c.behaviours as behaviours, c.injury as injury,
  c.weapon as weapon, c.ncrs_rationale as ncrs_rationale, {description} as description,
  {vehicle_seen} as vehicle_seen from concern as c;
"""
_TABLE = """
create virtual table {kind}_words using fts5 (
  {names}, content='{content}', content_rowid='n', tokenize="unicode61 remove_diacritics 2"
);
insert into {kind}_words ({kind}_words, rank) values ('secure-delete', 1);
"""

WORDS = _VIEW.format(
    description=_values("description", _SAID), vehicle_seen=_values("vehicle_seen", _CAR)
) + "".join(
    _TABLE.format(kind=kind, content=content, names=names) for kind, (content, names) in _TABLES.items()
)
