"""What an unlock and Today need; loaded in a thread once the lock is painted."""

import nacl.bindings

from db import drafts, settings, shifts, standing, today
from tui import rows
from tui import today as screen

__all__ = ["drafts", "nacl", "rows", "screen", "settings", "shifts", "standing", "today"]
