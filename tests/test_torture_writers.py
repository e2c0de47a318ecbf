"""Many processes write to one unit at once: no update is lost, nobody is told of a lock, nobody starves."""

import json
import subprocess
from pathlib import Path

from db import records
from db.vault import cipher, opening
from db.vault.verify import verify
from tests.attacks import around, command, ended, start
from tests.conftest import Unit
from tests.torture import FACE, LONG

PROCESSES = 8
SECONDS = 60 if LONG else 4

# Until its time is up: a contact of its own, then one more need counted on the record that all share.
_WRITER = """
import json, time
from db import records
from db.vault import opening
from db.vault.store import Face
store = opening.with_opened(Path(folder), frame.opened, Face("script", "test"))
number, until = words
longest, whole = 0.0, store.cipher.begin
def begin():
    global longest
    since = time.monotonic()
    whole()
    longest = max(longest, time.monotonic() - since)
store.cipher.begin = begin
print("ready", flush=True)
sys.stdin.readline()
end, saved, added = time.monotonic() + float(until), [], 0
while time.monotonic() < end:
    saved.append(records.add(store, "engagement", {"at": "2026-11-21T23:40", "sector": number})["ref"])
    with store.write() as tx:
        shared = records.find(tx, store.id_key, "shared", ("engagement",))
        have = records.shape_of(tx, "engagement", shared.id)["people_unnamed"]
        tx.amend(shared.id, {"people_unnamed": have + 1})
    added += 1
print(json.dumps({"saved": saved, "added": added, "longest": longest}), flush=True)
sys.exit()
"""


def writers(unit: Unit) -> list["subprocess.Popen[bytes]"]:
    """The processes, each with the unit open and waiting for a line on stdin."""
    env = around(unit.folder)
    made = [start(command(unit, str(n), str(SECONDS), patch=_WRITER), env) for n in range(PROCESSES)]
    for one in made:
        assert one.stdout is not None
        assert one.stdout.readline() == b"ready\n"
    return made


def test_eight_processes_that_write_at_once_lose_no_update_and_none_is_turned_away(
    unit: Unit, tmp_path: Path
) -> None:
    with opening.with_opened(unit.folder, unit.opened, FACE) as store:
        records.add(store, "engagement", {"at": "2026-11-20T20:00", "external_ref": "shared"})
    running = writers(unit)
    for one in running:
        assert one.stdin is not None
        one.stdin.write(b"\n")
        one.stdin.flush()
    done = [ended(one, timeout=SECONDS + 300) for one in running]
    for ran in done:
        assert (ran.code, ran.err) == (0, ""), ran
    told = [json.loads(ran.out) for ran in done]
    assert all(one["saved"] for one in told)
    assert all(0 < one["longest"] < cipher.WAIT_SECONDS for one in told)
    with opening.with_opened(unit.folder, unit.opened, FACE) as store:
        held = records.listing(store, "engagement")
        assert verify(store).ok
    assert {ref for one in told for ref in one["saved"]} == {
        one["ref"] for one in held if one["external_ref"] is None
    }
    shared = next(one for one in held if one["external_ref"] == "shared")
    assert shared["people_unnamed"] == sum(one["added"] for one in told)
