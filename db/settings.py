"""What the unit has settled for itself: read by name, changed by a supervisor from a file, journalled.

A value is checked against the catalogue when it is proposed and again when it is read, so that no file and
no entry loosens a floor.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from db.errors import Ambiguous, Refused, Usage
from db.rules import periods, vocabulary
from db.rules import settings as rules
from db.vault import journal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from db.records import Why
    from db.rules.vocabulary import Added
    from db.vault.store import Store

_ONE = (
    "select x.value from setting as x cross join record as r on r.n = x.n "
    "where x.name = ? and r.state = 'present'"
)
_ALL = (
    "select x.name, x.value from setting as x cross join record as r on r.n = x.n where r.state = 'present'"
)
_MISTAKES_MOST = 10


class Change(NamedTuple):
    """One setting that a file changes: what stands now and what would stand."""

    name: str
    before: Any
    after: Any


def get(reader: Any, name: str) -> Any:
    """Return a setting's value, the default where nothing was settled.

    Args:
        reader: anything with ``execute``: a look, a writing transaction, ``store.counts()``.
        name: of the catalogue in ``db.rules.settings``.
    """
    row = reader.execute(_ONE, (name,)).fetchone()
    if row is None or row[0] is None:
        return rules.default(name)
    return rules.kept(rules.CATALOGUE[name], json.loads(row[0]))


def held(reader: Any) -> dict[str, Any]:
    """Return every setting that differs from its default by somebody's will, by name."""
    return {
        name: rules.kept(rules.CATALOGUE[name], json.loads(value))
        for name, value in reader.execute(_ALL).fetchall()
        if value is not None and name in rules.CATALOGUE
    }


def added(reader: Any) -> Added:
    """Return the codes that the unit adds, as pairs of vocabulary and code: what the rules are handed."""
    return frozenset(
        (rules.CATALOGUE[name].of, code)
        for name, value in held(reader).items()
        if rules.CATALOGUE[name].type == "labels"
        for code in value
    )


def check_code(reader: Any, name: str, code: str) -> None:
    """Refuse what is neither a code of that vocabulary nor one that the unit adds to it.

    Raises:
        Refused: it is none, or a hard stop stands behind it.
    """
    more = [one for of, one in added(reader) if of == name]
    vocabulary.check(name, code, more)


def entries(reader: Any, name: str) -> list[vocabulary.Entry]:
    """Return the codes of a vocabulary, the unit's own after those that beech brings.

    Raises:
        NotFound: there is no such list.
    """
    found = list(vocabulary.vocabulary(name).entries.values())
    setting = rules.vocabulary_of(name)
    for code, said in get(reader, setting).items() if setting is not None else ():
        more = {key: said[key] for key in ("mode", "act") if key in said}
        since = said.get("valid_from", "")
        found.append(vocabulary.Entry(code, said["label"], "the unit's settings", since, None, more))
    return found


def codes(reader: Any, name: str) -> dict[str, str]:
    """Return the codes of a vocabulary with their labels, the unit's own included."""
    return {one.code: one.label for one in entries(reader, name)}


def chosen(reader: Any, name: str) -> tuple[str, ...] | None:
    """Return the codes that the unit has chosen for a set; None where it is as beech brings it."""
    row = reader.execute(_ONE, (f"sets.{name}",)).fetchone()
    return None if row is None or row[0] is None else tuple(json.loads(row[0]))


def code_set(reader: Any, name: str) -> vocabulary.CodeSet:
    """Return a named set of codes as the unit has settled it, with the label printed under each figure."""
    known = vocabulary.sets()[name]
    row = reader.execute(_ONE, (f"sets.{name}",)).fetchone()
    if row is None or row[0] is None:
        return known
    chosen = json.loads(row[0])
    labels = codes(reader, known.of)
    said = ", ".join(code if known.of == "outcome_code" else labels.get(code, code) for code in chosen)
    return vocabulary.CodeSet(
        f"outcome {said}" if known.of == "outcome_code" else said, known.of, frozenset(chosen)
    )


def wording(reader: Any, today: str) -> vocabulary.Entry:
    """Return the words to be read to her on that day: the unit's newest valid version, else beech's."""
    setting = rules.vocabulary_of("wording")
    own = get(reader, setting) if setting else {}
    valid = [(said["valid_from"], code) for code, said in own.items() if said["valid_from"] <= today]
    if not valid:
        return vocabulary.wording()
    since, code = max(valid)
    return vocabulary.Entry(code, own[code]["label"], "the unit's settings", since, None, {})


