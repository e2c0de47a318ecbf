"""A headline on the terminal says 'more than', never a number that could be taken for a count."""

from typing import Any

from commands.summary import pages

TOLD: dict[str, Any] = {
    "period": {"from": "2026-10-01", "to": "2026-10-31", "label": "October 2026"},
    "compared_with": {"from": "2026-09-01", "to": "2026-09-30", "label": "September 2026"},
    "sector": None,
    "profile": "headline",
    "recipient": "press",
    "release": "L-7KQ2",
    "measures": [
        {"id": "people_engaged", "label": "People engaged", "value": 40, "compare": 30, "definition": "d"},
        {"id": "calls_change_percent", "label": "Change", "value": -22.1, "compare": None, "definition": "d"},
    ],
    "tables": [
        {"id": "calls_by_month", "label": "Calls", "definition": "d",
         "rows": [{"month": "2026-10", "count": 60, "year_before": 70}]},
    ],
    "notes": [],
}  # fmt: skip


def test_a_headline_says_more_than_beside_each_count_and_not_beside_a_percentage() -> None:
    for told in ("".join(pages.page(TOLD)), "".join(pages.markdown(TOLD))):
        for count in (40, 30, 60, 70):
            assert f"more than {count}" in told
        assert "more than -22.1" not in told
        assert "-22.1" in told


def test_what_is_no_headline_says_its_numbers_as_they_are() -> None:
    told = "".join(pages.page(TOLD | {"profile": "partner"}))
    assert "more than" not in told
    assert "40" in told
