"""Any input for the tests: words, values, what a test of them asks for, and for how long it goes on.

The short form runs with the tests. The long one, ``make fuzz``, takes BEECH_MINUTES (60) on two cores, shared
among the tests: seed after seed, each printed, until a test's share is over.
"""

import inspect
import os
import time
from collections.abc import Callable
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, seed, settings
from hypothesis import strategies as st

from db.errors import BeechError
from db.vault.store import Store
from tests.torture import LONG

MINUTES = float(os.environ.get("BEECH_MINUTES", "60")) if LONG else 0.0
CORES = 2
OFTEN = settings(
    max_examples=2000 if LONG else 60,  # of one seed
    deadline=None,
    suppress_health_check=list(HealthCheck),
    print_blob=True,
)
SELDOM = settings(OFTEN, max_examples=100 if LONG else 10)

WORDS = st.one_of(
    st.text(max_size=60),
    st.sampled_from(
        [
            *("2130", "yesterday 2130", "25/10/2026 01:30", "28/03/2027 01:30", "last friday 11pm", "-2h"),
            *("NA12 ?B?", "N*", "[AB]C12", "about 6 foot 2", "late forties", "07700 900123", "+44 7700"),
            *("flagged down on Linthorpe Rd, P-7KQ2: silver Astra NA12 ?? followed her, wants housing",),
            *("\u202egnp", "\x1b]0;title\x07", "A\u0301\u0323", "\ud7ff", "E-0000", "?" * 40, "a;b\\;c"),
        ]
    ),
    st.lists(st.sampled_from("0123456789 :/-?*[]()+'\"amp.,feetcm"), max_size=20).map("".join),
)
VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), WORDS),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(WORDS, inner, max_size=3)),
    max_leaves=6,
)


def for_its_share(test: Callable[..., None]) -> Callable[..., None]:
    """Run a test of any input, in the long form seed after seed until its share of the minutes is over."""
    if not LONG:
        return test

    def whole(request: pytest.FixtureRequest, **fixtures: Any) -> None:
        beside = [item for item in request.session.items if item.path.name.startswith("test_fuzz")]
        end = time.monotonic() + 60 * MINUTES * CORES / len(beside)
        for number in count():
            print(f"seed {number}")  # shown where it fails: what is tried follows from it
            seed(number)(test)(**fixtures)
            if time.monotonic() >= end:
                break

    taken = inspect.signature(test)
    request = inspect.Parameter("request", inspect.Parameter.KEYWORD_ONLY)
    whole.__signature__ = taken.replace(parameters=[*taken.parameters.values(), request])  # type: ignore[attr-defined]
    whole.__name__, whole.__doc__ = test.__name__, test.__doc__
    whole.pytestmark = getattr(test, "pytestmark", [])  # type: ignore[attr-defined]
    return whole


def only_ours(work: Callable[[], object]) -> None:
    """Do something; the tree of our own errors is the only one that may come out of it."""
    said = "done"
    try:
        work()
    except BeechError as error:
        said = str(error).strip()
    assert said
    assert "\n" not in said


def undurable(store: Store) -> Store:
    """The store, with durability off: nothing here is about a lost machine."""
    with store.cipher.trusted() as connection:
        connection.execute("pragma synchronous = off")
    return store
