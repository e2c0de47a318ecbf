"""``beech summary --out``: the report from A to F in every kind of file, a disclosure each; the charts."""

import csv
import io
import json
from pathlib import Path

import pytest

from db import judgements, people
from db.records import Why
from db.rules.widths import width
from db.tallies.definitions import MEASURES, TABLES
from db.tallies.report.parts import LETTERS
from db.vault.store import Store
from tests.conftest import Clock, Unit
from tests.desk import Desk
from tests.printed import Page, cells, workbook
from tests.tallied import act, add, man, put, spoke, woman

INTERNAL = ("summary", "--month", "2026-10", "--profile", "internal", "--recipient", "internal")
_MARKED = "OFFICIAL-SENSITIVE: exact figures for the unit itself, not for release"


@pytest.fixture
def desk(
    unit: Unit, clock: Clock, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Desk:
    return Desk(unit, clock, monkeypatch, capsys)


@pytest.fixture
def october(store: Store) -> dict[str, str]:
    """A month with something in each part: three women, two men, calls, things to be done."""
    names = {
        "open": woman(store, "Willow", sharing_level=4),
        "closed": woman(store, "Hazel"),
        "gone": woman(store, "Rowan", sharing_level=5),
    }
    spoke(store, "2026-09-10 21:00", names["open"])
    for name in names.values():
        contact = spoke(store, "2026-10-05 21:30", name, sector="Ropewalk", initiated_by="flagged_down")
    add(
        store,
        "concern",
        engagement=contact,
        behaviours=["assaults", "robs"],
        sharing_level=2,
        hate_motivation=["sex_worker"],
    )
    him = man(store, "Gary Example", identity_confidence="named", category="convicted")
    act(store, him, "2026-10-06", "arrest", offence="soa51a", offence_on="2026-10-05", force_area="Cleveland")
    act(store, him, "2026-10-20", "charge", offence="soa51a", offence_on="2026-10-05")
    for month, count in (("2025-10", 40), ("2026-10", 29)):
        add(store, "call", month=month, source="storm", category="asb", count=count)
    for name, what in (("open", "go with her to the clinic"), ("closed", "her secret"), ("gone", "not this")):
        add(store, "followup", what=what, about=names[name], due_on="2026-11-20", owner="Sam")
    add(store, "followup", what="look at his car", about=him, due_on="2026-12-20", owner="Jo")
    add(store, "referral", person=names["open"], service="housing", chase_on="2026-12-01", status="sent")
    with store.write() as tx:
        (gone,) = tx.execute("select id from record where ref = ?", (names["gone"],)).fetchone()
        tx.amend(gone, {"status": "no_contact"})
    return names


def test_every_measure_and_table_of_the_contract_has_its_place_in_the_report() -> None:
    placed = [name for letter in LETTERS.values() for name in (*letter.measures, *letter.tables)]
    assert sorted(placed) == sorted(one.id for one in (*MEASURES, *TABLES))


@pytest.mark.usefixtures("october")
def test_a_workbook_of_the_month_has_its_parts_charts_and_definitions(
    store: Store, desk: Desk, tmp_path: Path
) -> None:
    somebody = add(store, "offender", build="stocky", approximate_age_from=40, approximate_age_to=50)
    contact = spoke(store, "2026-10-09 21:00")
    add(store, "concern", engagement=contact, offender=somebody, sharing_level=2)
    place = tmp_path / "october.xlsx"
    ran = desk(*INTERNAL, "--compare", "previous", "--out", str(place))
    assert (ran.code, ran.out) == (0, "")
    assert place.stat().st_mode & 0o777 == 0o600
    book = workbook(place)
    assert book.sheetnames == [
        "Report",
        "A. Women",
        "B. Offenders",
        "C. Harm",
        "D. Calls for service",
        "E. Safeguarding plan",
        "F. Data quality",
        "Definitions",
    ]
    women = {row[0]: row[1:] for row in cells(book["A. Women"])}
    assert women["People engaged"][:2] == [3, 1]
    assert women["People engaged again"][:2] == [1, 0]
    assert women["People engaged since the start"][0] == 3
    assert women["Engagements since the start"][0] == 5
    men = {row[0]: row[1:] for row in cells(book["B. Offenders"])}
    assert men["Offenders not identified"][0] == 1
    assert men["a man on the watchlist, not named"] == [1]
    assert men["nobody on the watchlist"] == [1]
    assert (men["convicted"], men["no conviction entered"]) == ([1], [0])
    calls = {row[0]: row[1:] for row in cells(book["D. Calls for service"])}
    assert calls["Calls a month in the year before the start"][0] == "too few months held to say"
    assert women["Ropewalk"] == [3]
    defined = {row[0]: row[2] for row in cells(book["Definitions"]) if len(row) == 3}
    assert all(defined[one.id] == one.definition for one in (*MEASURES, *TABLES))
    assert {"harm_by_month", "safeguarding_plan", "concerns_undated"} <= set(defined)
    assert sum(len(page._charts) for page in book) == 7
    facts = {row[0]: row[1] for row in cells(book["Report"]) if len(row) == 2}
    assert facts["profile"] == "internal"
    assert f"{facts['as at']:%Y-%m-%d}" == "2026-11-24"
    due = {row[1]: f"{row[0]:%Y-%m-%d}" for row in cells(book["E. Safeguarding plan"])[5:]}
    assert due["go with her to the clinic"] == "2026-11-20"


@pytest.mark.usefixtures("october")
def test_a_page_of_the_month_is_one_file_that_runs_and_fetches_nothing(desk: Desk, tmp_path: Path) -> None:
    place = tmp_path / "october.HTML"
    assert desk(*INTERNAL, "--out", str(place)).code == 0
    page = Page(place.read_text(encoding="utf-8"))
    page.check()
    assert page.words.count(_MARKED) == 2
    titles = [chart["title"] for chart in page.charts]
    assert "Calls by month" in titles
    assert "Concerns by month" in titles
    described = next(chart["desc"] for chart in page.charts if chart["title"] == "Calls by month")
    assert described.endswith("Oct 2026 29 (year before 40).")
    for one in (*MEASURES, *TABLES):
        assert one.definition in page.words


def test_the_plan_names_nobody_who_is_not_to_be_named(
    desk: Desk, october: dict[str, str], tmp_path: Path
) -> None:
    place = tmp_path / "october.md"
    desk(*INTERNAL, "--out", str(place))
    told = place.read_text(encoding="utf-8")
    plan = told[told.index("E. Safeguarding plan") : told.index("F. Data quality")]
    assert "go with her to the clinic" in plan
    assert "referral to housing, sent" in plan
    assert "look at his car" in plan
    assert october["open"] in plan
    assert "her secret" not in told
    assert "see F-" in plan
    assert october["closed"] not in told
    assert "not this" not in told
    assert october["gone"] not in told
    assert "Left out: 1 about women" in plan
    assert "Willow" not in told
    assert plan.count("overdue") == 2


@pytest.mark.usefixtures("october")
@pytest.mark.parametrize("recipient", ["partner", "council", "num", "cps", "court", "subject"])
def test_exact_figures_and_the_plan_go_to_nobody_outside(desk: Desk, tmp_path: Path, recipient: str) -> None:
    for ending in ("md", "html", "xlsx", "json"):
        place = tmp_path / f"october.{ending}"
        ran = desk(*INTERNAL[:-1], recipient, "--out", str(place))
        assert (ran.code, ran.err.count("\n"), place.exists()) == (5, 1, False)
        assert "stays in the unit: --profile partner" in ran.err
    assert "disclosure" not in [one["operation"] for one in desk("journal", "list", "-f", "json").json]


def test_a_report_is_a_disclosure_that_says_to_whom_and_whom_it_shows(
    store: Store, desk: Desk, october: dict[str, str], tmp_path: Path
) -> None:
    desk(*INTERNAL, "--out", str(tmp_path / "october.html"))
    operation, detail, body = store.cipher.execute(
        "select e.operation, e.detail, p.body from entry as e join payload as p "
        "on p.desk = e.desk and p.seq = e.seq order by e.at desc limit 1"
    ).fetchone()
    said = json.loads(detail)
    assert operation == "disclosure"
    assert (said["event"], said["purpose"], said["recipient"]) == ("summary", "statistics", "internal")
    shown = {
        ref
        for record in json.loads(body)["shown"]
        for (ref,) in store.cipher.execute("select ref from record where id = ?", (bytes.fromhex(record),))
    }
    assert shown == {october["open"], october["closed"]}


@pytest.mark.usefixtures("october")
def test_markdown_csv_text_and_json_are_marked_and_say_what_they_are(desk: Desk, tmp_path: Path) -> None:
    for ending in ("md", "csv", "txt", "json"):
        assert desk(*INTERNAL, "--out", str(tmp_path / f"october.{ending}")).code == 0
    assert (tmp_path / "october.md").read_text().startswith(f"# {_MARKED}\n")
    first, _, rest = (tmp_path / "october.csv").read_text().partition("\n")
    assert first == f"# {_MARKED}"
    rows = {row["id"]: row for row in csv.DictReader(io.StringIO(rest))}
    assert rows["profile"]["label"] == "internal"
    assert rows["as_at"]["label"] == "2026-11-24"
    assert rows["people_engaged"]["value"] == "3"
    text = (tmp_path / "october.txt").read_text()
    assert max(map(width, text.splitlines())) <= 80
    told = json.loads((tmp_path / "october.json").read_text())
    assert told["marking"] == _MARKED
    assert told["facts"]["recipient"] == "internal"
    assert told["measures"][0]["id"] == "people_engaged"


@pytest.mark.usefixtures("october")
def test_a_summary_of_one_sector_has_nothing_of_the_whole_unit_in_its_report(
    desk: Desk, tmp_path: Path
) -> None:
    place = tmp_path / "october.md"
    assert desk(*INTERNAL, "--sector", "Ropewalk", "--out", str(place)).code == 0
    told = place.read_text()
    assert "Safeguarding plan" not in told
    assert "Data quality" not in told
    assert "sector: Ropewalk" in told


@pytest.mark.usefixtures("october")
def test_data_quality_counts_what_is_missing(store: Store, desk: Desk, tmp_path: Path) -> None:
    spoke(store, "2026-10-07 21:00", woman(store, "Willow", retain_until="2026-01-01"))
    put(store, man(store, "Mr Nobody", review_on="2026-01-01"), "restricted")
    man(store, "Mr Late", review_on="2026-01-01", grade="1AP")
    lapsed, merged, kept = (woman(store, name) for name in ("Alder", "Aspen", "Elder"))
    again = woman(store, "Aspen-2")
    for her in (lapsed, merged, kept):
        spoke(store, "2025-11-01 21:00", her)
    people.amend(store, kept, {"retain_until": "2027-01-01"}, Why("correction"))
    spoke(store, "2026-09-01 21:00", again)
    judgements.judge(store, merged, again, "same", Why("correction"))
    desk(*INTERNAL, "--out", str(tmp_path / "october.csv"))
    lines = (tmp_path / "october.md", tmp_path / "october.xlsx")
    desk(*INTERNAL, "--out", str(lines[1]))
    found = {row[0]: row[1] for row in cells(workbook(lines[1])["F. Data quality"]) if len(row) > 2}
    assert found["Engagements that do not say how they began"] == 1
    assert found["Engagements without a sector"] == 1
    assert found["Concerns without a date"] == 1
    assert found["Concerns undecided for over 24 hours"] == 1
    assert found["Offenders without a grade"] == 1
    assert found["Offenders whose review is overdue"] == 1
    assert found["People whose retention is overdue"] == 1
    assert found["People not met for twelve months"] == 1
    assert found["People who are likely held twice"] == 1


@pytest.mark.parametrize(
    ("place", "code"),
    [("october.pdf", 2), ("none/october.html", 2), ("october.docx", 2), ("october", 2), (".", 2)],
)
@pytest.mark.usefixtures("october")
def test_a_file_that_cannot_be_is_refused_before_anything_is_counted_or_journalled(
    place: str, code: int, store: Store, desk: Desk, tmp_path: Path
) -> None:
    ran = desk(*INTERNAL, "--out", str(tmp_path / place))
    assert (ran.code, ran.out) == (code, "")
    assert ran.err.count("\n") == 1
    assert not store.cipher.execute("select 1 from entry where operation = 'disclosure'").fetchall()


@pytest.mark.usefixtures("october")
def test_a_folder_that_cannot_be_written_and_an_unknown_recipient_are_refused(
    desk: Desk, tmp_path: Path
) -> None:
    (tmp_path / "october.html").mkdir()
    ran = desk(*INTERNAL, "--out", str(tmp_path / "october.html"))
    assert ran.code == 5
    assert ran.err.count("\n") == 1
    ran = desk(*INTERNAL[:-1], "nobody", "--out", str(tmp_path / "october.md"))
    assert ran.code == 5
    assert not (tmp_path / "october.md").exists()


@pytest.mark.usefixtures("october")
def test_charts_in_the_terminal_show_the_same_values_in_80_columns(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANG", "en_GB.UTF-8")
    for name in ("LC_ALL", "LC_CTYPE", "TERM"):
        monkeypatch.delenv(name, raising=False)
    blocks = desk("summary", "--month", "2026-10", "--chart").out
    assert "█" in blocks
    assert max(map(width, blocks.splitlines())) <= 80
    plain = desk("summary", "--month", "2026-10", "--chart", "--ascii").out
    assert plain.isascii()
    assert "#" in plain
    monkeypatch.setenv("TERM", "linux")
    assert desk("summary", "--month", "2026-10", "--chart").out == plain
    for told in (blocks, plain):
        (bar,) = (line for line in told.splitlines() if line.strip().startswith("Ropewalk"))
        assert bar.split()[-1] == "3"
        assert any(line.split()[-1:] == ["40"] for line in told.splitlines() if "year before" in line)
    assert "█" not in desk("summary", "--month", "2026-10").out


@pytest.fixture
def twenty(store: Store) -> None:
    """Twenty-two women in October, all in one place; two concerns, and a follow-up that says a word."""
    for number in range(22):
        contact = spoke(store, "2026-10-05 21:30", woman(store, f"Willow-{number}"), sector="Ropewalk")
    add(store, "concern", engagement=contact, behaviours=["follows"], sharing_level=2)
    add(store, "followup", what="a word", due_on="2026-10-20")


@pytest.mark.parametrize("profile", ["partner", "public", "headline"])
@pytest.mark.usefixtures("twenty")
def test_a_file_that_leaves_has_what_its_profile_prints_and_nothing_of_the_inside(
    profile: str, desk: Desk, tmp_path: Path
) -> None:
    told = desk("summary", "--month", "2026-10", "--profile", profile, "-f", "json").json
    place = tmp_path / "october.xlsx"
    ran = desk("summary", "--month", "2026-10", "--profile", profile, "--out", str(place))
    assert ran.code == 0, ran.err
    book = workbook(place)
    assert not {"E. Safeguarding plan", "F. Data quality"} & set(book.sheetnames)
    women = {row[0]: row[1] for row in cells(book["A. Women"]) if len(row) > 1}
    printed = {one["label"]: one for one in told["measures"]}
    for label, found in women.items():
        if label not in printed:
            continue
        value = printed[label]["value"]
        said = value if profile != "headline" or value is None else f"more than {value}"
        assert found == ("withheld" if printed[label].get("withheld") else "-" if value is None else said)
    assert women["Concerns"] == "withheld"
    page = tmp_path / "october.html"
    desk("summary", "--month", "2026-10", "--profile", profile, "--out", str(page))
    shown = Page(page.read_text())
    shown.check()
    assert "Limitation dates" not in shown.words
    assert not [chart for chart in shown.charts if chart["title"] == "Concerns by month"]
    assert "a word" not in page.read_text()
    assert any(f"{profile} profile" in word for word in shown.words)


@pytest.mark.usefixtures("twenty")
def test_a_running_month_does_not_leave_and_nothing_is_written(desk: Desk, tmp_path: Path) -> None:
    place = tmp_path / "november.html"
    ran = desk("summary", "--month", "2026-11", "--profile", "partner", "--out", str(place))
    assert (ran.code, ran.out) == (5, "")
    assert "--month 2026-10" in ran.err
    assert not place.exists()


@pytest.mark.usefixtures("twenty")
def test_what_is_withheld_is_drawn_as_withheld(desk: Desk) -> None:
    told = desk("summary", "--month", "2026-10", "--profile", "partner", "--chart", "--ascii").out
    (bar,) = (line for line in told.splitlines() if line.strip().startswith("follows"))
    assert bar.split() == ["follows", "withheld"]
