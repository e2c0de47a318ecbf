"""Two themes of our own, dark and light: every pair of colours that meet stands at 7:1 or better.

The cursor is told by reverse video and by ``>``, risk by a word and ``!!``: no colour says anything alone.
"""

from __future__ import annotations

from textual.theme import Theme

_DARK = {"ink": "#e8e8e8", "page": "#101418", "bar": "#1c242c", "mark": "#ffd479", "alarm": "#ffb0a8"}
_LIGHT = {"ink": "#14181c", "page": "#fbfaf6", "bar": "#e6e9ee", "mark": "#5b3a00", "alarm": "#7a1010"}

PAIRS = (  # text on ground, as app.tcss has them
    ("ink", "page"),
    ("ink", "bar"),
    ("mark", "page"),
    ("mark", "bar"),
    ("alarm", "page"),
    ("alarm", "bar"),
    ("page", "ink"),
    ("page", "mark"),
)


def _theme(name: str, colours: dict[str, str], *, dark: bool) -> Theme:
    ink, page, bar, mark = colours["ink"], colours["page"], colours["bar"], colours["mark"]
    return Theme(
        name=name,
        primary=mark,
        secondary=mark,
        accent=mark,
        warning=mark,
        success=ink,
        error=colours["alarm"],
        foreground=ink,
        background=page,
        surface=page,
        panel=bar,
        boost=bar,
        dark=dark,
        text_alpha=1.0,
        variables=colours
        | {
            "block-cursor-background": ink,
            "block-cursor-foreground": page,
            "input-cursor-background": ink,
            "input-cursor-foreground": page,
            "input-selection-background": mark,
            "input-selection-foreground": page,
            "border": ink,
            "border-blurred": ink,
            "text-muted": ink,
            "text-disabled": ink,
            "scrollbar": ink,
            "scrollbar-background": bar,
            "scrollbar-hover": ink,
            "scrollbar-active": mark,
            "scrollbar-background-hover": bar,
            "scrollbar-background-active": bar,
            "scrollbar-corner-color": bar,
        },
    )


DARK = _theme("beech-dark", _DARK, dark=True)
LIGHT = _theme("beech-light", _LIGHT, dark=False)
COLOURS = {"beech-dark": _DARK, "beech-light": _LIGHT}
