"""Her yes and her no, by purpose and by recipient: never changed, only said anew. The last one said holds.

This is her wish about sharing, and no legal basis of the unit's (domain.md section 0). Referrals and exports
obey a no, or carry a recorded override with its reason.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from db import prompts, records, settings
from db.errors import NotFound, Refused
from db.records import Why
from db.rules import periods, values, vocabulary
from db.rules.records import FOLDED

if TYPE_CHECKING:
    from db.records import Found, Record
    from db.vault.store import Store
    from db.vault.writing import Write

HELP = "safeguarding"  # the purpose of a referral
STATISTICS = "statistics"  # of which her record says yes or no as well, whoever it goes to
UNDER_WAY = ("sent", "accepted", "engaged", "waiting")  # a referral's statuses in which something left
ANY_AGENCY = "partner"  # what she said of partner agencies holds for each that she said nothing else of
NO_AGENCY = ("internal", "subject", "cps", "court")  # of whom a word about agencies says nothing
_HERS = (
    "select ?1 union select b.n from same_as as a join same_as as b on b.canonical = a.canonical "
    "where a.n = ?1"
)
# of a yes and a no in one second, said at two desks, the no holds; no desk's own numbers decide
_RISING = "order by x.at, x.given desc, r.id"
# a group is told by its lowest number; the last event of a woman, purpose and recipient is the one that holds
_LAST = (
    "select x.person, x.recipient, x.given, r.ref, x.purpose, x.at, x.wording_version, x.n "
    "from consent as x cross join record as r on r.n = x.n where r.state = 'present'"
)
_IN_NO_FIGURE = (
    "select coalesce(s.canonical, p.n) from person as p left join same_as as s on s.n = p.n "
    "where p.statistics_consent = 0"
)


class Said(NamedTuple):
    """What she last said of a purpose and a recipient: yes or no, its reference, when (UTC epoch seconds)."""

    ref: str
    purpose: str
    recipient: str
    given: bool
    at: int
    wording_version: str | None
    n: int


def give(  # noqa: PLR0913 - what, to whom, with which words, why
    store: Store,
    ref: str,
    purpose: str,
    recipient: str,
    *,
    wording: str | None = None,
    why: Why = Why(),  # noqa: B008 - immutable
) -> Record:
    """Keep that she says yes to a purpose and a recipient; returns what was kept, with ``prompts``.

    Args:
        store: the open unit.
        ref: hers.
        purpose: a code.
        recipient: a code of ``recipient`` or of ``service``, the unit's own included.
        wording: the version of the words read to her; None where they were not read.
        why: free.

    Raises:
        Refused: a code does not exist, or immigration enforcement is meant.
        NotFound: the reference names nobody.
    """
    return _say(store, ref, _read(store, purpose, recipient, wording), True, why)


def withdraw(  # noqa: PLR0913 - as give
    store: Store,
    ref: str,
    purpose: str,
    recipient: str,
    *,
    wording: str | None = None,
    why: Why = Why(),  # noqa: B008 - immutable
) -> Record:
    """Keep that she says no, at once and for what is to come; ``stands_on`` names referrals that went on it.

    Raises:
        Refused, NotFound: as for ``give``.
    """
    return _say(store, ref, _read(store, purpose, recipient, wording), False, why)


def _read(store: Store, purpose: str, recipient: str, wording: str | None) -> Record:
    """Return purpose, recipient and wording as they are kept."""
    kind, added, now = FOLDED["consent"], settings.added(store.cipher), records.local_now(store)
    raw = {"purpose": purpose, "wording_version": wording}
    fields = {
        name: values.reader(field, added)(value, now)
        for name, value in raw.items()
        if value is not None and (field := kind.field(name)) is not None
    }
    code = recipient.strip().lower()
    if refused := vocabulary.forbidden_recipient(code):
        raise Refused(refused)
    if code not in settings.codes(store.cipher, "service"):
        settings.check_code(store.cipher, "recipient", code)
    return fields | {"recipient": code}


def _say(store: Store, ref: str, fields: Record, given: bool, why: Why) -> Record:
    with store.write(why.reason, why.note) as tx:
        her = records.find(tx, store.id_key, ref, ("person",))
        if her.state == "erased":
            raise NotFound(f"{her.ref} was erased: nothing can be added to it")
        said = {"person": her.id.hex(), "given": int(given), "at": store.now()}
        record = tx.create("consent", said | fields)
        made = _told(tx, her, tx.ref(record), fields | said) | {
            "stands_on": [] if given else _stands_on(tx, her, fields["recipient"])
        }
    return made | {"prompts": [one._asdict() for one in prompts.for_consent(store, made)]}


def _told(tx: Write, her: Found, ref: str, fields: Record) -> Record:
    return {
        "ref": ref,
        "person": her.ref,
        "purpose": fields["purpose"],
        "recipient": fields["recipient"],
        "given": bool(fields["given"]),
        "wording_version": fields.get("wording_version"),
        "at": periods.iso(fields["at"]),
    }


def _stands_on(tx: Write, her: Found, recipient: str) -> list[str]:
    """Return her referrals that are under way with that recipient: somebody has to call them back."""
    rows = tx.execute(
        f"select r.ref, x.service from referral as x cross join record as r on r.n = x.n "  # noqa: S608 - fixed text
        f"where r.state = 'present' and x.person in ({_HERS}) "
        "and x.status in ('sent', 'accepted', 'engaged', 'waiting') order by r.ref",
        (her.n,),
    ).fetchall()
    return [ref for ref, service in rows if recipient in (ANY_AGENCY, _code(tx, service))]


def _code(reader: Any, service: str) -> str:
    """Return the code of a service, the unit's own included, typed as its label or in its own words."""
    typed = service.strip().casefold()
    by_label = {label.casefold(): code for code, label in settings.codes(reader, "service").items()}
    return by_label.get(typed, typed.replace(" ", "_"))


