"""Logistic regression with a ridge, by Newton's method, for some dozens of named numbers."""

from __future__ import annotations

import math
from collections.abc import Sequence

from pdf_reading.content.confidence import probability
from pdf_reading.content.evidence import Features

Weights = dict[str, float]
ROUNDS = 25
FOLDS = 5
DIGITS = 4
MIN_SPREAD = 0.15


def fitted(rows: Sequence[Features], right: Sequence[bool], *, ridge: float) -> Weights:
    """The weights by name, and the constant under "", that make what was `right` most likely.
    What hardly varies has none, and what varies little no large one: where there is more of it,
    that would count for all the rest."""
    names = sorted({name for row in rows for name in row})
    means = {name: sum(row.get(name, 0.0) for row in rows) / len(rows) for name in names}
    spread = {
        name: math.sqrt(sum((row.get(name, 0.0) - means[name]) ** 2 for row in rows) / len(rows))
        for name in names
    }
    names = [name for name in names if spread[name] > 1e-3]
    spread = {name: max(spread[name], MIN_SPREAD) for name in names}
    table = [
        [1.0, *((row.get(name, 0.0) - means[name]) / spread[name] for name in names)]
        for row in rows
    ]
    constant, *slopes = _newton(table, right, ridge)
    found = {name: slope / spread[name] for name, slope in zip(names, slopes, strict=True)}
    found[""] = constant - sum(weight * means[name] for name, weight in found.items())
    return {name: round(weight, DIGITS) for name, weight in sorted(found.items())}


def crossed(rows: Sequence[Features], right: Sequence[bool], *, ridge: float) -> list[float]:
    """The probability of each row by weights that were fitted without it."""
    found = [0.0] * len(rows)
    for fold in range(FOLDS):
        others = [at for at in range(len(rows)) if at % FOLDS != fold]
        weights = fitted([rows[at] for at in others], [right[at] for at in others], ridge=ridge)
        for at in range(fold, len(rows), FOLDS):
            found[at] = probability(rows[at], weights)
    return found


def _newton(table: Sequence[Sequence[float]], right: Sequence[bool], ridge: float) -> list[float]:
    size = len(table[0])
    weights = [0.0] * size
    for _ in range(ROUNDS):
        slope = [-ridge * weight if at else 0.0 for at, weight in enumerate(weights)]
        curve = [[ridge * (at == other > 0) for other in range(size)] for at in range(size)]
        for row, target in zip(table, right, strict=True):
            total = sum(weight * value for weight, value in zip(weights, row, strict=True))
            guess = 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))
            bend = guess * (1 - guess)
            for at, value in enumerate(row):
                slope[at] += (target - guess) * value
                line, bent = curve[at], bend * value
                for other in range(at + 1):
                    line[other] += bent * row[other]
        for at in range(size):
            for other in range(at):
                curve[other][at] = curve[at][other]
        step = _solved(curve, slope)
        weights = [weight + part for weight, part in zip(weights, step, strict=True)]
        if max(map(abs, step)) < 1e-6:
            break
    return weights


def _solved(matrix: list[list[float]], vector: list[float]) -> list[float]:
    """Solve a symmetric positive system by elimination."""
    rows = [[*row, value] for row, value in zip(matrix, vector, strict=True)]
    for at, pivot in enumerate(rows):
        scale = pivot[at] + 1e-9
        for row in rows[at + 1 :]:
            factor = row[at] / scale
            if factor:
                for column in range(at, len(pivot)):
                    row[column] -= factor * pivot[column]
    found = [0.0] * len(rows)
    for at in reversed(range(len(rows))):
        row = rows[at]
        known = sum(row[other] * found[other] for other in range(at + 1, len(rows)))
        found[at] = (row[-1] - known) / (row[at] + 1e-9)
    return found
