"""Import: planned first, whole or not at all, the same again by the importer's own keys."""

import json
from pathlib import Path

import pytest

from db import people, records
from db.errors import Refused, Usage
from db.exchange import importing
from db.exchange.importing import Watch
from db.exchange.reading import Source
from db.records import Why
from db.vault.store import Store
from db.vault.verify import verify
from tests.conftest import Clock
from tests.imports import CSV, ONE, TWO, Desk, changed


@pytest.fixture
def desk(store: Store, tmp_path: Path) -> Desk:
    return Desk(store, tmp_path)


# --- planned, then whole or not at all


def test_a_plan_says_what_applying_does_and_writes_nothing(desk: Desk) -> None:
    before = desk.entries()
    planned = desk.take("engagement", CSV + ONE + TWO, apply=False)
    assert (changed(planned), planned.applied, desk.entries()) == ({"create": 2}, False, before)
    plan = desk.verdicts
    done = desk.take("engagement", CSV + ONE + TWO)
    assert (changed(done), done.applied, desk.verdicts) == ({"create": 2}, True, plan)
    first = desk.engagements()["X1"]
    assert first["needs"] == ["housing", "food"]
    assert (first["narrative"], first["people_unnamed"], first["sharing_level"]) == ("she said hello", 0, 1)
    assert verify(desk.store).ok


def test_one_refused_row_keeps_every_row_out(desk: Desk) -> None:
    before = desk.entries()
    done = desk.take("engagement", CSV + ONE + "X2,2026-11-02T10:00,zebracanary,4,,\n")
    assert (changed(done), done.applied) == ({"create": 1, "refused": 1}, False)
    (problem,) = done.problems
    assert (problem.row, str(problem.why).startswith("contact: ")) == (3, True)
    assert "zebracanary" not in str(problem.why)
    assert desk.entries() == before
    assert desk.engagements() == {}


def test_an_import_that_is_interrupted_leaves_nothing(desk: Desk, store: Store) -> None:
    path = desk.folder / "many.csv"
    path.write_text(CSV + "".join(f"X{n},2026-11-01T10:00,spoke,3,,word\n" for n in range(5000)))
    before = desk.entries()

    def stop(done: int) -> None:
        if done > path.stat().st_size // 2:
            raise KeyboardInterrupt

    source = Source(path)
    with pytest.raises(KeyboardInterrupt):
        importing.run(store, "engagement", source, apply=True, watch=Watch(tick=stop))
    source.close()
    assert desk.entries() == before
    with store.counts() as reader:
        assert reader.execute("select count(*) from record").fetchone() == (0,)
    assert verify(store).ok


def test_an_import_is_one_transaction_with_one_signature_that_names_the_file(desk: Desk) -> None:
    rows = "".join(f"X{n},2026-11-01T10:00,spoke,3,,word\n" for n in range(2500))
    done = desk.take("engagement", CSV + rows)
    with desk.store.counts() as reader:
        found = reader.execute(
            "select count(*), count(signature), count(distinct tx) from entry where kind = 'engagement'"
        ).fetchone()
        (last,) = reader.execute(
            "select detail from entry where kind = 'engagement' and record is null"
        ).fetchone()
    assert found == (2501, 1, 1)
    detail = json.loads(last)
    assert (detail["import"], detail["rows"]) == (done.id, 2500)
    assert len(detail["file"]) == 32
    assert verify(desk.store).ok


# --- the same again


def test_the_same_file_again_is_the_same_and_writes_nothing(desk: Desk) -> None:
    desk.take("engagement", CSV + ONE + TWO)
    before = desk.entries()
    again = desk.take("engagement", CSV + ONE + TWO)
    assert (changed(again), again.applied, desk.entries()) == ({"same": 2}, True, before)


def test_what_the_file_changed_is_an_update_and_what_it_leaves_out_stays(desk: Desk) -> None:
    desk.take("engagement", CSV + ONE + TWO)
    done = desk.take("engagement", "external_ref,at,sector,narrative\nX1,2026-11-01T10:00,5,\n")
    assert changed(done) == {"update": 1}
    first = desk.engagements()["X1"]
    assert (first["sector"], first["narrative"], first["contact"]) == ("5", "she said hello", "spoke")
    assert verify(desk.store).ok


def test_null_clears_and_an_empty_or_blank_cell_leaves(desk: Desk) -> None:
    desk.take("engagement", CSV + ONE)
    assert changed(desk.take("engagement", CSV + "X1,2026-11-01T10:00,,   ,,\n")) == {"same": 1}
    assert changed(desk.lines("engagement", {"external_ref": "X1", "sector": None})) == {"update": 1}
    assert desk.engagements()["X1"]["sector"] is None
    assert desk.engagements()["X1"]["narrative"] == "she said hello"


def test_a_field_changed_here_and_in_the_file_is_a_conflict(desk: Desk) -> None:
    desk.take("engagement", CSV + ONE + TWO)
    refs = {key: row["ref"] for key, row in desk.engagements().items()}
    records.amend(desk.store, "engagement", refs["X1"], {"sector": "7"}, Why())
    done = desk.take("engagement", "external_ref,at,sector\nX1,2026-11-01T10:00,8\nX2,2026-11-02T10:00,9\n")
    assert (changed(done), done.applied) == ({"conflict": 1, "update": 1}, False)
    assert done.problems[0].why == "sector: changed here and in the file"
    assert desk.engagements()["X2"]["sector"] == "4"


