"""The walk: what an officer and a supervisor do in a night and a month, done on the demo's unit.

Each step calls what the command beside it calls; every number it prints comes from the unit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from commands.demo import pages
from db.rules import periods

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from db.demo.plan import Plan
    from db.rules.periods import Period
    from db.vault.store import Store

Record = dict[str, Any]

_SAID = "a silver Astra NA12 ?B? followed her"
_SEEN = {
    "vehicles": [{"vrm": "NA12 ?B?", "colour": "silver", "make": "vauxhall"}],
    "approximate_age_from": 40,
    "approximate_age_to": 55,
    "build": "stocky",
    "marks": ["tattoo on his left hand"],
}


class Step(NamedTuple):
    """One step: what it shows, the command as typed, the lines it answers; *several* commands or one."""

    number: int
    title: str
    why: str
    command: Sequence[str]
    answer: Sequence[str]
    several: bool = False


class Ways(NamedTuple):
    """Where the demo's unit is, and where its passphrase."""

    folder: Path
    passphrase: Path


def steps(store: Store, plan: Plan, ways: Ways) -> Iterator[Step]:
    """Yield the steps, each done when it is asked for."""
    today = periods.local_day(store.now())
    since = periods.between(plan.first, today)
    yield _built(store, plan, ways)
    logged, step = _log(store)
    yield step
    yield _match(store)
    yield _action(store, since, logged)
    yield _summary(store, since)
    yield _press(store, since)
    yield _verify(store)
    yield _go_on(store, ways)


def _built(store: Store, plan: Plan, ways: Ways) -> Step:
    from db import standing

    told = standing.of(store)
    held = [f"{number:,} {kind}" for kind, number in told["counts"].items() if number]
    return Step(
        1,
        "An invented unit",
        f"This unit is synthetic: nobody in it is real. It stands for a campaign that began on "
        f"{periods.short(plan.first)}: women on the street are met and helped, and the men who harm or "
        "buy are found and dealt with. One encrypted file holds it; a signed journal says who did what.",
        ["beech status"],
        [
            *pages.wrapped(f"{told['unit']}, in {ways.folder}", pages.INNER, 2),
            *pages.wrapped(f"{told['member']}: {', '.join(told['roles'])}", pages.INNER, 2),
            *pages.wrapped(", ".join(held), pages.INNER),
        ],
    )


def _log(store: Store) -> tuple[Record, Step]:
    from db import engagements, records
    from db.demo.women import woman_ref

    woman = records.show(store, "person", woman_ref(0))
    command = [
        "beech log --from-json - <<END",
        '{"at": "now", "initiated_by": "flagged_down", "sector": "Kiln Lane",',
        f' "people": ["{woman["ref"]}"], "needs": ["housing"], "sharing_level": 2,',
        f' "mentions": "{_SAID}"}}',
        "END",
    ]
    logged = engagements.log(
        store,
        {
            "at": "now",
            "initiated_by": "flagged_down",
            "sector": "Kiln Lane",
            "people": [woman["ref"]],
            "needs": ["housing"],
            "sharing_level": 2,
            "mentions": _SAID,
        },
    )
    answer = [f"Saved {logged['ref']}"]
    if logged["matches"]:
        answer += ["Possible matches; nothing is linked by itself:", *pages.hits(logged["matches"])]
    step = Step(
        2,
        "Log: tonight she flagged the patrol down",
        f"The unit knows her as {woman['pseudonym']}, {woman['ref']}; if it holds her name at all, that is "
        "sealed apart. ('beech log' alone asks one question a line; this is the same in one go.)",
        command,
        answer,
    )
    return logged, step


def _match(store: Store) -> Step:
    from db import watchlist

    found = watchlist.match(store, _SEEN)
    return Step(
        3,
        "Match: who may he be?",
        "She remembers more: forty or older, stocky, a tattoo on his left hand. The plate is half seen (? is "
        "one character). Each hit says what speaks for and against; it is a lead, and links nothing.",
        [
            "beech match --vrm 'NA12 ?B?' --colour silver --make vauxhall \\",
            "    --age 40-55 --build stocky --marks 'tattoo on his left hand'",
        ],
        [*pages.hits(found[:1]), *([f"and {len(found) - 1} more, less likely"] if found[1:] else [])],
    )


