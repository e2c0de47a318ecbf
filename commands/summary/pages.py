"""How a summary reads: 80 columns, Markdown, or flat rows for CSV. Definitions stand with the numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from db.rules.text import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Told = dict[str, Any]

WIDTH = 80
_NUMBER = 13
_LABEL = WIDTH - 2 * _NUMBER
MARKING = "OFFICIAL-SENSITIVE"
_STAYS = "exact figures for the unit itself, not for release"
_MARKUP = str.maketrans({char: "\\" + char for char in "\\`*_{}[]<>#|~"})


class Drawn(NamedTuple):
    """Whether breakdowns and months are drawn, and in plain characters."""

    charts: bool = False
    ascii: bool = False


def page(told: Told, drawn: Drawn = Drawn()) -> Iterator[str]:  # noqa: B008 - immutable
    """Return the summary for a terminal or a text file, in 80 columns."""
    charts = _charts(told, drawn) if drawn.charts else {}
    told = _spoken(told)
    yield f"{MARKING}: {_bounds(told)}\n"
    yield f"{_title(told)}\n\n"
    if told["compared_with"]:
        yield f"{'':{_LABEL}}{'this period':>{_NUMBER}}{'compared':>{_NUMBER}}\n"
    for measure in told["measures"]:
        numbers = [_value(measure)] + ([_compared(measure)] if told["compared_with"] else [])
        yield _line(measure["label"], numbers)
        yield from _wrapped(measure["definition"], 4)
    for table in told["tables"]:
        yield f"\n{table['label']}\n"
        yield from _wrapped(table["definition"], 4)
        yield from charts.get(table["id"], ()) or _table(table)
    if told["notes"]:
        yield "\nNotes\n"
    for note in told["notes"]:
        yield from _wrapped(note, 2, "- ")


def _table(table: dict[str, Any]) -> Iterator[str]:
    for row in table["rows"]:
        name, *numbers = _row(table["id"], row)
        yield _line(f"  {name}", numbers)
        yield from _wrapped(_refs(row), 6)
    if not table["rows"]:
        yield "  none\n"


def _charts(told: Told, drawn: Drawn) -> dict[str, list[str]]:
    """Return the lines of each table that is drawn, by its id."""
    from db.rules.charts import lines
    from db.tallies import pictures

    return {
        chart.id: [f"  {line}".rstrip() + "\n" for line in lines.draw(chart, WIDTH - 2, ascii=drawn.ascii)]
        for chart in pictures.charts(told)
    }


def markdown(told: Told) -> Iterator[str]:
    """Return the summary as Markdown."""
    told, beside = _spoken(told), told["compared_with"]
    yield f"{MARKING}: {_bounds(told)}\n\n# {_title(told).translate(_MARKUP)}\n\n"
    yield f"| | {told['period']['label']} |{' ' + beside['label'] + ' |' if beside else ''} definition |\n"
    yield f"|---|---:|{'---:|' if beside else ''}---|\n"
    for measure in told["measures"]:
        then = f" {_compared(measure)} |" if beside else ""
        yield f"| {measure['label']} | {_value(measure)} |{then} {measure['definition']} |\n"
    for table in told["tables"]:
        yield f"\n## {table['label']}\n\n{table['definition']}\n\n"
        lines = [_row(table["id"], row) + ([_refs(row)] if "refs" in row else []) for row in table["rows"]]
        if not lines:
            yield "None.\n"
            continue
        yield f"|{' |' * len(lines[0])}\n|---|{'---:|' * (len(lines[0]) - 1)}\n"
        for line in lines:
            yield f"| {' | '.join(one.translate(_MARKUP) for one in line)} |\n"
    yield "\n## Notes\n\n"
    for note in told["notes"]:
        yield f"- {note}\n"


def cells(told: Told, facts: Iterable[tuple[str, object]] = ()) -> list[dict[str, Any]]:
    """Return the summary as flat rows with one header: the period, the measures, the tables, the notes.

    *facts* are what a file says about itself: profile, recipient, as-at date, release.
    """
    period, beside = told["period"], told["compared_with"]
    rows = [_cells("period", period["label"], row=f"{period['from']}/{period['to']}", definition=MARKING)]
    if beside:
        rows.append(_cells("compared_with", beside["label"], row=f"{beside['from']}/{beside['to']}"))
    rows += [_cells(name.replace(" ", "_"), str(value)) for name, value in facts if name != "period"]
    for one in told["measures"]:
        rows.append(
            _cells(
                one["id"],
                one["label"],
                value=one["value"],
                compare=one["compare"],
                withheld=one.get("withheld", False),
                compare_withheld=one.get("compare_withheld", False),
                definition=one["definition"],
            )
        )
    for table in told["tables"]:
        for row in table["rows"]:
            made = _cells(table["id"], table["label"], row=_name(row), value=row["count"])
            made["withheld"] = row.get("withheld", False)
            made["compare_withheld"] = row.get("year_before_withheld", False)
            rows.append(made | {"compare": row.get("year_before"), "definition": table["definition"]})
    return rows + [_cells("note", note) for note in told["notes"]]


def _cells(name: str, label: str, **more: Any) -> dict[str, Any]:
    empty = dict.fromkeys(("row", "value", "compare", "withheld", "definition", "compare_withheld"))
    return {"id": name, "label": label} | empty | more


def _bounds(told: Told) -> str:
    """Return whom the figures are for, and which release they are."""
    if told["profile"] == "internal":
        return _STAYS
    return f"{told['profile']} profile, for {told['recipient']}, {told['release']}"


def _title(told: Told) -> str:
    period, beside, sector = told["period"], told["compared_with"], told["sector"]
    days = f"{period['from']} to {period['to']}"
    title = f"{period['label']} ({days})"
    if sector is not None:
        title += f", sector {one_line(sector)}"
    return title + (f", beside {beside['label']}" if beside else "")


def _spoken(told: Told) -> Told:
    """Return a headline with each count as it is said: a 40 stands for more than forty."""
    if told["profile"] != "headline":
        return told
    measures = [one if one["id"].endswith("_percent") else _more(one) for one in told["measures"]]
    tables = [table | {"rows": [_more(row) for row in table["rows"]]} for table in told["tables"]]
    return told | {"measures": measures, "tables": tables}


def _more(counted: dict[str, Any]) -> dict[str, Any]:
    said = {name: counted[name] for name in ("value", "compare", "count", "year_before") if counted.get(name)}
    return counted | {name: f"more than {value:,}" for name, value in said.items()}


def _value(measure: dict[str, Any]) -> str:
    return "withheld" if measure.get("withheld") else _plain(measure["value"])


def _compared(measure: dict[str, Any]) -> str:
    return "withheld" if measure.get("compare_withheld") else _plain(measure["compare"])


def _plain(value: float | str | None) -> str:
    return "-" if value is None else value if isinstance(value, str) else f"{value:,}"


def _name(row: dict[str, Any]) -> str:
    """Return what a row of a table stands for, as one cell."""
    if "last_day" in row:
        return f"{row['last_day']} {row['offence']}"
    key = next(iter(row.values()))
    return "not recorded" if key is None else one_line(str(key))


def _row(table: str, row: dict[str, Any]) -> list[str]:
    """Return a row's name and its numbers, as they are read."""
    name = _name(row)
    if table == "calls_by_month":
        then = "withheld" if row.get("year_before_withheld") else _plain(row["year_before"])
        return [name, _count(row), then]
    if table == "limitation_dates":
        return [name, _plain(row["count"]), _left(row["days_left"])]
    if table == "concerns_by_sharing_level":
        name = f"level {name}"
    elif table != "engagements_by_sector":
        name = name.replace("_", " ")
    return [name, _count(row)]


def _count(row: dict[str, Any]) -> str:
    return "withheld" if row.get("withheld") else _plain(row["count"])


def _left(days: int) -> str:
    if days == 0:
        return "today"
    amount = f"{abs(days)} day{'s' * (abs(days) != 1)}"
    return f"in {amount}" if days > 0 else f"{amount} ago"


def _refs(row: dict[str, Any]) -> str:
    return ", ".join(row.get("refs", ()))


def _line(label: str, numbers: list[str]) -> str:
    return f"{label:{_LABEL}}{''.join(f'{number:>{_NUMBER}}' for number in numbers)}\n"


def _wrapped(words: str, indent: int, mark: str = "") -> Iterator[str]:
    """Break words into lines of 80 columns, indented; *mark* stands before the first."""
    line, start = "", " " * indent
    for word in words.split():
        if line and indent + len(line) + 1 + len(word) > WIDTH:
            yield f"{_first(start, mark)}{line}\n"
            line, mark = "", ""
        line = f"{line} {word}" if line else word
    if line:
        yield f"{_first(start, mark)}{line}\n"


def _first(start: str, mark: str) -> str:
    return start[: len(start) - len(mark)] + mark