def test_what_was_changed_here_alone_stays_when_the_file_comes_again(desk: Desk) -> None:
    desk.take("engagement", CSV + ONE)
    records.amend(desk.store, "engagement", desk.engagements()["X1"]["ref"], {"sector": "7"}, Why())
    assert changed(desk.take("engagement", CSV + ONE)) == {"same": 1}
    assert desk.engagements()["X1"]["sector"] == "7"


def test_a_key_that_comes_twice_in_one_file_updates_what_it_made(desk: Desk) -> None:
    done = desk.take("engagement", CSV + ONE + ONE + "X1,2026-11-01T10:00,spoke,9,,\n")
    assert changed(done) == {"create": 1, "same": 1, "update": 1}
    assert desk.engagements()["X1"]["sector"] == "9"
    assert verify(desk.store).ok


def test_an_erased_row_is_the_same_and_stays_erased(desk: Desk, store: Store) -> None:
    desk.take("engagement", CSV + ONE + TWO)
    with store.counts() as reader:
        found = records.find(reader, store.id_key, "X1", ("engagement",))
    with store.write("erasure") as tx:
        tx.erase(found.id)
    assert changed(desk.take("engagement", CSV + ONE + TWO)) == {"same": 2}
    assert list(desk.engagements()) == ["X2"]
    assert verify(store).ok


def test_calls_are_known_by_what_they_count(desk: Desk) -> None:
    row = {"month": "2026-10", "source": "storm", "category": "asb", "count": 4}
    assert changed(desk.lines("call", row)) == {"create": 1}
    assert changed(desk.lines("call", row | {"count": 5})) == {"update": 1}
    assert changed(desk.lines("call", row | {"sector": "3"})) == {"create": 1}


# --- what a row points at


def test_a_reference_is_a_ref_or_an_external_ref(desk: Desk) -> None:
    desk.lines("person", {"external_ref": "W1", "pseudonym": "Willow-1"})
    willow = records.add(desk.store, "person", {"pseudonym": "Willow-2"})["ref"]
    desk.lines(
        "engagement", {"external_ref": "X1", "at": "2026-11-01T10:00", "people": ["W1", willow.lower(), "W1"]}
    )
    shown = desk.engagements()["X1"]["people"]
    assert len(shown) == 2
    assert shown[1] == willow
    assert changed(desk.take("engagement", f"external_ref,at,people\nX1,2026-11-01T10:00,W1;{willow}\n")) == {
        "same": 1
    }


def test_a_reference_that_names_nothing_is_refused_and_nobody_is_made(desk: Desk) -> None:
    done = desk.take("engagement", "external_ref,at,people\nX1,2026-11-01T10:00,zebracanary\n")
    assert str(done.problems[0].why).startswith("people: ")
    assert "zebracanary" not in str(done.problems[0].why)
    assert records.listing(desk.store, "person") == []


def test_many_references_are_looked_up_and_lead_to_the_right_records(desk: Desk) -> None:
    women = "".join(f"W{n},Willow-{n}\n" for n in range(1200))
    desk.take("person", "external_ref,pseudonym\n" + women)
    rows = "".join(f"X{n},2026-11-01T10:00,W{n};W{(n * 7) % 1200}\n" for n in range(1200))
    assert changed(desk.take("engagement", "external_ref,at,people\n" + rows)) == {"create": 1200}
    with desk.store.counts() as reader:
        wrong = reader.execute(
            "select count(*) from link as l join engagement as e on e.n = l.source "
            "join person as p on p.n = l.target where l.place = 0 "
            "and p.pseudonym <> 'Willow-' || substr(e.external_ref, 2)"
        ).fetchone()
    assert wrong == (0,)
    assert changed(desk.take("engagement", "external_ref,at,people\n" + rows)) == {"same": 1200}
    assert verify(desk.store).ok


def test_a_concern_finds_its_engagement_and_a_level_0_one_refuses_it(desk: Desk) -> None:
    desk.take("engagement", "external_ref,at,sharing_level\nX1,2026-11-01T10:00,1\nX2,2026-11-01T10:00,0\n")
    concerns = [{"external_ref": f"C{n}", "engagement": "X1", "behaviours": ["follows"]} for n in range(3)]
    assert changed(desk.lines("concern", *concerns)) == {"create": 3}
    done = desk.lines("concern", {"external_ref": "C9", "engagement": "X2"})
    assert "sharing level 0" in str(done.problems[0].why)


def test_a_new_key_beside_the_ref_of_a_record_that_stands_is_refused(desk: Desk) -> None:
    ref = records.add(desk.store, "engagement", {"at": "2026-11-01T10:00"})["ref"]
    done = desk.lines("engagement", {"ref": ref, "external_ref": "X1", "sector": "3"})
    assert str(done.problems[0].why).startswith("external_ref: ")
    assert changed(desk.lines("engagement", {"ref": ref, "sector": "3"})) == {"update": 1}