def shown(store: Store) -> list[dict[str, Any]]:
    """Return every setting: name, value, whether it was settled, default, bounds, what it is, its source."""
    with store.counts() as reader:
        settled = held(reader)
    return [
        {
            "name": name,
            "value": settled[name] if name in settled else rules.default(name),
            "settled": name in settled,
            "default": rules.default(name),
            "floor": setting.floor,
            "ceiling": setting.ceiling,
            "says": setting.says,
            "source": setting.source,
        }
        for name, setting in rules.CATALOGUE.items()
    ]


def propose(store: Store, text: str, where: str) -> list[Change]:
    """Return what a file of settings would change; nothing is changed by asking.

    Args:
        store: the open unit.
        text: the file's, in TOML.
        where: what the file is called where something is wrong with it.

    Raises:
        Usage: it is not TOML, or names what no setting is called.
        Refused: a value is out of bounds, or of the wrong type. All mistakes, with line and column.
    """
    from db.rules.settings.proposal import read_proposal  # TOML is read only where a file is

    with store.counts() as reader:
        current = held(reader)
    try:
        proposal = read_proposal(text, current, periods.local_day(store.now()))
    except Usage as error:
        raise Usage(f"{where}, {error}") from None
    if proposal.mistakes:
        said = [f"{where}, line {one.line}, column {one.column}: {one.says}" for one in proposal.mistakes]
        left = len(said) - _MISTAKES_MOST
        more = [f"and {left} more"] if left > 0 else []
        raise Refused("; ".join([*said[:_MISTAKES_MOST], *more]) + "; nothing was changed")
    _check_groups(current, proposal.values)
    _check_sets(current, proposal.values)
    return [
        Change(name, _now(current, name), rules.default(name) if value is None else value)
        for name, value in proposal.values.items()
        if (value is None and name in current) or (value is not None and value != _now(current, name))
    ]


def _check_sets(current: dict[str, Any], proposed: dict[str, Any]) -> None:
    """Refuse a wide set that is not wider: figures are subtracted from one another."""
    after = {**current, **proposed}
    narrow, wide = (
        after.get(name) or rules.default(name) for name in ("sets.dealt_with", "sets.dealt_with_wide")
    )
    if missing := [one for one in narrow if one not in wide]:
        raise Refused(
            f"sets.dealt_with_wide: has to hold all of sets.dealt_with; it lacks {', '.join(missing)}"
        )


def _check_groups(current: dict[str, Any], proposed: dict[str, Any]) -> None:
    """Refuse to take away a sector that a group is made of, and to leave one or two in none.

    What is in no group leaves as ``elsewhere``: that is a group too (domain.md 7: at least three sectors).
    """
    after = {**current, **proposed}
    groups = after.get("sector_groups") or {}
    left = {one.casefold() for one in after.get("sectors") or ()}
    gone = {one for group in groups.values() for one in group if one.casefold() not in left}
    if gone:
        raise Refused("sectors: a group is made of one that would be gone: change sector_groups with it")
    alone = left - {one.casefold() for group in groups.values() for one in group}
    if groups and 0 < len(alone) < rules.GROUP_LEAST:
        raise Refused(
            f"sector_groups: {len(alone)} of the unit's sectors would be in no group, and be told from the "
            f"rest where counts leave: put them into one, or leave {rules.GROUP_LEAST} or more out"
        )


def _now(current: dict[str, Any], name: str) -> Any:
    return current[name] if name in current else rules.default(name)


def apply(store: Store, changes: Sequence[Change], why: Why) -> list[str]:
    """Settle what was proposed; returns the settings' names. A supervisor's alone, and journalled.

    Raises:
        Refused: this member is no supervisor.
        Ambiguous: somebody else has settled one of them meanwhile.
    """
    with store.write(why.reason, why.note) as tx:
        current = held(tx)
        for change in changes:
            if _now(current, change.name) != change.before:
                raise Ambiguous(f"{change.name} was settled by somebody meanwhile: apply the file again")
            record = journal.derived_id(store.id_key, "setting", change.name)
            value = None if change.after == rules.default(change.name) else change.after
            fields = {"name": change.name, "value": value}
            row = tx.execute("select state from record where id = ?", (record,)).fetchone()
            if row is None or row[0] == "absent":
                tx.create_as("setting", record, fields)
            else:
                tx.amend(record, {"value": value})
    return [change.name for change in changes]
