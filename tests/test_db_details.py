"""What an entry may say in the clear, and which role may say it."""

from typing import Any

import pytest

from db.rules import details, roles


@pytest.mark.parametrize(
    "detail",
    [
        {},
        {"interface": "cli", "command": "people.add", "reason": "safeguarding"},
        {"count": 0, "ref": 4, "desk": (1 << 47), "not_after": 1_790_000_000},
        {"person": "ab" * 16, "key": "00" * 32, "hash": "0f" * 32},
        {"fields": ["sector", "narrative"], "roles": [], "filters": ["since"]},
        {"undo": [[1, 2]], "accepted": [[1, 2], [3, 4]]},
    ],
)
def test_codes_numbers_and_ids_may_stand_in_the_clear(detail: dict[str, Any]) -> None:
    assert details.fault(detail) is None


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("note", "x"),
        ("pseudonym", "willow"),
        ("reason", "She asked"),
        ("reason", "she asked"),
        ("reason", "crime\n"),
        ("reason", ""),
        ("reason", "a" * 65),
        ("reason", 7),
        ("command", "Zoë"),
        ("count", "7"),
        ("count", True),
        ("count", 1.0),
        ("count", 1 << 63),
        ("person", "AB" * 16),
        ("person", "abc"),
        ("person", "she"),
        ("fields", "sector"),
        ("fields", ["a b"]),
        ("fields", [["a"]]),
        ("undo", [[1]]),
        ("undo", [[1, True]]),
        ("undo", {"1": 2}),
        ("accepted", [[1, "2"]]),
    ],
)
def test_words_and_whatever_is_not_in_the_table_may_not(key: str, value: object) -> None:
    assert details.fault({"interface": "cli", key: value}) == key


@pytest.mark.parametrize(
    ("operation", "event", "held", "least"),
    [
        ("collection", None, (), "officer"),
        ("consultation", None, ("supervisor", "liaison"), "officer"),
        ("consultation", "reveal", ("supervisor",), None),
        ("consultation", "reveal", ("liaison",), "liaison"),
        ("erasure", None, (), None),
        ("erasure", None, ("liaison",), None),
        ("erasure", None, ("supervisor",), "supervisor"),
        ("erasure", "detach", ("liaison",), "liaison"),
        ("erasure", "detach", ("supervisor",), "supervisor"),
        ("security", "member_add", (), None),
        ("security", "member_add", ("supervisor", "liaison"), "supervisor"),
        ("security", "member_recover", ("recovery",), "recovery"),
        ("security", "member_recover", ("supervisor",), None),
        ("security", "unlock", (), "officer"),
    ],
)
def test_an_entrys_role_is_the_least_that_its_member_holds_and_the_table_allows(
    operation: str, event: str | None, held: tuple[str, ...], least: str | None
) -> None:
    assert roles.least(held, operation, event) == least


@pytest.mark.parametrize(
    ("operation", "event", "by_seed"),
    [
        ("erasure", None, True),
        ("erasure", "detach", True),
        ("security", "unlock", True),
        ("security", "member_remove", True),
        ("security", "identity_new", True),
        ("consultation", "reveal", True),
        ("consultation", None, False),
        ("collection", None, False),
        ("security", "lock", False),
        ("security", "verify", False),
        ("security", "backup", False),
    ],
)
def test_what_needs_the_passphrase_again_is_signed_by_the_seed(
    operation: str, event: str | None, by_seed: bool
) -> None:
    assert roles.needs_seed(operation, event) is by_seed
