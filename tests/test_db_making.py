"""New records by the batch: their numbers, and references as short as their neighbours allow."""

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db import records
from db.errors import NotFound, Refused
from db.rules.records import heard, span, spoken
from db.vault.making import BATCH
from db.vault.store import Store
from db.vault.verify import verify

AT = {"at": 1_790_000_000, "contact": "spoke", "people_unnamed": 0, "sharing_level": 1}


def make(store: Store, *ids: bytes) -> list[str]:
    """Make engagements of these ids in one transaction; returns their references."""
    with store.write() as tx:
        for record in ids:
            tx.create_as("engagement", record, AT)
        return [tx.ref(record) for record in ids]


def near(record: bytes, bits: int) -> bytes:
    """Return an id that shares exactly the first *bits* bits."""
    return (int.from_bytes(record, "big") ^ 1 << 127 - bits).to_bytes(16, "big")


def test_a_reference_has_four_digits_and_more_where_another_begins_alike(store: Store) -> None:
    first = os.urandom(16)
    (plain,) = make(store, first)
    assert len(plain) == 6
    second, third = near(first, 22), near(first, 41)
    assert [len(ref) - 2 for ref in make(store, second, third)] == [5, 9]
    with store.counts() as reader:
        for record in (first, second, third):
            ref = reader.execute("select ref from record where id = ?", (record,)).fetchone()[0]
            assert records.find(reader, store.id_key, ref.lower(), ("engagement",)).id == record
    assert verify(store).ok


def test_records_of_one_batch_take_heed_of_each_other(store: Store) -> None:
    first = os.urandom(16)
    refs = make(store, first, near(first, 20), near(first, 33))
    assert [len(ref) - 2 for ref in refs] == [4, 5, 7]
    assert len(set(refs)) == 3


def test_a_record_is_not_made_twice(store: Store) -> None:
    record = os.urandom(16)
    with pytest.raises(Refused, match="made twice"):
        make(store, record, record)
    (ref,) = make(store, record)
    with pytest.raises(Refused, match=f"{ref} exists"):
        make(store, record)
    assert verify(store).ok


def test_a_record_that_was_pointed_at_first_takes_the_number_it_was_given(store: Store) -> None:
    woman, contact = os.urandom(16), os.urandom(16)
    with store.write() as tx:
        tx.create_as("engagement", contact, AT | {"people": [woman.hex()]})
        announced = tx.number(woman.hex())
    fields = {"pseudonym": "Willow-1", "sex": "woman", "age_band": "unknown", "status": "active"}
    with store.write() as tx:
        assert woman in tx.known([woman])
        tx.create_as("person", woman, fields | {"sharing_level": 1})
        assert tx.number(woman.hex()) == announced
    assert records.listing(store, "engagement")[0]["people"] == [
        records.listing(store, "person")[0]["ref"],
    ]


def test_more_than_a_batch_is_written_and_read_in_its_own_transaction(store: Store) -> None:
    ids = [os.urandom(16) for _ in range(BATCH + 5)]
    with store.write() as tx:
        for record in ids:
            tx.create_as("engagement", record, AT)
        assert tx.execute("select count(*) from engagement").fetchone() == (BATCH + 5,)
        assert len(tx.known(ids)) == BATCH + 5
    assert verify(store).ok


@given(st.binary(min_size=16, max_size=16), st.integers(1, 26))
def test_a_reference_spans_the_ids_that_begin_with_it(record: bytes, digits: int) -> None:
    ref = spoken("E", record, digits)
    low, high = span(ref)
    assert low <= record <= high
    assert spoken("E", low, digits) == spoken("E", high, digits) == ref
    if digits == 26:
        assert low == high == record


@given(st.text(max_size=30))
def test_no_typed_text_breaks_the_search_for_a_reference(typed: str) -> None:
    low, high = span(heard(typed))
    assert len(low) in (1, 16)
    assert isinstance(high, bytes)


def test_a_reference_that_is_none_names_the_nearest(store: Store) -> None:
    record = bytes(16)
    make(store, record)
    with store.counts() as reader, pytest.raises(NotFound, match="near it: E-0000"):
        records.find(reader, store.id_key, "E-00ZZ", ("engagement",))
