"""What was done to a man, and who is to hear of it: a woman who reported him is told, by her safe contact."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from db import prompts, records, sharing
from db.records import Why, hidden
from db.rules import vocabulary
from db.vault import grouping

if TYPE_CHECKING:
    from db.records import Record
    from db.vault.store import Look, Store


_UNKNOWN = "no safe contact is known: ask before you reach out"
_NEVER = "none"  # the safe contact of a woman who is not to be contacted


class ToTell(NamedTuple):
    """A woman who reported a man: her last concern about him, how she may be reached."""

    concern: str
    person: str
    safe_contact: str | None
    safety: str | None
    id: bytes


def add(store: Store, raw: dict[str, Any], why: Why = Why()) -> Record:  # noqa: B008 - immutable
    """Enter what was done; returns its shape with ``prompts``: duties, and whom ``tell_her`` would tell.

    Raises:
        Refused, NotFound, Usage: as ``records.add``.
    """
    made = records.add(store, "action", raw, why)
    said = [one._asdict() for one in prompts.for_action(store, made)]
    said += [{"code": "tell_her", "says": _offer(one)} for one in _to_tell(store, made["offender"], why)]
    return made | {"prompts": said}


def _offer(one: ToTell) -> str:
    return f"{one.person} reported him ({one.concern}); tell her: {_reached(one)}"


def _reached(one: ToTell) -> str:
    said = ", ".join(filter(None, (_label(one), one.safety)))
    return f"safe contact: {said}" if said else _UNKNOWN


def _reached_by(one: ToTell) -> str:
    """Return how she may be reached without her words: what is due is printed, and leaves."""
    said = ", ".join(filter(None, (_label(one), f"see {one.person} first" if one.safety else None)))
    return f"safe contact: {said}" if said else _UNKNOWN


def _label(one: ToTell) -> str | None:
    return vocabulary.codes("safe_contact").get(one.safe_contact or "", one.safe_contact)


def tell_her(store: Store, ref: str, why: Why = Why()) -> list[Record]:  # noqa: B008 - immutable
    """Make a follow-up for each woman who reported the man that an action was taken on; returns their shapes.

    Each is about her concern, this member's, due tomorrow, and says how she may be reached: the code alone,
    as the words of her safety stay on her record. Never at sharing level 0, nor against her no.

    Raises:
        NotFound: no action has that reference.
    """
    with store.counts() as reader:
        found = records.find(reader, store.id_key, ref, ("action",))
        action, offender = reader.execute(
            "select a.action, r.ref from action as a join record as r on r.n = a.offender where a.n = ?",
            (found.n,),
        ).fetchone()
    done = vocabulary.codes("action").get(action, action)
    due = (date.fromisoformat(records.today(store)) + timedelta(days=1)).isoformat()
    told = _to_tell(store, offender, why)
    if not told:
        return []
    with store.write(why.reason, why.note) as tx:
        resolve = records.resolver(store, tx)
        made = []
        for one in told:
            raw = {
                "what": f"tell her what was done: {done}; {_reached_by(one)}",
                "about": one.concern,
                "owner": store.member.name,
                "due_on": due,
            }
            record = records.put(store, tx, "followup", records.read_fields(store, "followup", raw, resolve))
            made.append(records.shape_of(tx, "followup", record))
    return made


def _to_tell(store: Store, offender: str, why: Why) -> list[ToTell]:
    """Return the women who reported a man or his car, each once; a look at them where there are any."""
    with store.counts() as reader:
        him = records.find(reader, store.id_key, offender, ("offender",))
        concerns = _concerns(reader, him.n)
    if not concerns:
        return []
    with store.consult("person", reason=why.reason, note=why.note) as look:
        found = _women(look, concerns)
        look.shown(len(found), [one.id.hex() for one in found])
    return found


def _concerns(reader: Any, him: int) -> list[int]:
    """Return the concerns about a man, under any of his records, or about his cars; hers at level 0 apart."""
    group = list(grouping.together(reader, him))
    marks = ", ".join("?" * len(group))
    rows = reader.execute(
        "select x.n from concern as x cross join record as r on r.n = x.n where r.state = 'present' "  # noqa: S608 - fixed text
        f"and x.person is not null and {hidden.visible('concern')} and (x.offender in ({marks}) "
        f"or x.vehicle in (select n from vehicle where offender in ({marks}))) order by x.n",
        group * 2,
    ).fetchall()
    levels = sharing.levels(reader, "concern", [n for (n,) in rows])
    return [n for n, level in levels.items() if level]


def _women(look: Look, concerns: list[int]) -> list[ToTell]:
    found: dict[int, ToTell] = {}
    for n in concerns:
        her, concern, person, contact, safety, record, state = look.execute(
            "select c.person, r.ref, q.ref, p.safe_contact, p.safety, q.id, q.state from concern as c "
            "join record as r on r.n = c.n join record as q on q.n = c.person "
            "left join person as p on p.n = c.person where c.n = ?",
            (n,),
        ).fetchone()
        first, *others = grouping.together(look, her)
        if state == "present" and sharing.person_level(look, her) > 0 and not _never(look, (first, *others)):
            found[first] = ToTell(concern, person, contact, safety, record)
    return list(found.values())


def _never(look: Look, hers: tuple[int, ...]) -> bool:
    """Tell whether any of a woman's records says that she is not to be contacted."""
    marks = ", ".join("?" * len(hers))
    sql = f"select 1 from person where n in ({marks}) and safe_contact = ?"  # noqa: S608 - question marks
    return look.execute(sql, (*hers, _NEVER)).fetchone() is not None
