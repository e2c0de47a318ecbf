"""The five contacts of the specification, replayed key by key in the real screens."""

import pytest

from db.vault.store import Store
from tests.conftest import Clock, Unit
from tests.formed import furnished, play, saved
from tests.replayed import CONTACTS, Contact, replay
from tests.seats import Seat


@pytest.mark.parametrize("contact", CONTACTS, ids=lambda one: one.name.replace(" ", "-"))
def test_each_of_the_five_contacts_is_saved_within_its_keys(
    unit: Unit, clock: Clock, store: Store, contact: Contact
) -> None:
    furnished(store)
    store.close()
    clock.forward(11.6 * 3600)  # late in the evening

    async def script(seat: Seat) -> None:
        await replay(seat, contact)
        assert "Saved E-" in seat.shown

    play(unit, clock, script, (80, 24), keys=())
    assert contact.check({kind: saved(unit, kind) for kind in ("engagement", "concern")})
    assert contact.keys <= contact.target
