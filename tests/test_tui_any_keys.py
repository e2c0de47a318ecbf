"""Any keys in any window: no crash, no lost draft, and no write that was not asked for."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from db import drafts, journals
from db.drafts import Draft
from db.vault.store import Store
from tests.conftest import Clock, Unit
from tests.seats import Seat
from tests.test_tui_looks import furnish

KEYS = (
    *(
        "f1",
        "f3",
        "f4",
        "f5",
        "f6",
        "f8",
        "f9",
        "escape",
        "enter",
        "up",
        "down",
        "pageup",
        "pagedown",
        "home",
    ),
    *("end", "tab", "slash", "question_mark", "j", "k", "n", "h", "t", "q", "m", "y", "a", "space", "R"),
    *(
        "left_square_bracket",
        "right_square_bracket",
        "backspace",
        "ctrl+c",
        "ctrl+l",
        "ctrl+p",
        "s",
        "d",
        "r",
    ),
)
WRITES = ("collection", "alteration", "erasure", "combination", "disclosure")
HALF = Draft("0a" * 16, 0, "other", {"note": "half a sentence"})


def written(store: Store) -> list[str]:
    """The entries that change something; looks, locks and unlocks do not."""
    return [one["operation"] for one in journals.entries(store) if one["operation"] in WRITES]


@settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.sampled_from(KEYS), min_size=5, max_size=25),
    st.sampled_from([(80, 24), (120, 40), (59, 15), (39, 9), (20, 5)]),
)
def test_whatever_is_pressed_nothing_breaks_is_lost_or_is_written_unasked(
    unit: Unit, clock: Clock, store: Store, keys: list[str], size: tuple[int, int]
) -> None:
    if not written(store):
        furnish(store)
        drafts.keep(store, HALF)
    before = written(store)

    async def play(seat: Seat) -> None:
        await seat.unlock()
        for key in keys:
            if seat.desk.unlocked:
                await seat.press(key)
        if seat.desk.unlocked:
            assert [one.fields for one in seat.app.drafts.listing() if one.kind == "other"] == [HALF.fields]

    Seat(unit, clock).run(play, size)
    assert written(store) == before
    assert HALF.fields in [one.fields for one in drafts.give_back(store, unit.opened)]