def listing(store: Store, ref: str, why: Why = Why()) -> list[Record]:  # noqa: B008 - immutable
    """Return all that she has said, the newest first, each with whether it ``holds``; a look at her.

    Raises:
        Usage: she is restricted, and no reason is given.
    """
    with store.counts() as reader:
        her = records.find(reader, store.id_key, ref, ("person",))
    records.reason_where_restricted(her, why)
    with store.consult("person", her.id, reason=why.reason, note=why.note) as look:
        holds = {said.ref for said in standing(look, her.n)}
        rows = look.execute(
            f"{_LAST} and x.person in ({_HERS}) order by x.at desc, x.given, x.n desc",
            (her.n,),
        ).fetchall()
        look.shown(len(rows), [her.id.hex()])
    return [
        {
            "ref": one,
            "purpose": purpose,
            "recipient": recipient,
            "given": bool(given),
            "holds": one in holds,
            "wording_version": version,
            "at": periods.iso(at),
        }
        for _, recipient, given, one, purpose, at, version, _ in rows
    ]


def standing(reader: Any, her: int) -> list[Said]:
    """Return what holds for a woman (all the records that are of her): the last said of each pair."""
    last: dict[tuple[str, str], Said] = {}
    for _, recipient, given, ref, purpose, at, version, n in reader.execute(
        f"{_LAST} and x.person in ({_HERS}) {_RISING}", (her,)
    ):
        last[purpose, recipient] = Said(ref, purpose, recipient, bool(given), at, version, n)
    return list(last.values())


def outdated(reader: Any, version: str) -> dict[int, list[str]]:
    """Return whom a yes holds of that was given with other words than *version*: these she has to hear again.

    Women by local number (the lowest of each group), each with the recipients. Where no words were read,
    nothing is outdated: that is told when it is entered.
    """
    last: dict[tuple[int, str, str], bool] = {}
    for her, purpose, recipient, given, words in reader.execute(
        "select coalesce(s.canonical, x.person), x.purpose, x.recipient, x.given, x.wording_version "  # noqa: S608 - fixed text
        "from consent as x cross join record as r on r.n = x.n left join same_as as s on s.n = x.person "
        f"where r.state = 'present' {_RISING}"
    ):
        last[her, purpose, recipient] = bool(given) and words not in (None, version)
    found: dict[int, list[str]] = {}
    for her, _, recipient in sorted(said for said, old in last.items() if old):
        found.setdefault(her, []).append(recipient)
    return found


def withdrawn(reader: Any, purpose: str, recipient: str) -> frozenset[int]:
    """Return the local numbers of all women whose last word to this purpose and recipient is no.

    What she said of partner agencies holds for each that she said nothing else of. Whose record says no to
    statistics said so to every recipient. Records judged to be of one woman count as one, so a no under
    either holds for both.
    """
    asked = (recipient, ANY_AGENCY) if recipient not in NO_AGENCY else (recipient,)
    last: dict[tuple[int, str], bool] = {}
    for canonical, to, given in reader.execute(
        "select coalesce(s.canonical, x.person), x.recipient, x.given from consent as x "  # noqa: S608 - fixed text
        "join record as r on r.n = x.n left join same_as as s on s.n = x.person "
        f"where r.state = 'present' and x.purpose = ? and x.recipient in (?, ?) {_RISING}",
        (purpose, asked[0], asked[-1]),
    ):
        last[canonical, to] = bool(given)
    women = {n for n, _ in last}
    no = {n for n in women if not last.get((n, recipient), last.get((n, ANY_AGENCY)))}
    if purpose == STATISTICS:
        no |= {n for (n,) in reader.execute(_IN_NO_FIGURE)}
    if not no:
        return frozenset()
    marks = ", ".join("?" * len(no))
    together = reader.execute(f"select n from same_as where canonical in ({marks})", list(no))  # noqa: S608 - question marks
    return frozenset(no | {n for (n,) in together})


def for_service(reader: Any, her: int, service: str) -> Said | None:
    """Return what she last said of a service, else of partner agencies; None: nothing.

    What she said of help goes before what she said of another purpose: a yes to statistics is none to that.
    """
    said = sorted(standing(reader, her), key=lambda one: (one.purpose == HELP, one.at, not one.given))
    code = _code(reader, service)
    for recipient in (code, ANY_AGENCY):
        if found := [one for one in said if one.recipient == recipient]:
            return found[-1]
    return None


def check_referral(reader: Any, fields: Record) -> None:
    """Refuse a referral that is sent against her no, unless it says why.

    Raises:
        Refused: her last word to that service is no; or the consent it names is not hers, or a no, or one
            that she took back.
    """
    if fields.get("override_reason"):
        return
    (her,) = reader.execute(
        "select n from record where id = ?", (bytes.fromhex(fields["person"]),)
    ).fetchone()
    holds = standing(reader, her)
    named = fields.get("consent")
    if named is not None:
        row = reader.execute("select n from record where id = ?", (bytes.fromhex(named),)).fetchone()
        if not any(one.given and row is not None and one.n == row[0] for one in holds):
            raise Refused(
                "consent: is not hers, not a yes, or was taken back since: ask her, or give override_reason"
            )
    if fields.get("status") not in UNDER_WAY:
        return
    said = for_service(reader, her, fields["service"])
    if said is not None and not said.given:
        raise Refused(f"consent: she said no to that ({said.ref}): ask her, or say why in override_reason")
