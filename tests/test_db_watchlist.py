"""The watchlist: men with their vehicles, and who a description may mean."""

import json
from typing import Any

import pytest

from db import records, watchlist
from db.errors import NotFound, Refused, Usage
from db.records import Why
from db.vault.store import Store
from db.vault.verify import verify

ASTRA = {"vrm": "NA12 KBO", "make": "Vauxhall", "model": "Astra", "colour": "silver"}
VAN = {"colour": "white", "body": "van"}
GARY = {"name": "Gary Example", "aliases": ["Gaz"], "age_text": "late forties", "build": "stocky"}


def plates(man: dict[str, Any]) -> list[str | None]:
    return [car["vrm"] for car in man["vehicles"]]


def refs(man: dict[str, Any]) -> list[str]:
    return [car["ref"] for car in man["vehicles"]]


def last_consultation(store: Store) -> tuple[dict[str, Any], dict[str, Any]]:
    with store.counts() as reader:
        detail, body = reader.execute(
            "select e.detail, p.body from entry as e left join payload as p "
            "on p.desk = e.desk and p.seq = e.seq where e.operation = 'consultation' "
            "order by e.seq desc limit 1"
        ).fetchone()
    return json.loads(detail), json.loads(body or "{}")


# --- men and their vehicles


def test_an_offender_is_one_flat_object_with_his_vehicles_at_the_end(store: Store) -> None:
    man = watchlist.add_offender(store, GARY | {"vehicles": [ASTRA]})
    assert list(man)[:2] == ["ref", "external_ref"]
    assert list(man)[-1] == "vehicles"
    assert man["vehicles"] == [
        {"ref": man["vehicles"][0]["ref"], **ASTRA, "body": None, "marks": []},
    ]
    assert watchlist.show_offender(store, man["ref"]) == man | {"same_as": []}
    assert watchlist.list_offenders(store) == [man | {"same_as": []}]


def test_a_vehicle_alone_describes_a_man(store: Store) -> None:
    man = watchlist.add_offender(store, {"vehicles": [VAN]})
    assert man["identity_confidence"] == "unknown"
    with pytest.raises(Refused, match="needs a name"):
        watchlist.add_offender(store, {"vehicles": [], "sector": "3"})


def test_a_plate_is_kept_as_it_was_said(store: Store) -> None:
    man = watchlist.add_offender(store, {"vehicles": [{"vrm": "na12 ?b?"}]})
    assert plates(man) == ["na12 ?b?"]


def test_the_same_offender_added_twice_is_one_man_with_the_same_vehicles(store: Store) -> None:
    once = watchlist.add_offender(store, GARY | {"external_ref": "X1", "vehicles": [ASTRA, VAN]})
    twice = watchlist.add_offender(store, GARY | {"external_ref": "X1", "vehicles": [ASTRA, VAN]})
    assert twice == once
    with store.counts() as reader:
        assert reader.execute("select count(*) from entry where operation = 'alteration'").fetchone() == (0,)


def test_a_vehicles_id_comes_of_his_key_and_its_place(store: Store) -> None:
    watchlist.add_offender(store, GARY | {"external_ref": "X1", "vehicles": [ASTRA, VAN]})
    assert records.show(store, "vehicle", "X1#2")["colour"] == "white"


def test_a_new_list_replaces_the_old_and_leaves_alone_what_did_not_change(store: Store) -> None:
    man = watchlist.add_offender(store, GARY | {"external_ref": "X1", "vehicles": [ASTRA, VAN]})
    astra, van = refs(man)
    seen = records.add(store, "sighting", {"at": "now", "vehicle": van})
    left = watchlist.add_offender(store, {"external_ref": "X1", "vehicles": [VAN]})
    assert refs(left) == [van]
    assert seen["vehicle"] == van
    assert [step["what"] for step in records.history(store, "vehicle", van)] == ["collection"]
    assert records.history(store, "vehicle", astra)[-1]["what"] == "struck"


def test_a_vehicle_that_returns_to_the_list_is_the_record_it_was(store: Store) -> None:
    man = watchlist.add_offender(store, GARY | {"external_ref": "X1", "vehicles": [ASTRA, VAN]})
    watchlist.add_offender(store, {"external_ref": "X1", "vehicles": [VAN]})
    back = watchlist.add_offender(store, {"external_ref": "X1", "vehicles": [VAN, ASTRA]})
    assert sorted(refs(back)) == sorted(refs(man))


