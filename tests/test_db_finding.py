"""Search over what was written: which words find which record, and what a search leaves behind."""

import json
from typing import Any

import pytest

from db import engagements, finding, pages, records
from db.errors import Usage
from db.records import Why
from db.vault.store import Store


@pytest.fixture
def written(store: Store) -> dict[str, str]:
    """Four engagements by what they are about."""
    said: dict[str, dict[str, Any]] = {
        "underpass": {"narrative": "Said he waits by the underpass.\nShe was afraid of the silver car."},
        "cafe": {"narrative": "Met at the café, talked about housing.", "mentions": "nobody"},
        "astra": {"mentions": "silver astra, NA12 KBO", "narrative": "quiet night"},
        "both": {"mentions": "white van, white man", "narrative": "the van came back"},
    }
    return {name: engagements.log(store, {"at": "now", **raw})["ref"] for name, raw in said.items()}


def found(store: Store, text: str) -> list[str]:
    return [hit["ref"] for hit in finding.find(store, text)]


def test_a_hit_says_which_record_which_field_and_the_words_around(
    store: Store, written: dict[str, str]
) -> None:
    assert finding.find(store, "underpass") == [
        {
            "ref": written["underpass"],
            "kind": "engagement",
            "field": "narrative",
            "excerpt": "Said he waits by the underpass. She was afraid of the silver car.",
        }
    ]
    assert finding.find(store, "astra")[0]["field"] == "mentions"
    assert finding.find(store, "white van")[0]["field"] == "mentions"


def test_all_words_must_be_there_and_the_newest_comes_first(store: Store, written: dict[str, str]) -> None:
    assert found(store, "silver") == [written["astra"], written["underpass"]]
    assert found(store, "silver afraid") == [written["underpass"]]
    assert found(store, "silver housing") == []


def test_the_last_word_may_go_on_and_so_may_one_with_a_star(store: Store, written: dict[str, str]) -> None:
    assert found(store, "under") == [written["underpass"]]
    assert found(store, "under silver") == []
    assert found(store, "under* silver") == [written["underpass"]]


def test_quotes_keep_a_phrase_together(store: Store, written: dict[str, str]) -> None:
    assert found(store, '"silver car"') == [written["underpass"]]
    assert found(store, '"car silver"') == []
    assert found(store, '"silver ca"') == []


def test_case_and_accents_do_not_matter(store: Store, written: dict[str, str]) -> None:
    assert found(store, "CAFE") == [written["cafe"]]
    assert found(store, "Underpass") == [written["underpass"]]


@pytest.mark.parametrize(
    "text",
    [
        *(
            'silver OR housing"',
            "NEAR(silver car)",
            "narrative:silver",
            "-silver",
            "^silver",
            "silver + car",
            "((",
        ),
        *(
            "silver NOT car",
            '"silver',
            'si"lv"er',
            "a'b",
            "\\",
            "silver*car",
            "* silver",
            "{silver}",
            "silver\x00car",
        ),
    ],
)
def test_nothing_typed_is_read_as_query_language(store: Store, text: str) -> None:
    engagements.log(store, {"at": "now", "narrative": "silver car"})
    if any(char.isalnum() for char in text):
        finding.find(store, text)
    else:
        with pytest.raises(Usage, match="at least one word"):
            finding.find(store, text)


def test_operators_are_words_like_any_other(store: Store, written: dict[str, str]) -> None:
    assert found(store, "silver OR housing") == []
    assert found(store, "silver NOT car") == []


@pytest.mark.parametrize("text", ["", "  ", '""', "?!", "*"])
def test_a_search_without_a_word_is_refused(store: Store, text: str) -> None:
    with pytest.raises(Usage, match="at least one word"):
        finding.find(store, text)


def test_too_many_words_are_refused(store: Store) -> None:
    with pytest.raises(Usage, match="at most 20"):
        finding.find(store, "word " * 21)


def test_what_is_struck_or_erased_is_not_found(store: Store, written: dict[str, str]) -> None:
    records.strike(store, "engagement", written["astra"], Why("correction"))
    assert found(store, "silver") == [written["underpass"]]
    with store.write() as tx:
        tx.erase(records.find(tx, store.id_key, written["underpass"], ("engagement",)).id)
    assert found(store, "silver") == []


def test_an_amended_word_is_found_and_the_old_one_is_not(store: Store, written: dict[str, str]) -> None:
    records.amend(store, "engagement", written["astra"], {"mentions": "golden corsa"})
    assert found(store, "astra") == []
    assert found(store, "corsa") == [written["astra"]]


