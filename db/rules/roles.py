"""Who may do what. Every member is an officer; some are liaison, some supervisor, some both.

The recovery code signs member entries and nothing else.
The same table decides when an entry is written and again when the journal is verified.
"""

from __future__ import annotations

RISING = ("officer", "liaison", "supervisor")

# a security event, or an operation on a kind, that not every member may do
_EVENTS = {
    "reveal": ("liaison",),
    "find_sealed": ("liaison",),
    "member_add": ("supervisor",),
    "member_remove": ("supervisor",),
    "member_role": ("supervisor",),
    "member_reset": ("supervisor",),
    "restore": ("supervisor",),
    "config": ("supervisor",),
    "member_recover": ("recovery",),
    "recovery_new": ("recovery",),
    "desk_new": (*RISING, "recovery"),
    "clock_jump": (*RISING, "recovery"),
    "rotate_identity": ("liaison",),
    "detach": ("liaison", "supervisor"),
    "export": ("supervisor",),
    "journal_export": ("supervisor",),
    "journal_import": ("supervisor",),
    "lift": ("supervisor",),
    "contact_again": ("supervisor",),
    **dict.fromkeys(("brief_parade", "brief_meeting", "brief_alert"), ("supervisor",)),
    "erase_ordered": ("supervisor",),
    **dict.fromkeys(
        ("erase_agreed", "erase_with", "erase_looks", "redact"), RISING
    ),  # verify asks who else agreed
}

# what the unit has settled, and what leaves it, is a supervisor's, whatever the entry calls itself
_KINDS = {"setting": ("supervisor",), "release": ("supervisor",)}
# her yes or no is never changed, only said anew
_NOBODY = {("consent", "alteration"), ("consent", "combination")}
_CHANGES = {"collection", "alteration", "combination", "erasure"}

# what is signed by the member's own seed, never by a session: the passphrase is asked for each time
_BY_SEED = {
    *("genesis", "unlock", "passphrase", "reveal", "find_sealed", "restore", "identity_new", "recovery_new"),
    *("member_add", "member_join", "member_key", "member_recover", "member_remove", "member_reset"),
    *("member_role", "journal_export", "journal_import"),
}


def allowed(operation: str, event: str | None, kind: str | None = None) -> tuple[str, ...]:
    """Return the roles that may do it, the least first; *kind* is of the record that it changes."""
    if (kind, operation) in _NOBODY:
        return ()
    if kind in _KINDS and operation in _CHANGES:
        return _KINDS[kind]
    if event in _EVENTS:
        return _EVENTS[event]
    return ("supervisor",) if operation == "erasure" else RISING


def needs_seed(operation: str, event: str | None) -> bool:
    """Tell whether only the member's own seed may sign it."""
    return (operation == "erasure" and event != "redact") or event in _BY_SEED


def least(held: tuple[str, ...], operation: str, event: str | None, kind: str | None = None) -> str | None:
    """Return the least of the roles *held* that allows it, or None where none does."""
    mine = {*held} if "recovery" in held else {"officer", *held}
    return next((role for role in allowed(operation, event, kind) if role in mine), None)