def test_a_vehicle_told_better_is_amended_in_its_place(store: Store) -> None:
    partial = {"vrm": "NA12 ?B?", "colour": "silver"}
    man = watchlist.add_offender(store, GARY | {"external_ref": "X1", "vehicles": [partial]})
    told = watchlist.add_offender(store, {"external_ref": "X1", "vehicles": [{"vrm": "NA12 KBO"}]})
    assert refs(told) == refs(man)
    assert (plates(told), told["vehicles"][0]["colour"]) == (["NA12 KBO"], None)


def test_a_man_without_a_key_keeps_his_vehicles_through_an_amendment(store: Store) -> None:
    man = watchlist.add_offender(store, GARY | {"vehicles": [ASTRA, VAN]})
    same = watchlist.amend_offender(store, man["ref"], {"build": "heavy", "vehicles": man["vehicles"]})
    assert (same["build"], same["vehicles"]) == ("heavy", man["vehicles"])
    left = watchlist.amend_offender(store, man["ref"], {"vehicles": None})
    assert left["vehicles"] == []


def test_what_is_left_out_of_an_amendment_stays(store: Store) -> None:
    man = watchlist.add_offender(store, GARY | {"vehicles": [ASTRA]})
    changed = watchlist.amend_offender(store, man["ref"], {"accent": "teesside"})
    assert changed == man | {"accent": "teesside"}


def test_a_man_cannot_lose_the_last_thing_that_describes_him(store: Store) -> None:
    man = watchlist.add_offender(store, {"vehicles": [VAN]})
    with pytest.raises(Refused, match="needs a name"):
        watchlist.amend_offender(store, man["ref"], {"vehicles": []})
    assert refs(watchlist.show_offender(store, man["ref"])) == refs(man)


def test_his_import_key_cannot_be_changed(store: Store) -> None:
    man = watchlist.add_offender(store, GARY | {"external_ref": "X1"})
    with pytest.raises(Refused, match="external_ref"):
        watchlist.amend_offender(store, man["ref"], {"external_ref": "X2"})


@pytest.mark.parametrize(
    ("raw", "error", "rule"),
    [
        ({"vehicles": "NA12 KBO"}, Refused, "list of objects"),
        ({"vehicles": ["NA12 KBO"]}, Refused, "list of objects"),
        ({"vehicles": [{"body": "van"}]}, Refused, "needs a plate"),
        ({"vehicles": [{"tyres": "4"}]}, Usage, "unknown field"),
        ({"name": "Gary Example", "nationality": "x"}, Refused, "never held"),
    ],
)
def test_an_offender_that_a_rule_refuses_leaves_nothing_behind(
    store: Store, raw: dict[str, Any], error: type[Exception], rule: str
) -> None:
    with pytest.raises(error, match=rule):
        watchlist.add_offender(store, raw)
    assert watchlist.list_offenders(store) == []


def test_a_struck_offender_is_out_of_list_and_match_and_can_still_be_shown(store: Store) -> None:
    man = watchlist.add_offender(store, GARY | {"vehicles": [ASTRA]})
    records.strike(store, "offender", man["ref"], Why("correction"))
    assert watchlist.list_offenders(store) == []
    assert watchlist.match(store, {"name": "Gary Example", "vehicles": [ASTRA]}) == []
    assert watchlist.show_offender(store, man["ref"])["name"] == "Gary Example"
    with pytest.raises(NotFound):
        watchlist.show_offender(store, "O-0000")


def test_the_file_verifies_after_vehicles_came_and_went(store: Store) -> None:
    watchlist.add_offender(store, GARY | {"external_ref": "X1", "vehicles": [ASTRA, VAN]})
    watchlist.add_offender(store, {"external_ref": "X1", "vehicles": [VAN]})
    watchlist.add_offender(store, {"external_ref": "X1", "vehicles": [ASTRA, VAN]})
    assert verify(store).ok


# --- match


def test_a_hit_has_the_shape_of_the_interface(store: Store) -> None:
    man = watchlist.add_offender(store, GARY | {"vehicles": [ASTRA]})
    (hit,) = watchlist.match(
        store, {"name": "Gaz", "vehicles": [{"vrm": "NA12 ?B?", "colour": "silver"}], "age_text": "late 40s"}
    )
    assert list(hit) == ["ref", "label", "score", "band", "reasons", "weights"]
    assert (hit["ref"], hit["band"]) == (man["ref"], "probable")
    assert hit["label"] == 'Gary Example ("Gaz")'
    assert isinstance(hit["score"], int)
    assert 0 <= hit["score"] <= 100
    plate = next(reason for reason in hit["reasons"] if reason["field"] == "vrm")
    assert list(plate) == ["field", "asked", "found", "points", "why"]
    assert (plate["asked"], plate["found"]) == ("NA12 ?B?", "NA12 KBO")
    assert plate["points"] > 0


