"""Vehicles weighed: the plate by its fit, make, model, body and colour by how common they are."""

from db.rules import plates
from db.rules.descriptions import cars
from db.rules.matching.evidence import Context, Reason
from db.rules.matching.normal import Normal, Vehicle
from db.rules.matching.weights import (
    BODY_AGAINST,
    CAR_CAP,
    CAR_WORST,
    COLOUR_AGAINST,
    MAKE_AGAINST,
    MODEL_AGAINST,
    PLATE_OTHER,
    PLATE_PART_OTHER,
)


def _plate(asked: Vehicle, held: Vehicle) -> Reason | None:
    if not asked["vrm"] or not held["vrm"]:
        return None
    fit = plates.compare(asked["vrm"], held["vrm"])
    said = asked["said"].get("vrm", asked["vrm"]), held["said"].get("vrm", held["vrm"])
    if fit.bits > 0:
        return Reason("vrm", *said, fit.bits, fit.why)
    whole = plates.known(asked["vrm"]) >= 5 and plates.known(held["vrm"]) >= 5
    return Reason("vrm", *said, PLATE_OTHER if whole else PLATE_PART_OTHER, "another plate")


def _codes(
    kind: str, asked: list[str], held: list[str], context: Context, against: float
) -> tuple[float, str] | None:
    if not asked or not held:
        return None
    same = [code for code in asked if code in held]
    if same:
        return max(0.2, min(4.6, max(context.bits(f"{kind}.{code}") for code in same) - 0.5)), f"same {kind}"
    if kind in ("colour", "body") and any(f"{kind}.{b}" in cars.near(kind, a) for a in asked for b in held):
        return 0.4, f"near {kind}"
    return against, f"another {kind}"


def _said(car: Vehicle, kind: str) -> str:
    """Return the words that told of it: its own, or those another of its words was read from."""
    said = car["said"]
    return said.get(kind) or " ".join(text for key, text in said.items() if key not in ("vrm", "colour"))


def _pair(asked: Vehicle, held: Vehicle, context: Context) -> list[Reason]:
    reasons = []
    plate = _plate(asked, held)
    if plate is not None:
        reasons.append(plate)
    for kind, a, b, against in (
        ("make", asked["makes"], held["makes"], MAKE_AGAINST),
        ("model", asked["models"], held["models"], MODEL_AGAINST),
        ("body", asked["bodies"], held["bodies"], BODY_AGAINST),
        ("colour", asked["colours"], held["colours"], COLOUR_AGAINST),
    ):
        weighed = _codes(kind, a, b, context, against)
        if weighed is None or (kind == "body" and asked["models"] and held["models"]):
            continue
        bits, why = weighed
        if kind == "model" and bits > 0:
            bits = min(3.5, 0.6 * bits)
        reasons.append(Reason(kind, _said(asked, kind), _said(held, kind), bits, why))
    return reasons


def _capped(reasons: list[Reason]) -> float:
    """Return a pair's bits: words capped together, the plate never, or exact and nearly exact would tie."""
    plate = sum(r.points for r in reasons if r.field == "vrm")
    words = sum(r.points for r in reasons if r.field != "vrm")
    return plate + min(CAR_CAP, words)


def vehicle(query: Normal, found: Normal, context: Context) -> list[Reason]:
    """Weigh the best pair of vehicles; that he has another one too says little against."""
    pairs = [_pair(a, b, context) for a in query.get("cars", []) for b in found.get("cars", [])]
    pairs = [pair for pair in pairs if pair]
    if not pairs:
        return []
    best = max(pairs, key=_capped)
    total = _capped(best)
    if total < CAR_WORST:
        return [r._replace(points=r.points * CAR_WORST / total) for r in best]
    words = sum(r.points for r in best if r.field != "vrm")
    if words <= CAR_CAP:
        return best
    return [r if r.field == "vrm" else r._replace(points=r.points * CAR_CAP / words) for r in best]
