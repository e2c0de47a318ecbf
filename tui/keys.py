"""Every key, what it does, and the command line that does the same: help is drawn from it.

Not used, since terminals swallow or alias them: ^C ^V ^Z ^H ^I ^J ^M ^[ ^Space, Alt, F10, F11, ^Shift.
"""

from __future__ import annotations

from typing import NamedTuple


class Key(NamedTuple):
    """One key: textual's name for it, how it is written, what it does, its command-line twin."""

    name: str
    shown: str
    said: str
    twin: str = ""


EVERYWHERE = (
    Key("f1", "F1", "help for what has the focus", "beech --help"),
    Key("f2", "F2", "new contact, or back to the draft; again: write-up", "beech log"),
    Key("f3", "F3", "find", "beech find"),
    Key("f4", "F4", "engagements", "beech engagements list"),
    Key("f5", "F5", "watchlist", "beech watchlist list"),
    Key("f6", "F6", "tallies", "beech summary"),
    Key("f9", "F9", "undo what was just saved", "beech engagements undo"),
    Key("escape", "Esc", "back one step; no text is lost"),
    Key("ctrl+l", "^L", "lock", "beech lock"),
    Key("ctrl+p", "^P", "all that can be done, by name"),
    Key("ctrl+q", "^Q", "quit; what is not saved is kept as a draft", "beech lock"),
)
"""What each key does on any screen."""

LIST = (
    Key("enter", "Enter", "open"),
    Key("slash", "/", "filter this list"),
    Key("j", "j k", "down, up; so do the arrows"),
    Key("pagedown", "PgUp PgDn", "a page"),
    Key("home", "Home End", "first, last"),
    Key("n", "n", "new contact", "beech log"),
    Key("R", "R F8", "a woman's next contact, with how, sector and needs of her last", "beech log"),
    Key("question_mark", "?", "help"),
)
"""What more they do in a list."""

TODAY = (
    Key("enter", "Enter", "open what the line tells of"),
    Key("j", "j k", "down, up; so do the arrows"),
    Key("n", "n", "new contact", "beech log"),
    Key("question_mark", "?", "help"),
)
"""What more they do on Today."""

RECORD = (
    Key("enter", "Enter", "open what the line tells of"),
    Key("e", "e", "amend: type over its fields, whom it names included", "beech {} amend"),
    Key("w", "w", "from the wrong woman to the right one", "beech {} reassign"),
    Key("y", "y", "text to paste; asks once", "beech {} show --as log"),
    Key("x", "x", "strike out, as entered in error; asks once", "beech {} strike"),
    Key("u", "u", "take back the last change; asks once", "beech {} undo"),
    Key("h", "h", "what was done to it, by whom, why", "beech {} history"),
    Key("r", "r", "her sealed identity, with passphrase and reason", "beech {} reveal"),
    Key("m", "m", "who else he may be, side by side", "beech match --record"),
)
"""What more they do on a record, {} being its kind's word on the command line; each kind has some of them."""

FIND = (
    Key("down", "Down", "from the words to what was found"),
    Key("enter", "Enter", "the same; there: open"),
    Key("slash", "/", "from what was found back to the words"),
    Key("n", "n F2", "new contact", "beech log"),
)
"""What more they do on Find."""

TALLIES = (
    Key("left_square_bracket", "[ ]", "the period before, the period after", "beech summary --month"),
    Key("q", "m q y", "by month, quarter, year", "beech summary --quarter"),
    Key("t", "t", "charts below the measures, or tables of the same numbers", "beech summary -f csv"),
    Key("p", "p", "the same as it would leave: partner, public, headline", "beech summary --profile"),
    Key("n", "n", "new contact", "beech log"),
)
"""What more they do on Tallies."""

ALIKE = (
    Key("enter", "Enter", "the two side by side; of a car, the car"),
    Key("j", "j k", "down, up; so do the arrows"),
)
"""What more they do where it stands whom a man may be."""

JUDGING = (
    Key("s", "s", "the same man", "beech watchlist judge --same"),
    Key("d", "d", "not him", "beech watchlist judge --different"),
    Key("q", "q", "not sure", "beech watchlist judge --unsure"),
)
"""What more they do where two men stand side by side."""

LOCKED = (
    Key("enter", "Enter", "unlock", "beech unlock"),
    Key("f1", "F1", "help"),
    Key("ctrl+q", "^Q", "quit"),
)
"""What they do at the lock."""

ASKED = (Key("enter", "Enter", "answer"), Key("escape", "Esc", "leave; nothing is done"))
"""What they do in a question over the screen."""

FORM = (
    Key("enter", "Enter", "next field; in Note a new line"),
    Key("ctrl+s", "^S", "save, from any field", "beech log"),
    Key("escape", "Esc", "close; the draft is kept"),
    Key("f7", "F7", "to the possible matches and back", "beech match"),
    Key("f8", "F8", "same again for her: how, sector, needs", "beech engagements show"),
    Key("f9", "F9", "undo what was just saved", "beech engagements undo"),
    Key("f2", "F2", "write-up: one line a contact", "beech log -"),
)
"""What they do in the form for a new contact."""
