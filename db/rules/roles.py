"""Who may do what. Every member is an officer; some are liaison, some supervisor, some both. The
recovery code signs member entries and nothing else.

The same table decides when an entry is written and again when the journal is verified.
"""

from __future__ import annotations

RISING = ("officer", "liaison", "supervisor")

# a security event, or an operation on a kind, that not every member may do
_EVENTS = {
    "reveal": ("liaison",),
    "member_add": ("supervisor",),
    "member_remove": ("supervisor",),
    "member_role": ("supervisor",),
    "member_reset": ("supervisor",),
    "restore": ("supervisor",),
    "config": ("supervisor",),
    "member_recover": ("recovery",),
    "recovery_new": ("recovery",),
    "rotate_identity": ("liaison",),
    "detach": ("liaison", "supervisor"),
    "export": ("supervisor",),
}


def allowed(operation: str, event: str | None) -> tuple[str, ...]:
    """Return the roles that may do it, the least first."""
    if event in _EVENTS:
        return _EVENTS[event]
    return RISING


def least(held: tuple[str, ...], operation: str, event: str | None) -> str | None:
    """Return the least of the roles *held* that allows it, or None where none does."""
    mine = {*held} if "recovery" in held else {"officer", *held}
    return next((role for role in allowed(operation, event) if role in mine), None)
