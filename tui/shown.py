"""A text on a screen that changes while one types: laid out anew only where its size may change with it."""

from __future__ import annotations

from textual.widgets import Static


class Shown(Static):
    """A text without markup. What it says already it is not told again: each layout costs a key's echo."""

    def __init__(self, text: str = "", *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(text, id=id, classes=classes, markup=False)
        self._says = text

    def say(self, text: str) -> None:
        """Show a text."""
        if text != self._says:
            self._says = text
            self.update(text, layout=self.styles.auto_dimensions)