def test_the_best_hit_comes_first_and_a_contradiction_is_shown(store: Store) -> None:
    watchlist.add_offender(
        store, {"name": "Gary Other", "approximate_age_from": 20, "approximate_age_to": 22}
    )
    man = watchlist.add_offender(store, GARY | {"vehicles": [ASTRA]})
    hits = watchlist.match(
        store,
        {"name": "Gary Example", "vehicles": [ASTRA], "approximate_age_from": 25, "approximate_age_to": 28},
        weak=True,
    )
    assert hits[0]["ref"] == man["ref"]
    assert any(reason["points"] < 0 for reason in hits[0]["reasons"])


def test_a_man_who_is_not_named_is_labelled_by_what_is_known(store: Store) -> None:
    watchlist.add_offender(store, {"vehicles": [ASTRA]})
    watchlist.add_offender(store, {"aliases": ["Gaz"]})
    labels = [watchlist.label(man) for man in watchlist.list_offenders(store)]
    assert labels == ["not named; silver Vauxhall Astra NA12 KBO", '"Gaz"']
    assert watchlist.label({"given_name": "Gary", "surname": "Example"}) == "Gary Example"
    assert watchlist.label({"build": "stocky"}) == "not named"


def test_too_vague_a_description_ranks_nobody_and_says_so(store: Store) -> None:
    watchlist.add_offender(store, GARY)
    (matches,) = watchlist.match_each(store, [watchlist.read_one(store, {"build": "stocky"})])
    assert matches.hits == []
    assert matches.note is not None
    assert "vague" in matches.note


def test_no_more_than_the_limit_is_shown_and_the_rest_is_counted(store: Store) -> None:
    for number in range(4):
        watchlist.add_offender(store, {"name": f"Gary Example-{number}", "vehicles": [ASTRA]})
    (matches,) = watchlist.match_each(store, [watchlist.read_one(store, {"vehicles": [ASTRA]})], limit=3)
    assert (len(matches.hits), matches.more) == (3, 1)


def test_a_batch_is_one_consultation_with_what_was_asked_in_its_payload(store: Store) -> None:
    watchlist.add_offender(store, GARY | {"vehicles": [ASTRA]})
    asked = [watchlist.read_one(store, {"vehicles": [ASTRA]}), watchlist.read_one(store, {"name": "Gaz"})]
    with store.counts() as reader:
        (before,) = reader.execute("select count(*) from entry").fetchone()
    found = watchlist.match_each(store, asked)
    with store.counts() as reader:
        assert reader.execute("select count(*) from entry").fetchone() == (before + 1,)
    detail, body = last_consultation(store)
    assert detail["count"] == sum(len(one.hits) for one in found)
    assert detail["filters"] == ["name", "vehicles"]
    assert "Gaz" not in json.dumps(detail)
    assert body["descriptions"] == asked


@pytest.mark.parametrize(
    ("raw", "error"),
    [
        ({"nationality": "x"}, Refused),
        ({"shoe_size": 9}, Usage),
        ({"vehicles": [{"wheels": 4}]}, Usage),
        ({"vehicles": "NA12 KBO"}, Refused),
        ({"approximate_age_from": 50, "approximate_age_to": 40}, Refused),
        ({"height_from_cm": 190, "height_to_cm": 170}, Refused),
        ({"date_of_birth": "soon"}, Exception),
    ],
)
def test_a_description_that_cannot_be_read_is_refused(
    store: Store, raw: dict[str, Any], error: type[Exception]
) -> None:
    with pytest.raises(error):
        watchlist.match(store, raw)


def test_a_description_may_be_what_show_prints(store: Store) -> None:
    man = watchlist.add_offender(store, GARY | {"vehicles": [ASTRA]})
    described = {key: man[key] for key in ("name", "aliases", "age_text", "build", "vehicles")}
    assert watchlist.match(store, described)[0]["ref"] == man["ref"]


def test_an_age_grows_with_the_years_since_it_was_told(store: Store) -> None:
    then = store.clock()
    watchlist.add_offender(
        store, {"name": "Gary Example", "approximate_age_from": 30, "approximate_age_to": 30}
    )
    store.clock = lambda: then + 20 * 365 * 86_400_000
    (hit,) = watchlist.match(
        store,
        {"name": "Gary Example", "approximate_age_from": 50, "approximate_age_to": 50, "sector": "3"},
        weak=True,
    )
    age = next(reason for reason in hit["reasons"] if reason["field"] == "age")
    assert age["points"] > 0
