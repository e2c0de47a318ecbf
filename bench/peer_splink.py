"""Links FEBRL4 with Splink 5, by its demo's model with suburb in place of the social-security number.

Run by ``peers`` in an environment that has Splink. Prints as JSON each pair's weight and whether it is true,
how many first places are right, and the seconds of training and predicting.
"""

import csv
import json
import sys
import time
from importlib import import_module
from pathlib import Path
from typing import Any

TRUES = 5_000
COLUMNS = ("given_name", "surname", "street_number", "address_1", "suburb", "postcode", "date_of_birth")


def rows(path: Path) -> dict[str, list[str | None]]:
    """Return one half, column by column."""
    with path.open(encoding="utf-8", newline="") as lines:
        held = list(csv.DictReader(lines, skipinitialspace=True))
    made: dict[str, list[str | None]] = {
        "unique_id": [row["rec_id"].split("-")[1] for row in held],
        **{name: [row[name].strip() or None for row in held] for name in COLUMNS},
    }
    return made


def settings(splink: Any, library: Any) -> Any:
    """Return the model."""
    block = splink.block_on
    return splink.SettingsCreator(
        link_type="link_only",
        comparisons=[
            library.NameComparison("given_name"),
            library.NameComparison("surname"),
            library.DamerauLevenshteinAtThresholds("date_of_birth", [1, 2]),
            library.DamerauLevenshteinAtThresholds("postcode", [1, 2]),
            library.JaroWinklerAtThresholds("suburb", [0.9, 0.7]),
            library.JaroWinklerAtThresholds("address_1", [0.9, 0.7]),
            library.ExactMatch("street_number"),
        ],
        blocking_rules_to_generate_predictions=[
            block("given_name", "surname"),
            block("date_of_birth"),
            block("postcode", "surname"),
            block("postcode", "given_name"),
            block("suburb", "surname"),
            block("suburb", "given_name"),
            block("address_1", "street_number"),
        ],
    )


def main() -> None:
    """Train, predict, print."""
    splink, library = import_module("splink"), import_module("splink.comparison_library")
    table = import_module("pyarrow").table
    folder = Path(sys.argv[1])
    start = time.perf_counter()
    api = import_module("splink.backends.duckdb").DuckDBAPI()
    sides = [api.register(table(rows(folder / f"dataset4{side}.csv"))) for side in "ab"]
    linker = splink.Linker(sides, settings(splink, library), log_level=40)
    train, block = linker.training, splink.block_on
    train.estimate_probability_two_random_records_match(
        [block("given_name", "surname", "date_of_birth"), block("postcode", "date_of_birth")], recall=0.7
    )
    train.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
    for fields in (("date_of_birth",), ("given_name", "surname"), ("postcode",)):
        train.estimate_parameters_using_expectation_maximisation(block(*fields))
    predicted = linker.inference.predict(threshold_match_weight=-20).as_dict()
    found = list(
        zip(predicted["match_weight"], predicted["unique_id_l"], predicted["unique_id_r"], strict=True)
    )
    best: dict[str, tuple[float, str]] = {}
    for weight, one, other in found:
        best[one] = max(best.get(one, (weight, other)), (weight, other))
    made = {
        "scores": [(weight, int(one == other)) for weight, one, other in found],
        "first": sum(one == other for one, (_, other) in best.items()) / TRUES,
        "trues": TRUES,
        "seconds": time.perf_counter() - start,
    }
    print(json.dumps(made))


if __name__ == "__main__":
    main()
