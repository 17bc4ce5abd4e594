"""What the model would have said at origins that its training did not see, beside the portfolio at the same."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from orderpoint.forecast import distributions
from orderpoint.forecast.base import Forecaster
from orderpoint.forecast.blend import RATE_CLASSES
from orderpoint.forecast.boosting import model, uplift
from orderpoint.forecast.boosting.model import Model
from orderpoint.forecast.distributions import Errors, Learning
from orderpoint.forecast.features.kernel import Inputs
from orderpoint.forecast.panel import Cells, FloatArray, Outcome, Panel
from orderpoint.tables.cutoff import sales_before
from orderpoint.tables.known import Known
from orderpoint.tables.sales import Sales

Floats = NDArray[np.float64]

MOST_ORIGINS = 4
PRIOR_SPANS = 20.0
"""Spans of its own that a series needs until its weight is its own by half."""
PRIOR_ORIGINS, PRIOR_WEIGHT = 2.0, 0.7
"""The trees' weight before any proof, and how many origins say as much: the judged trees saw less than the final."""
CV2 = 0.3
"""Squared relative error of a sum beside its Poisson noise, where errors are weighed."""
LEAST_FACTOR, MOST_FACTOR = 0.25, 4.0


def held_out(periods: int, span: int, warm: int) -> tuple[int, ...]:
    """Origins, a span apart, that lie behind the first half of the history; none where that leaves too little."""
    origins = [periods - span * (k + 1) for k in range(MOST_ORIGINS)]
    return tuple(sorted(t for t in origins if t >= max(periods // 2, warm + span // 2 + 1)))


@dataclass(frozen=True, eq=False)
class Proof:
    """Means of the next period and of the seen periods of the span, float32 (n, O): of the trees and the portfolio."""

    one: FloatArray
    total: FloatArray
    portfolio_one: FloatArray
    portfolio_total: FloatArray
    outcome: Outcome
    span: int

    def weight(self, rate: Floats) -> Floats:
        """Weight (n,) of the trees in 0..1 that would have had the least squared error, drawn to series of its size.

        With b the trees', p the portfolio's sum and y what came: sum((y - p)(b - p) / v) / sum((b - p)^2 / v), v the
        variance of demand around p (the combination of Bates & Granger 1969, by regression). All series share what
        happened after an origin, so each origin, not each series, is one observation beside a prior weight.
        """
        y, p, b = (a.astype(np.float64) for a in (self.outcome.total, self.portfolio_total, self.total))
        there = self.outcome.share >= 0.5
        v = np.maximum(p, 0.1) * (1.0 + CV2 * p)
        top = np.where(there, np.clip(y - p, -6 * np.sqrt(v), 6 * np.sqrt(v)) * (b - p) / v, 0.0).sum(axis=1)
        bottom = np.where(there, (b - p) ** 2 / v, 0.0).sum(axis=1)
        classes = np.digitize(rate, RATE_CLASSES)
        size = np.bincount(classes, minlength=len(RATE_CLASSES) + 1)
        everyone = np.array([top.sum(), bottom.sum()]) / max(len(rate), 1)
        pooled = [
            (np.bincount(classes, a, len(size)) + PRIOR_SPANS * whole) / (size + PRIOR_SPANS)
            for a, whole in ((top, everyone[0]), (bottom, everyone[1]))
        ]
        origins = self.total.shape[1]
        spans = PRIOR_SPANS / max(origins, 1)
        best = (top + spans * pooled[0][classes]) / np.maximum(bottom + spans * pooled[1][classes], 1e-12)
        return np.asarray((origins * np.clip(best, 0, 1) + PRIOR_ORIGINS * PRIOR_WEIGHT) / (origins + PRIOR_ORIGINS))

    def narrower(self, weight: Floats, learning: Learning) -> tuple[Floats, Floats]:
        """By what the portfolio's `ratio` and `level_cv2` (n,) are to be multiplied for the blend's errors.

        Both spreads are learned at the same few origins; the portfolio's own comes from many more.
        """
        w = weight[:, None].astype(np.float32)
        one, total = (
            (w * a + (1 - w) * b).astype(np.float32)
            for a, b in ((self.one, self.portfolio_one), (self.total, self.portfolio_total))
        )
        ours = distributions.fit(Errors(one, total, self.outcome, self.span), learning)
        theirs = distributions.fit(Errors(self.portfolio_one, self.portfolio_total, self.outcome, self.span), learning)
        ratio = np.clip(ours.ratio / theirs.ratio, LEAST_FACTOR, MOST_FACTOR)
        cv2 = np.clip((ours.level_cv2 + 0.01) / (theirs.level_cv2 + 0.01), LEAST_FACTOR, MOST_FACTOR)
        return np.asarray(ratio), np.asarray(cv2)


@dataclass(frozen=True, eq=False)
class Judged:
    """A model trained on the periods before the first of the origins, and the forecaster beside it."""

    model: Model
    inputs: Inputs
    recursive: bool
    beside: Forecaster
    span: int


def prove(judged: Judged, sales: Sales, known: Known, origins: tuple[int, ...]) -> Proof:
    """What both say at each origin from what was known then."""
    span, past = judged.span, judged.inputs.past
    if judged.recursive:
        parts = [model.recursive(judged.model, judged.inputs, t, span) for t in origins]
        trees = np.stack(parts, axis=1)
    else:
        trees = judged.model.means(judged.inputs, origins, span)
    factor = uplift.of_series(sales, known, sales.timeline)
    seen = past.seen
    means: list[list[FloatArray]] = [[], []]
    for k, t in enumerate(origins):
        there = seen[:, t : t + span]
        ours = trees[:, k] * factor[:, t : t + span]
        beside = judged.beside.fit(sales_before(sales, t), known).demand(span, known).mean
        for out, said in zip(means, (ours, beside), strict=True):
            out.append(np.stack((said[:, 0], (said * there).sum(axis=1))).astype(np.float32))
    (one, total), (beside_one, beside_total) = (np.stack(part, axis=2) for part in means)
    return Proof(one, total, beside_one, beside_total, _outcome(judged, sales, factor, origins), span)


def _outcome(judged: Judged, sales: Sales, factor: FloatArray, origins: tuple[int, ...]) -> Outcome:
    """What came, known uplifts and what stock hid included."""
    past, n = judged.inputs.past, len(sales.index)
    came = np.ascontiguousarray(past.demand * factor)
    cells = Cells(came, past.seen, np.ones((1, came.shape[1]), np.float32), np.zeros(n, np.int32))
    nothing = np.zeros(n, np.float32)
    return Panel(cells, np.array(origins, np.int64), judged.span, nothing, nothing).outcome
