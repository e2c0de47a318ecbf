"""Whom the matcher weighs: found by keys in the encrypted file, which go with what they were made of."""

import json
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from db import erasure, judgements, records, watchlist
from db.exchange import importing
from db.exchange.reading import Source
from db.records import Why
from db.rules import matching
from db.rules.matching import Normal
from db.vault import rebuild
from db.vault.snapshot import snapshot
from db.vault.store import Store
from db.vault.verify import verify
from db.watchlist import candidates, men
from db.watchlist.looking import Looking
from tests.erased import ask_and_empty
from tests.pages import raw_pages

DATA = Path(__file__).parent / "data"
TODAY = date(2026, 11, 24)
WHY = Why("correction")
GARY: dict[str, Any] = {
    "given_name": "Gary",
    "surname": "Thirlwell",
    "aliases": ["Gaz"],
    "telephones": ["07700 900123"],
    "date_of_birth": "1981-03-04",
    "height_from_cm": 175,
    "height_to_cm": 181,
    "build": "stocky",
    "hair": "short brown",
    "accent": "Scottish",
    "marks": ["spider tattoo left hand"],
    "vehicles": [{"vrm": "NA00 KBX", "make": "Vauxhall", "model": "Astra", "colour": "silver"}],
}


def refs(store: Store, asked: dict[str, Any]) -> list[str]:
    return [hit["ref"] for hit in watchlist.match(store, asked, weak=True)]


def take(store: Store, path: Path) -> None:
    with closing(Source(path)) as source:
        assert importing.run(store, "offender", source, apply=True).applied


def told(store: Store) -> dict[str, Any]:
    found = snapshot(store)
    return {table: found[table] for table in ("likeness", "term", "alike", "likeness_keys")}


def is_as_made_anew(store: Store) -> bool:
    now = told(store)
    rebuild.rebuild(store)
    return told(store) == now and verify(store).ok


@pytest.mark.parametrize(
    "asked",
    [
        {"name": "Gazza T"},
        {"name": "Thirlwall"},
        {"name": "Thirwell"},
        {"name": "Garry"},
        {"name": "Thirl well"},
        {"telephones": ["07700 900128"]},
        {"telephones": ["07700 90012"]},
        {"telephones": ["07700 900213"]},
        {"telephones": ["ends 0123"]},
        {"telephones": ["starts 07700 9001"]},
        {"date_of_birth": "1981-04-03"},
        {"date_of_birth": "1981-03-05"},
        {"date_of_birth": "1981"},
        {"vehicles": [{"vrm": "NA00 KBK"}]},
        {"vehicles": [{"vrm": "NA0? K8X"}]},
        {"vehicles": [{"vrm": "AN00 KBX"}]},
        {"vehicles": [{"vrm": "NA00 KX"}]},
        {"vehicles": [{"vrm": "ends KBX"}]},
        {"vehicles": [{"vrm": "N?00", "make": "Vauxhall"}]},
        {"vehicles": [{"vrm": "has a K and an X", "make": "Vauxhall"}]},
        {"vehicles": [{"make": "Astra", "colour": "silver"}]},
        {"marks": ["spider on the hand"]},
        {"age_text": "mid forties", "height_text": "5'10", "build": "stocky"},
        {"accent": "Glasgow", "hair": "brown", "build": "big lad"},
    ],
)
def test_a_man_is_found_by_any_part_of_him(store: Store, asked: dict[str, Any]) -> None:
    for number in range(3):
        watchlist.add_offender(store, {"name": f"Other Example{number}", "build": "thin", "hair": "bald"})
    man = watchlist.add_offender(store, GARY)
    assert refs(store, asked)[:1] == [man["ref"]]


