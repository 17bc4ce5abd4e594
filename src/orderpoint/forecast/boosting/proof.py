"""What the model would have said at origins that its training did not see, beside the portfolio at the same."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from orderpoint.forecast import distributions
from orderpoint.forecast.base import Forecaster
from orderpoint.forecast.blend import Blend
from orderpoint.forecast.boosting import model, uplift
from orderpoint.forecast.boosting.model import Speaking
from orderpoint.forecast.choice import Candidate, Choice, choose
from orderpoint.forecast.distributions import Errors, Learning
from orderpoint.forecast.features.kernel import Inputs
from orderpoint.forecast.features.past import Past
from orderpoint.forecast.panel import Cells, FloatArray, Outcome, Panel
from orderpoint.forecast.portfolio import Portfolio
from orderpoint.forecast.selection import RATE_CLASSES
from orderpoint.tables.cutoff import sales_before
from orderpoint.tables.known import Known
from orderpoint.tables.sales import Sales

Floats = NDArray[np.float64]

MOST_ORIGINS = 4
PRIOR_SPANS = 10.0
"""A series' weight is drawn to that of series of its size as if it had so many histories of their evidence."""
PRIOR_ORIGINS, PRIOR_WEIGHT = 2.0, 0.7
"""The trees' weight before any proof, and how many origins say as much: the judged trees saw less than the final."""
CV2 = 0.3
"""Squared relative error of a sum beside its Poisson noise, where errors are weighed."""
CUT_SD = 6.0
LEAST_SHARE = 0.5
"""A sum with less of its span seen says nothing of the weight."""
LEAST_FACTOR, MOST_FACTOR = 0.25, 4.0


def weighed(came: Floats, trees: Floats | FloatArray, beside: Floats | FloatArray) -> Floats:
    """Products (n, 2) of outcomes and forecasts (n, m): their ratio is the best weight of the trees.

    With b the trees', p the other's mean and y what came (NaN where not seen): sum((y - p)(b - p) / v) and
    sum((b - p)^2 / v), v the variance of demand around p (Bates & Granger 1969, by regression). Errors are cut at six
    standard deviations.
    """
    v = np.maximum(beside, 0.1) * (1.0 + CV2 * beside)
    reach = CUT_SD * np.sqrt(v)
    apart = trees - beside
    top = np.nansum(np.clip(came - beside, -reach, reach) * apart / v, axis=1)
    return np.stack((top, np.where(np.isnan(came), 0.0, apart**2 / v).sum(axis=1)), axis=1)


