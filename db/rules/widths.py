"""How much room text takes in a terminal: wide characters two cells, marks on a letter none."""

from __future__ import annotations


def width(line: str) -> int:
    """Return how many cells one line takes."""
    if line.isascii():
        return len(line)
    from unicodedata import combining, east_asian_width

    return sum(0 if combining(char) else 2 if east_asian_width(char) in "WF" else 1 for char in line)


def fitted(line: str, room: int, *, right: bool = False, more: str = "…") -> str:
    """Return a line of exactly *room* cells: filled with blanks, or cut off and ended with *more*."""
    taken = width(line)
    if taken > room:
        while line and width(line) > room - len(more):
            line = line[:-1]
        line += more[:room]
        taken = width(line)
    blank = " " * (room - taken)
    return blank + line if right else line + blank