def test_a_plate_of_which_only_some_characters_are_told_is_found_by_those_it_has(store: Store) -> None:
    cars = [{"vrm": vrm, "make": "Vauxhall"} for vrm in ("NA00 KBX", "NX00 ABK", "NC00 ABD", "NA00 KBD")]
    has = [watchlist.add_offender(store, {"vehicles": [car]})["ref"] for car in cars]
    asked = matching.normalise({"vehicles": [{"vrm": "has a K and an X"}]}, TODAY)
    with store.counts() as reader:
        found = candidates.find(reader, asked, candidates.Counts(reader))
        assert sorted(man.ref for man in men.standing(reader, found)[:2]) == sorted(has[:2])
        assert candidates.fitting(reader, asked) == 2
    (vague,) = watchlist.match_each(store, [{"vehicles": [{"vrm": "has a K and an X"}]}])
    assert vague == watchlist.Matches([], 0, "2 plates fit; add the make or colour.")
    assert set(refs(store, {"vehicles": [{"vrm": "has a K, an X and an A", "make": "Vauxhall"}]})[:2]) == {
        *has[:2]
    }


def test_who_is_found_by_keys_is_whom_a_reading_of_everybody_finds(store: Store, tmp_path: Path) -> None:
    men = [json.loads(line) for line in (DATA / "watchlist.jsonl").read_text(encoding="utf-8").splitlines()]
    for man in men:
        del man["as_of"]
    path = tmp_path / "men.ndjson"
    path.write_text("".join(json.dumps(man) + "\n" for man in men), encoding="utf-8")
    take(store, path)
    lines = (DATA / "officer_queries_tune.jsonl").read_text(encoding="utf-8").splitlines()
    same = 0
    with store.counts() as reader:
        looking = Looking(reader, TODAY)
        forms: list[tuple[str, Normal]] = [
            (ref, json.loads(form) | {"said": {}})
            for ref, form in reader.execute(
                "select r.ref, x.form from likeness as x join record as r on r.n = x.n"
            )
        ]
        known = matching.context(form for _, form in forms)
        cases = [json.loads(line)["description"] for line in lines[::2]]
        for case in cases:
            everybody = matching.rank(matching.normalise(case, TODAY), forms, known, 1, True).hits
            found = looking.match(case, 1, True).hits
            same += [hit["ref"] for hit in found] == [hit.ref for hit in everybody]
    assert same / len(cases) >= 0.95


def test_what_is_told_of_a_man_follows_every_change(store: Store) -> None:
    man = watchlist.add_offender(store, GARY)
    car = {"vrm": "NB50 XYZ", "make": "Ford"}
    watchlist.amend_offender(store, man["ref"], {"surname": "Kirkbride", "vehicles": [car]})
    assert refs(store, {"name": "Thirlwell"}) == []
    assert refs(store, {"name": "Kirkbride"}) == refs(store, {"vehicles": [car]}) == [man["ref"]]
    assert refs(store, {"vehicles": GARY["vehicles"]}) in ([], [man["ref"]])
    records.undo(store, "offender", man["ref"])
    (mine,) = records.listing(store, "vehicle")
    records.strike(store, "vehicle", mine["ref"], WHY)
    assert refs(store, {"vehicles": [{"vrm": "NB50 XYZ"}]}) == []
    records.undo(store, "vehicle", mine["ref"])
    records.amend(store, "vehicle", mine["ref"], {"vrm": "NB50 XYA"})
    assert refs(store, {"vehicles": [{"vrm": "NB50 XYA"}]}) == [man["ref"]]
    assert is_as_made_anew(store)


def test_a_man_struck_out_is_no_hit_and_comes_back(store: Store) -> None:
    man = watchlist.add_offender(store, GARY)
    records.strike(store, "offender", man["ref"], WHY)
    assert refs(store, {"name": "Gary Thirlwell"}) == []
    records.undo(store, "offender", man["ref"])
    assert refs(store, {"name": "Gary Thirlwell"}) == [man["ref"]]


def test_a_car_that_is_nobodys_is_a_hit_of_its_own_until_it_is_somebodys(store: Store) -> None:
    car = records.add(store, "vehicle", {"vrm": "NA00 KBX", "make": "Vauxhall", "colour": "silver"})
    (hit,) = watchlist.match(store, {"vehicles": [{"vrm": "NA00 KBX"}]})
    assert (hit["ref"], hit["label"]) == (car["ref"], "silver Vauxhall NA00 KBX; nobody's yet")
    man = watchlist.add_offender(store, {"name": "Gary Example"})
    records.amend(store, "vehicle", car["ref"], {"offender": man["ref"]})
    assert refs(store, {"vehicles": [{"vrm": "NA00 KBX"}]}) == [man["ref"]]
    assert is_as_made_anew(store)