# --- rules bind imports as they bind forms


@pytest.mark.parametrize("name", ["rows.csv", "rows.ndjson"])
def test_level_0_keeps_no_words(desk: Desk, name: str) -> None:
    row = {"external_ref": "X1", "at": "2026-11-01T10:00", "sharing_level": "0", "narrative": "words"}
    content = (
        ",".join(row) + "\n" + ",".join(row.values()) + "\n" if name.endswith("csv") else json.dumps(row)
    )
    done = desk.take("engagement", content, name=name)
    assert str(done.problems[0].why).startswith("narrative: sharing level 0")


def test_a_level_lowered_by_a_file_takes_the_words_at_once(desk: Desk) -> None:
    desk.take("engagement", CSV + ONE)
    assert changed(desk.lines("engagement", {"external_ref": "X1", "sharing_level": 0})) == {"update": 1}
    lowered = desk.engagements()["X1"]
    assert (lowered["sharing_level"], lowered["narrative"], lowered["sector"]) == (0, None, "3")
    assert changed(desk.take("engagement", CSV + ONE)) == {"same": 1}
    assert verify(desk.store).ok


def test_under_18_is_a_hard_stop_for_imports_too(desk: Desk) -> None:
    done = desk.take("person", "pseudonym,age_band\nWillow-1,18-24\nWillow-2,under_18\n")
    assert (changed(done), done.applied) == ({"create": 1, "refused": 1}, False)
    assert records.listing(desk.store, "person") == []


def test_an_unknown_column_is_usage_even_where_every_cell_is_empty(desk: Desk) -> None:
    with pytest.raises(Usage, match="shoe_size"):
        desk.take("person", "pseudonym,shoe_size\nWillow-1,\n")
    with pytest.raises(Usage, match="row 2: .*shoe_size"):
        desk.lines("person", {"pseudonym": "Willow-1"}, {"pseudonym": "Willow-2", "shoe_size": 5})


def test_a_never_held_column_is_refused_by_name(desk: Desk) -> None:
    with pytest.raises(Refused, match="nationality"):
        desk.take("person", "nationality,pseudonym\nx,Willow-1\n")
    done = desk.lines("person", {"pseudonym": "Willow-1", "visa": "x"})
    assert "visa" in str(done.problems[0].why)


def test_a_file_without_a_header_is_refused_and_its_first_row_not_repeated(desk: Desk) -> None:
    with pytest.raises(Usage, match="the first line names no column of person") as caught:
        desk.take("person", "Zebracanary,woman\nWillow-2,woman\n")
    assert "zebracanary" not in str(caught.value).lower()


# --- afterwards


def test_a_look_is_not_kept_waiting_by_a_plan_that_was_rolled_back(desk: Desk, clock: Clock) -> None:
    desk.take("engagement", CSV + ONE, apply=False)
    clock.forward(60)
    assert desk.engagements() == {}


def test_what_was_imported_is_found_by_its_words(desk: Desk) -> None:
    desk.take("engagement", CSV + ONE)
    with desk.store.counts() as reader:
        found = reader.execute(
            "select e.external_ref from engagement_words as w join engagement as e on e.n = w.rowid "
            "where engagement_words match 'hello'"
        ).fetchall()
    assert found == [("X1",)]


def test_identities_are_not_imported(desk: Desk) -> None:
    with pytest.raises(Usage, match="given_name"):
        desk.take("person", "pseudonym,given_name\nWillow-1,Testina\n")
    assert "given_name" in {field.name for field in people.IDENTITY}


# --- pseudonyms


def test_a_pseudonym_that_another_person_or_another_row_has_is_refused(desk: Desk, store: Store) -> None:
    ref = str(people.add(store, {"pseudonym": "Willow-27"}, Why())["ref"])
    rows = ("Rowan-04", "willow-27", "Hazel-11", " rowan-04")
    done = desk.lines(
        "person", *({"external_ref": f"x{n}", "pseudonym": name} for n, name in enumerate(rows))
    )
    assert not done.applied
    assert [(one.row, one.why) for one in done.problems] == [
        (2, f"pseudonym: {ref} has it already; another keeps the two apart"),
        (4, "pseudonym: row 1 has it already; another keeps the two apart"),
    ]


def test_a_pseudonym_is_changed_by_a_file_to_one_that_nobody_has(desk: Desk, store: Store) -> None:
    people.add(store, {"pseudonym": "Willow-27"}, Why())
    assert desk.lines("person", {"external_ref": "x", "pseudonym": "Rowan-04"}).applied
    assert not desk.lines("person", {"external_ref": "x", "pseudonym": "Willow-27"}).applied
    assert desk.lines("person", {"external_ref": "x", "pseudonym": "Hazel-11"}).applied
    assert desk.lines("person", {"external_ref": "x", "pseudonym": "Hazel-11"}).counts["same"] == 1
    twice = ({"external_ref": "y", "pseudonym": "Birch-12"}, {"external_ref": "y", "pseudonym": "birch-12"})
    assert desk.lines("person", *twice).applied
