"""Measures of a matcher's scores: F1 at the best and at a given threshold, area under the curve, times."""

from collections.abc import Sequence

Scores = list[tuple[float, bool]]

# p95 of a query in ms, of processor and by the clock (matching.md, 8): to 100,000 men, and to a million
MOST = ((25.0, 50.0), (50.0, 100.0))


def auc(scores: Scores) -> float:
    """Return the chance that a true pair scores above a false one, ties counted half."""
    ordered = sorted(scores)
    rank_sum, place = 0.0, 0
    while place < len(ordered):
        end = place
        while end < len(ordered) and ordered[end][0] == ordered[place][0]:
            end += 1
        rank_sum += sum(true for _, true in ordered[place:end]) * (place + 1 + end) / 2
        place = end
    trues = sum(true for _, true in scores)
    return (rank_sum - trues * (trues + 1) / 2) / (trues * (len(scores) - trues))


def best_f1(scores: Scores, missed: int = 0) -> tuple[float, float, float]:
    """Return the best F1 over all thresholds, its precision and recall; *missed* were never scored."""
    total = sum(true for _, true in scores) + missed
    best, right = (0.0, 0.0, 0.0), 0
    ordered = sorted(scores, reverse=True)
    for count, (score, true) in enumerate(ordered, 1):
        right += true
        if count < len(ordered) and ordered[count][0] == score:
            continue  # no threshold lies between equal scores
        f1 = 2 * right / (total + count)
        best = max(best, (f1, right / count, right / total))
    return best


def f1_above(scores: Scores, threshold: float, trues: int) -> float:
    """Return F1 where what is at or above a threshold is called one; *trues* pairs are true in all."""
    right = sum(true for score, true in scores if score >= threshold)
    told = sum(score >= threshold for score, _ in scores)
    return 2 * right / (trues + told)


def p95(seconds: Sequence[float]) -> float:
    """Return the milliseconds that 95 of 100 do not pass."""
    return sorted(seconds)[int(len(seconds) * 0.95)] * 1e3