def test_records_judged_one_man_are_one_hit_told_together(store: Store) -> None:
    named = watchlist.add_offender(store, {"name": "Gary Thirlwell"})
    driver = watchlist.add_offender(store, {"vehicles": GARY["vehicles"], "build": "stocky"})
    asked = {"name": "Gary Thirlwell", "vehicles": [{"vrm": "NA00 KBX"}]}
    assert len(refs(store, asked)) == 2
    judgements.judge(store, named["ref"], driver["ref"], "same", WHY)
    (hit,) = watchlist.match(store, asked)
    assert (hit["ref"], hit["band"]) == (named["ref"], "probable")
    assert {"name", "vrm"} <= {reason["field"] for reason in hit["reasons"]}


def test_no_word_of_an_erased_man_is_left_in_the_file(store: Store) -> None:
    for number in range(40):
        watchlist.add_offender(store, {"name": f"Heron Example{number}", "marks": ["spider tattoo"]})
    canaries = {
        "given_name": "Zebraname",
        "surname": "Quaggafamily",
        "aliases": ["Okapistreet"],
        "marks": ["oryxmark on the wrist"],
        "mo_text": "kudulike habits",
        "vehicles": [{"make": "Bongocar", "colour": "silver"}],
    }
    words = (b"zebranam", b"quaggafam", b"okapistr", b"oryxmark", b"kudulik", b"bongoca")
    man = watchlist.add_offender(store, canaries)
    watchlist.amend_offender(store, man["ref"], {"build": "stocky"})
    assert [word for word in words if word in raw_pages(store).lower()] == list(words)
    ask_and_empty(store, "offender", man["ref"])
    assert [word for word in words if word in raw_pages(store).lower()] == []
    assert refs(store, {"name": "Zebraname Quaggafamily"}) == []
    assert is_as_made_anew(store)


def test_a_restricted_man_is_no_hit(store: Store) -> None:
    man = watchlist.add_offender(store, GARY)
    erasure.restrict(store, "offender", man["ref"], Why("subject_access"))
    assert refs(store, {"name": "Gary Thirlwell"}) == []


@pytest.mark.parametrize(
    "change",
    [
        "update likeness set form = replace(form, 'gary', 'mary')",
        "update term set men = men + 1 where word = 'ntgary'",
        "delete from term where word = 'ntgary'",
        "delete from alike where part = 'gary'",
        "insert into alike (bones, part) values ('dslander', 'gary')",
        "delete from likeness",
    ],
)
def test_verify_notices_what_somebody_changed_in_it(store: Store, change: str) -> None:
    watchlist.add_offender(store, GARY)
    with store.cipher.trusted() as connection:
        connection.execute(change)
    assert "likeness-differs" in {fault.name for fault in verify(store).faults}


def test_a_name_that_everybody_bears_is_answered_from_a_bounded_reading(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "men.ndjson"
    rows = ({"name": f"Gary Smith{'abcdefgh'[n % 8]}", "build": "stocky", "sector": "3"} for n in range(900))
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    take(store, path)
    man = watchlist.add_offender(store, {"name": "Gary Quillfeather", "build": "thin"})
    assert refs(store, {"name": "Gary Quillfeather", "build": "stocky"})[:1] == [man["ref"]]
    assert len(watchlist.match(store, {"name": "Gary", "build": "stocky"}, 5, True)) == 5


def test_one_transaction_that_changes_a_man_and_adds_another_of_that_name_finds_both(store: Store) -> None:
    known = records.add(store, "offender", {"name": "Invented Two"})["ref"]
    with store.write("correction") as tx:
        tx.amend(records.find(tx, store.id_key, known, ("offender",)).id, {"hair": "grey"})
        tx.create("offender", {"name": "Invented", "category": "reported", "identity_confidence": "named"})
    assert is_as_made_anew(store)
    assert verify(store).ok
