"""Watchlists of any length in a real encrypted unit, for the benchmarks of the matcher.

``of_men`` takes men in by import, as any unit does; ``of_forms`` writes a million of them straight into the
tables that an import would fill, row for row the same, since only the matcher's reading is measured there.
"""

import json
import os
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from db.exchange import importing  # noqa: E402 - the path first
from db.exchange.reading import Source  # noqa: E402
from db.rules import matching  # noqa: E402
from db.rules.canon import compact  # noqa: E402
from db.vault import founding, keys, likeness, opening  # noqa: E402
from db.vault.store import Face, Store  # noqa: E402

PASSPHRASE = "invented lantern harbour seventeen"  # noqa: S105 - of a unit that lives for one run
NOW = int(datetime(2026, 11, 24, 12, tzinfo=UTC).timestamp() * 1000)
_PIECE = 20_000

Man = Mapping[str, object]


@contextmanager
def unit(kept: Path | None = None) -> Iterator[Store]:
    """Make an empty unit, in a folder that is *kept*, else in one that is gone afterwards."""
    made = tempfile.TemporaryDirectory(prefix="beech-bench-") if kept is None else nullcontext(kept)
    with made as folder:
        os.environ["XDG_STATE_HOME"] = f"{folder}/state"
        where = Path(folder) / "unit"
        founding.found(where, ("Invented Unit", "Sam"), PASSPHRASE, cost=keys.MODERATE)
        store, _ = opening.with_passphrase(where, PASSPHRASE, None, Face("script", "bench"))
        with store:
            store.clock = lambda: NOW
            yield store


def of_men(store: Store, men: Iterable[Man]) -> None:
    """Import men as offenders."""
    path = store.folder.parent / "men.ndjson"
    kept = ({k: v for k, v in man.items() if k != "as_of"} for man in men)
    path.write_text("".join(json.dumps(man, ensure_ascii=False) + "\n" for man in kept), encoding="utf-8")
    done = importing.run(store, "offender", Source(path), apply=True)
    assert done.applied, done.problems[:3]


def of_forms(store: Store, forms: Iterable[tuple[str, matching.Normal]]) -> None:
    """Write forms under their references, with records and rows for them."""
    left, n = iter(forms), 0
    with store.cipher.roomy(), store.cipher.trusted() as c:
        (n,) = c.execute("select coalesce(max(n), 0) from record").fetchone()
        while some := list(islice(left, _PIECE)):
            c.execute("begin immediate")
            numbered = [(n + place, ref, form) for place, (ref, form) in enumerate(some, 1)]
            c.executemany(
                "insert into record (n, id, kind, ref, state, heads) "
                "values (?, ?, 'offender', ?, 'present', '[]')",
                [(number, os.urandom(16), ref) for number, ref, _ in numbered],
            )
            c.executemany(
                "insert into offender (n, category, identity_confidence) values (?, 'reported', 'unknown')",
                [(number,) for number, *_ in numbered],
            )
            told = []
            for number, _, form in numbered:
                kept = {key: value for key, value in form.items() if value and key != "said"}
                told.append((number, compact(kept), compact(form["said"]), " ".join(matching.keys(form))))
            likeness.put(c, told)
            c.execute("commit")
            n += len(some)