def _action(store: Store, since: Period, logged: Record) -> Step:
    from db import records
    from db.demo.men import man_ref
    from db.demo.plan import MET_OF_THE_WALK

    before = _values(store, since)["offenders_dealt_with"]
    man = logged["matches"][0]["ref"] if logged["matches"] else man_ref(MET_OF_THE_WALK)
    done = records.add(
        store,
        "action",
        {"offender": man, "on": "today", "action": "arrest", "offence": "soa51a", "offence_on": "today"},
    )
    after = _values(store, since)["offenders_dealt_with"]
    return Step(
        4,
        "Action: what was done about him",
        "The patrol stops the car and arrests him for soliciting (Sexual Offences Act 2003 s.51A). That "
        "offence has to be brought to court within six months, and the unit keeps the date.",
        [
            f"beech actions add --offender {done['offender']} --on today --action arrest \\",
            "    --offence soa51a --offence-on today",
        ],
        [
            *pages.record(done),
            "",
            f"men dealt with since {periods.short(since.first)}: {before} before, {after} now",
        ],
    )


def _values(store: Store, period: Period) -> Record:
    from db import tallies

    return {one["id"]: one["value"] for one in tallies.summary(store, period)["measures"]}


def _summary(store: Store, since: Period) -> Step:
    from db import tallies

    this = periods.month(f"{since.last:%Y-%m}")
    month = periods.previous(this)
    short, whole = (tallies.summary(store, period) for period in (month, since))
    return Step(
        5,
        "Summary: the month and the campaign, as the supervisor prints them",
        "Side by side here, and only the main figures; each command prints all of them. Every number stands "
        "with what it counts.",
        [f"beech summary --month {month.first:%Y-%m}", f"beech summary --since {since.first.isoformat()}"],
        pages.beside(short, whole, f"since {periods.short(since.first)}"),
        several=True,
    )


def _press(store: Store, since: Period) -> Step:
    from db.tallies import press

    months = periods.since_start(since)
    return Step(
        6,
        "The press sentence",
        "Numbers that leave say 'more than', never exactly how many, of whole months that are over. It is a "
        "draft until a supervisor approves it, and the register keeps what was said.",
        [f"beech summary --since {months.first} --until {months.last} --sentence"],
        pages.wrapped(press.sentence(store, months), pages.INNER),
    )


def _verify(store: Store) -> Step:
    from db import journals
    from db.vault.verify import verify

    report = verify(store)
    if report.ok:
        journals.record_verification(store, report)
        said = (
            f"{report.entries:,} entries in {report.transactions:,} transactions, "
            f"{report.records:,} records compared: nothing wrong"
        )
    else:
        said = f"{len(report.faults):,} faults"
    return Step(
        7,
        "The journal proves it",
        "Every record, change and look so far is an entry in a chain of hashes, signed. Were one altered "
        "behind beech's back, this would say which.",
        ["beech journal verify"],
        [said],
    )


def _go_on(store: Store, ways: Ways) -> Step:
    from db.demo.place import PASSPHRASE

    return Step(
        8,
        "How to go on",
        f"The unit stays in that folder, to be tried by hand. Its passphrase is '{PASSPHRASE}', which is no "
        "secret, as nobody in it is real; it also lies in a file, so that nothing has to be typed.",
        [
            *pages.path(),
            pages.variable("BEECH_UNIT", ways.folder),
            pages.variable("BEECH_PASSPHRASE_FILE", ways.passphrase),
            "beech status",
            "beech watchlist list",
            "beech match --vrm 'NA12 ?B?' --colour silver",
            f"beech summary --month {periods.local_day(store.now()):%Y-%m} --compare previous",
            "beech unlock        # a session in the system's keyring, for a shift",
            "beech demo          # builds it anew (unset BEECH_UNIT first)",
            "beech --help",
        ],
        ["A unit of your own begins with 'beech init'."],
        several=True,
    )
