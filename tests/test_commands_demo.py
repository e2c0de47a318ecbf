"""``beech demo``: a walk for a newcomer, without terminal or keyring, every number from the unit itself."""

import io
import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from commands.__main__ import run
from commands.options import Frame
from db.demo import place
from db.vault import keys, opening
from db.vault.store import Face
from tests.desk import BEECH, ROOT


class Walk(NamedTuple):
    """A demo that was walked through by a program with no terminal: where, what it said, its open slot."""

    folder: Path
    state: Path
    done: subprocess.CompletedProcess[str]
    steps: list[dict[str, Any]]
    opened: keys.Opened


def beech(home: Path, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
    """Run beech as a program with an empty home, no terminal, no keyring."""
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("BEECH_", "XDG_"))
    }
    environment |= {"HOME": str(home), "DBUS_SESSION_BUS_ADDRESS": "disabled:", "PATH": os.defpath} | more
    return subprocess.run(
        [*BEECH, *words],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def walk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Walk]:
    home = tmp_path_factory.mktemp("newcomer")
    done = beech(home, "demo")
    again = beech(home, "demo", "-f", "json")  # builds it anew
    assert again.returncode == 0, again.stderr
    folder, state = home / ".local/share/beech-demo", home / ".local/state"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_STATE_HOME", str(state))
        store, opened = opening.with_passphrase(folder, place.PASSPHRASE, None, Face("script", "test"))
        store.close()
        yield Walk(folder, state, done, json.loads(again.stdout), opened)


def flat(text: str) -> str:
    return " ".join(text.split())


def test_the_walk_goes_from_log_to_the_press_line_and_says_nothing_on_stderr(walk: Walk) -> None:
    assert walk.done.returncode == 0
    assert walk.done.stderr == ""
    titles = re.findall(r"^(\d)\. (\w+)", walk.done.stdout, re.MULTILINE)
    assert [number for number, _ in titles] == list("12345678")
    assert [word for _, word in titles][1:5] == ["Log", "Match", "Action", "Summary"]
    assert "engaged with more than 40 women, and more than 70 men have been dealt with" in flat(
        walk.done.stdout
    )


def test_the_walk_is_plain_text_in_80_columns(walk: Walk) -> None:
    assert "\x1b" not in walk.done.stdout
    assert all(line.isprintable() for line in walk.done.stdout.split("\n"))
    paths = (str(walk.folder), str(walk.state), "export PATH")
    lines = [line for line in walk.done.stdout.split("\n") if not any(path in line for path in paths)]
    assert max(map(len, lines)) <= 80


def test_who_he_may_be_is_told_with_band_score_and_reasons(walk: Walk) -> None:
    answer = "\n".join(walk.steps[2]["answer"])
    assert re.match(r"PROBABLE  O-\w{4,}  .*\(\d\d of 100\)", answer)
    assert "+ plate: 5 known characters fit (asked NA12 ?B?, has NA12 QBX)" in answer


def test_what_is_done_about_him_counts_one_man_more(walk: Walk) -> None:
    found = re.search(r"(\d+) before, (\d+) now", "\n".join(walk.steps[3]["answer"]))
    assert found is not None
    assert int(found[2]) == int(found[1]) + 1


def test_two_demos_of_one_day_and_seed_give_the_same_numbers(walk: Walk) -> None:
    shown = "\n".join(walk.steps[4]["answer"])
    assert all(flat(line) in flat(walk.done.stdout) for line in shown.split("\n"))


def test_no_session_is_kept_and_the_passphrase_is_its_owners_alone(walk: Walk) -> None:
    kept = sorted(walk.state.rglob("*"))
    secret = walk.state / "beech" / "demo.passphrase"
    assert secret in kept
    assert secret.stat().st_mode & 0o777 == 0o600
    assert not [path for path in kept if "session" in path.name]


def typed(command: str, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the words of a command as a shell reads it; what stands between << and its end goes to stdin."""
    line, _, rest = command.partition("<<END\n")
    held = rest.removesuffix("END").encode()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(held)))
    return shlex.split(line.replace("\\\n", " "), comments=True)


def commands_of(walk: Walk) -> Iterator[tuple[int, str]]:
    for step in walk.steps:
        several = step["step"] in (5, 8)
        for command in step["command"].split("\n") if several else [step["command"]]:
            if command.startswith("beech ") and command.split()[1] not in ("unlock", "demo"):
                yield step["step"], command


def test_each_command_of_the_walk_works_as_it_is_shown(
    walk: Walk, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(walk.state))
    monkeypatch.setenv("BEECH_UNIT", str(walk.folder))
    said: dict[int, str] = {}
    for number, command in commands_of(walk):
        words = typed(command, monkeypatch)
        capsys.readouterr()
        assert run(words[1:], Frame(walk.opened)) == 0, (command, capsys.readouterr().err)
        said.setdefault(number, flat(capsys.readouterr().out))
    answers = {step["step"]: [flat(line) for line in step["answer"]] for step in walk.steps}
    assert sorted(said) == [1, 2, 3, 4, 5, 6, 7, 8]
    assert flat(" ".join(answers[3])) in said[3]
    assert flat(" ".join(answers[6])) == said[6]
    assert said[7].endswith("nothing wrong")
    assert answers[2][2] in said[2]
    for line in answers[4][1:5]:
        assert line in said[4]


def test_the_passphrase_file_opens_the_unit_as_the_last_step_says(walk: Walk) -> None:
    lines = walk.steps[7]["command"].split("\n")
    exported = dict(
        line.removeprefix("export ").split("=", 1) for line in lines if line.startswith("export BEECH")
    )
    home = walk.folder.parents[2]
    done = beech(
        home, "status", "-f", "json", **{name: shlex.split(value)[0] for name, value in exported.items()}
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["unit"] == "Demo Unit (invented)"


@pytest.mark.parametrize("how", ["variable", "option", "default"])
def test_a_demo_is_never_built_in_the_units_own_folder(
    how: str, tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "real"
    words = ["demo", "--dir", str(folder)]
    if how == "variable":
        monkeypatch.setenv("BEECH_UNIT", str(folder))
        words = ["--unit", str(tmp_path / "other"), *words]
    elif how == "option":
        words = ["--unit", str(folder), *words]
    else:
        folder = home / "data" / "beech"
        words[-1] = str(folder)
    assert run(words) == 5
    assert "never built there" in capsys.readouterr().err
    assert not folder.exists()


def test_a_folder_with_files_in_it_is_refused_and_left_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "letter.txt").write_text("mine")
    assert run(["demo", "--dir", str(tmp_path)]) == 5
    assert capsys.readouterr().out == ""
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


@pytest.mark.parametrize("size", ["tiny", "-5", "0", "1000001", "1e3", ""])
def test_a_size_that_is_none_is_said_and_nothing_is_made(
    size: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["demo", "--dir", str(tmp_path / "unit"), "--size", size]) == 2
    assert "--size" in capsys.readouterr().err
    assert not (tmp_path / "unit").exists()


def test_the_smallest_demo_walks_to_the_end(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["demo", "--dir", str(tmp_path / "unit"), "--size", "1", "--seed", "3"]) == 0
    assert "nothing wrong" in capsys.readouterr().out
