"""What an unlock, Today and the lists need; loaded in a thread once the lock is painted."""

import nacl.bindings

from db import drafts, settings, shifts, standing
from tui import engagements, find, record, today

__all__ = ["drafts", "engagements", "find", "nacl", "record", "settings", "shifts", "standing", "today"]
