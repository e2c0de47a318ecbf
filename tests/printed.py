"""What the tests of printed sheets share: an HTML page taken apart, a workbook read back."""

import io
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import openpyxl

_VOID = {"meta", "br", "rect", "line"}


class Page(HTMLParser):
    """An HTML page: its tags with attributes in order, its words, and what each chart says of itself."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.charts: list[dict[str, str]] = []
        self.styles = ""
        self._open: list[str] = []
        self._ids: dict[str, str] = {}
        self.feed(text)
        assert not self._open, f"never closed: {self._open}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag == "svg":
            self.charts.append(
                {"role": dict(attrs).get("role") or "", "named": dict(attrs)["aria-labelledby"] or ""}
            )
        if tag not in _VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1] == "style":
            self.styles += data
        elif "svg" in self._open and self._open[-1] in ("title", "desc"):
            self.charts[-1][self._open[-1]] = data
        elif data.strip():
            self.words.append(data.strip())

    def check(self) -> None:
        """Nothing runs, nothing is fetched, and every chart is named and told in words."""
        names = {tag for tag, _ in self.tags}
        assert not names & {
            "script",
            "link",
            "img",
            "iframe",
            "object",
            "embed",
            "form",
            "base",
            "image",
            "use",
        }
        assert all(not {"src", "href", "srcset", "style"} & set(attrs) for _, attrs in self.tags)
        assert all(not name.startswith("on") for _, attrs in self.tags for name in attrs)
        assert "url(" not in self.text
        assert "@import" not in self.text
        assert "//" not in self.text.replace("<!doctype", "")
        assert "@media print" in self.styles
        ids = [attrs["id"] for _, attrs in self.tags if "id" in attrs]
        assert len(ids) == len(set(ids))
        for chart in self.charts:
            assert chart["role"] == "img"
            assert set(chart["named"].split()) <= set(ids)
            assert chart["title"]
            assert len(chart["desc"]) > len(chart["title"])


def workbook(place: Path) -> Any:
    """Read a workbook back; no cell of it is a formula, and none is a link."""
    book = openpyxl.load_workbook(io.BytesIO(place.read_bytes()))
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type != "f", f"{sheet.title}!{cell.coordinate} is a formula"
                assert cell.hyperlink is None
    return book


def cells(sheet: Any) -> list[list[Any]]:
    """Return the filled cells of a sheet, row by row."""
    return [
        [cell for cell in row if cell is not None]
        for row in sheet.iter_rows(values_only=True)
        if any(cell is not None for cell in row)
    ]