def test_a_search_stops_at_its_limit_and_says_that_there_is_more(store: Store) -> None:
    for _ in range(4):
        engagements.log(store, {"at": "now", "narrative": "silver"})
    assert [len(finding.search(store, "silver", 3).found), finding.search(store, "silver", 3).more] == [
        3,
        True,
    ]
    assert finding.search(store, "silver", 4).more is False
    assert len(finding.search(store, "silver", None).found) == 4


def test_a_search_is_a_consultation_with_its_words_in_the_payload(store: Store) -> None:
    made = engagements.log(
        store, {"at": "now", "narrative": "silver canary", "people": [{"pseudonym": "Willow-27"}]}
    )
    finding.find(store, "canary")
    with store.counts() as reader:
        detail, body = reader.execute(
            "select e.detail, p.body from entry as e join payload as p on p.desk = e.desk and p.seq = e.seq "
            "where e.operation = 'consultation' order by e.seq desc limit 1"
        ).fetchone()
        (person,) = reader.execute("select id from record where ref = ?", (made["people"][0],)).fetchone()
    assert json.loads(body) == {"search": "canary", "shown": [person.hex()]}
    assert json.loads(detail)["count"] == 1
    assert "canary" not in detail


def test_a_search_that_finds_nothing_is_journalled_too(store: Store) -> None:
    finding.find(store, "nothing")
    with store.counts() as reader:
        (looks,) = reader.execute("select count(*) from entry where operation = 'consultation'").fetchone()
    assert looks == 1


@pytest.mark.parametrize("text", ["07700 900123", "+447700900123", "12/03/1985", "born 1985"])
def test_a_telephone_or_a_birth_date_is_refused_as_an_argument(text: str) -> None:
    with pytest.raises(Usage, match="not taken as an argument"):
        finding.check_argument(text)


@pytest.mark.parametrize("text", ["silver astra", "NA12 KBO", "E-3FQ8", "21/11/2026"])
def test_plain_words_plates_and_references_are_taken_as_an_argument(text: str) -> None:
    finding.check_argument(text)


def test_a_woman_is_found_while_she_is_typed_in_whatever_letters_she_is_called(store: Store) -> None:
    her = records.add(store, "person", {"pseudonym": "Straße-12", "known_as": ["Mo", "Żaneta"]})["ref"]
    records.add(store, "person", {"pseudonym": "Willow-27", "known_as": ["Amo"]})
    for typed in ("strasse", "STRASSE-1", "straße", "żan", "mo", "m"):
        assert [one.ref for one in pages.seek(store, typed).people] == [her], typed
    assert pages.seek(store, "%o").people == []


def test_while_one_types_a_letter_or_two_wait_for_the_third_before_what_was_written_is_searched(
    store: Store,
) -> None:
    written = records.add(store, "engagement", {"at": "2026-11-01T21:00", "narrative": "a red van 3 times"})[
        "ref"
    ]
    found = {
        typed: [hit["ref"] for hit in pages.seek(store, typed).records]
        for typed in ("r", "re", "red", "red v", "red xy", "red xyz", "red 3", "red 4")
    }
    it = [written]
    assert [typed for typed, refs in found.items() if refs == it] == ["red", "red v", "red xy", "red 3"]
    assert [typed for typed, refs in found.items() if not refs] == ["r", "re", "red xyz", "red 4"]


def test_a_search_as_one_types_is_one_look_at_all_whom_it_shows(store: Store) -> None:
    her = records.add(store, "person", {"pseudonym": "Willow-27"})["ref"]
    other = records.add(store, "person", {"pseudonym": "Rowan-04"})["ref"]
    told = {"at": "2026-11-01T21:00", "people": [other], "narrative": "by the willow tree"}
    records.add(store, "engagement", told)
    looks = "select count(*), max(seq) from entry where operation = 'consultation'"
    with store.counts() as reader:
        before, _ = reader.execute(looks).fetchone()
    assert len(pages.seek(store, "willow").records) == 1
    pages.seek(store, "q")
    with store.counts() as reader:
        after, last = reader.execute(looks).fetchone()
        (body,) = reader.execute("select body from payload where seq = ?", (last,)).fetchone()
        refs = dict(reader.execute("select lower(hex(id)), ref from record").fetchall())
    assert after == before + 1
    assert json.loads(body)["search"] == "willow"
    assert {refs[one] for one in json.loads(body)["shown"]} == {her, other}