def held_out(periods: int, span: int, warm: int) -> tuple[int, ...]:
    """Origins, a span apart, that lie behind the first half of the history; none where that leaves too little."""
    origins = [periods - span * (k + 1) for k in range(MOST_ORIGINS)]
    return tuple(sorted(t for t in origins if t >= max(periods // 2, warm + span // 2 + 1)))


@dataclass(frozen=True, eq=False)
class Proof:
    """Means of the next period and of the seen periods of the span, float32 (n, O): of the trees and the portfolio.

    `products` float64 (n, 2): the sums from which the weight follows, see `weighed`, over periods, sums and origins.
    """

    one: FloatArray
    total: FloatArray
    portfolio_one: FloatArray
    portfolio_total: FloatArray
    outcome: Outcome
    products: Floats
    span: int

    def weight(self, rate: Floats) -> Floats:
        """Weight (n,) of the trees in 0..1 that would have had the least squared error, drawn to series of its size.

        All series share what happened after an origin, so each origin, not each series, is one observation beside a
        prior weight.
        """
        classes = np.digitize(rate, RATE_CLASSES)
        size = np.bincount(classes, minlength=len(RATE_CLASSES) + 1)
        everyone = self.products.mean(axis=0)
        pooled = [
            (np.bincount(classes, own, len(size)) + PRIOR_SPANS * whole) / (size + PRIOR_SPANS)
            for own, whole in zip(self.products.T, everyone, strict=True)
        ]
        top, bottom = (own + PRIOR_SPANS * like[classes] for own, like in zip(self.products.T, pooled, strict=True))
        origins = self.total.shape[1]
        best = np.clip(top / np.maximum(bottom, 1e-12), 0, 1)
        return np.asarray((origins * best + PRIOR_ORIGINS * PRIOR_WEIGHT) / (origins + PRIOR_ORIGINS))

    def narrower(self, weight: Floats, learning: Learning) -> tuple[Floats, Floats]:
        """By what the portfolio's `ratio` and `level_cv2` (n,) are to be multiplied for the blend's errors.

        Both spreads are learned at the same few origins; the portfolio's own comes from many more.
        """
        ours = distributions.fit(self._blended(weight), learning)
        theirs = distributions.fit(self._blended(np.zeros_like(weight)), learning)
        ratio = np.clip(ours.ratio / theirs.ratio, LEAST_FACTOR, MOST_FACTOR)
        cv2 = np.clip((ours.level_cv2 + 0.01) / (theirs.level_cv2 + 0.01), LEAST_FACTOR, MOST_FACTOR)
        return np.asarray(ratio), np.asarray(cv2)

    def chosen(
        self, name: str, weight: Floats, learning: Learning, money: tuple[Floats, Floats]
    ) -> tuple[Floats, Choice | None]:
        """The weight (n,) whose stock would have cost least: as learned, or all to the portfolio or to the model."""
        weights = {f"{name} and portfolio": weight, "portfolio": np.zeros_like(weight), name: np.ones_like(weight)}
        errors = {of: self._blended(w) for of, w in weights.items()}
        candidates = {of: Candidate(each, distributions.fit(each, learning)) for of, each in errors.items()}
        choice = choose(candidates, money)
        return (weight if choice is None else weights[choice.used]), choice

    def _blended(self, weight: Floats) -> Errors:
        """The errors of both together, with this weight (n,) of the model."""
        w = weight[:, None].astype(np.float32)
        one, total = (
            (w * a + (1 - w) * b).astype(np.float32)
            for a, b in ((self.one, self.portfolio_one), (self.total, self.portfolio_total))
        )
        return Errors(one, total, self.outcome, self.span)


@dataclass(frozen=True, eq=False)
class Beside:
    """What another forecaster says of the `span` periods from each of the origins on: means float32 (O, n, span)."""

    origins: tuple[int, ...]
    span: int
    mean: FloatArray

    @classmethod
    def of(cls, forecaster: Forecaster, sales: Sales, known: Known, origins: tuple[int, ...], span: int) -> Beside:
        """Ask it at each origin, from what was known then. One fit after the other: none is kept."""
        mean = np.empty((len(origins), len(sales.index), span), np.float32)
        for out, t in zip(mean, origins, strict=True):
            out[:] = forecaster.fit(sales_before(sales, t), known).demand(span, known).mean
        return cls(origins, span, mean)


def portfolio_first(sales: Sales, known: Known, span: int, warm: int) -> tuple[Beside, Blend]:
    """What the portfolio says at the held-out origins, and the portfolio that knows all of the history.

    Asked before there are features: both at once would take twice the memory. Without overrides, which the trees do not
    hear either.
    """
    portfolio, known = Portfolio(span=span), replace(known, overrides=())
    beside = Beside.of(portfolio, sales, known, held_out(sales.timeline.count, span, warm), span)
    return beside, portfolio.fit(sales, known)


@dataclass(frozen=True, eq=False)
class Judged:
    """A model trained on the periods before the first origin."""

    model: Speaking
    inputs: Inputs
    recursive: bool


def prove(judged: Judged, beside: Beside, sales: Sales, known: Known) -> Proof:
    """What both say at each origin from what was known then."""
    span, origins, past = beside.span, beside.origins, judged.inputs.past
    if judged.recursive:
        parts = [model.recursive(judged.model, judged.inputs, t, span) for t in origins]
        trees = np.stack(parts, axis=1)
    else:
        trees = judged.model.means(judged.inputs, origins, span)
    factor = uplift.of_series(sales, known, sales.timeline)
    products = np.zeros((len(past.demand), 2))
    means: list[list[FloatArray]] = [[], []]
    for k, t in enumerate(origins):
        here = slice(t, t + span)
        there = past.seen[:, here]
        after = np.where(there, past.demand[:, here] * factor[:, here], np.nan).astype(np.float64)
        ours, theirs = trees[:, k] * factor[:, here], beside.mean[k].astype(np.float64)
        whole = np.where(there.mean(axis=1) >= LEAST_SHARE, np.nansum(after, axis=1), np.nan).astype(np.float64)
        sums = [(said * there).sum(axis=1)[:, None] for said in (ours, theirs)]
        products += weighed(after, ours, theirs) + weighed(whole[:, None], *sums)
        for out, said in zip(means, (ours, theirs), strict=True):
            out.append(np.stack((said[:, 0], (said * there).sum(axis=1))).astype(np.float32))
    (one, total), (their_one, their_total) = (np.stack(part, axis=2) for part in means)
    outcome = _outcome(past, factor, origins, span)
    return Proof(one, total, their_one, their_total, outcome, products, span)


def _outcome(past: Past, factor: FloatArray, origins: tuple[int, ...], span: int) -> Outcome:
    """What came from the first origin on, known uplifts and what stock hid included."""
    n, begin = len(past.demand), origins[0]
    came = np.ascontiguousarray(past.demand[:, begin:] * factor[:, begin:])
    seen = np.ascontiguousarray(past.seen[:, begin:])
    cells = Cells(came, seen, np.ones((1, came.shape[1]), np.float32), np.zeros(n, np.int32))
    nothing = np.zeros(n, np.float32)
    return Panel(cells, np.array(origins, np.int64) - begin, span, nothing, nothing).outcome
