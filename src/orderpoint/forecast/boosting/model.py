"""A global model: rows drawn to a budget, targets over the level of their series, forecasts from any origin."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from orderpoint.forecast.boosting import trees
from orderpoint.forecast.boosting.options import ROWS_PER_PERIOD, Budget, Grown
from orderpoint.forecast.boosting.trees import Trees
from orderpoint.forecast.features.inputs import Recipe
from orderpoint.forecast.features.kernel import Inputs, features
from orderpoint.forecast.features.past import Past, add_period
from orderpoint.forecast.features.rows import Draw, Rows, ahead_of, drawn, eligible
from orderpoint.forecast.panel import FloatArray

Floats = NDArray[np.float64]

CHUNK_ROWS = 200_000
"""Rows whose features are held at once when forecasting."""
OVERDISPERSION = 0.01
"""The variance of demand with mean m is taken as m + OVERDISPERSION m^2 when rows are weighed."""
MOST_TURNS = 4
"""Draws of the same periods with other steps ahead, where the budget allows."""
LEAST_AMOUNT = 1e-3
"""Share of the level that a period without sales counts for under the gamma loss, which knows no zero."""
CUT_FACTOR, CUT_UNITS = 20.0, 20.0
"""A period counts for at most CUT_FACTOR times its level plus CUT_UNITS: one large order is no law."""


class Speaking(Protocol):
    """A global model, of trees or another, that can be asked at any origin."""

    def means(self, inputs: Inputs, origins: tuple[int, ...], steps: int) -> FloatArray:
        """Means float32 (n, origins, steps) of the periods from each origin on."""
        ...


@dataclass(frozen=True, eq=False)
class Model:
    """Trained trees and the recipe of their features."""

    recipe: Recipe
    trees: Trees

    def means(self, inputs: Inputs, origins: tuple[int, ...], steps: int) -> FloatArray:
        """Means float32 (n, origins, steps) of the periods from each origin on, not negative, in bounded memory."""
        n = len(inputs.past.demand)
        out = np.zeros((n, len(origins) * steps), np.float32)
        size = max(1, CHUNK_ROWS // (len(origins) * steps))
        for begin in range(0, n, size):
            series = np.arange(begin, min(begin + size, n), dtype=np.int32)
            rows = ahead_of(series, origins, steps)
            said = self.trees.predict(features(inputs, rows, self.recipe.layout))
            out[series] = (said * inputs.past.level[rows.owner(), rows.origin]).reshape(len(series), -1)
        return out.reshape(n, len(origins), steps)


def recursive(model: Speaking, inputs: Inputs, origin: int, steps: int) -> FloatArray:
    """Means float32 (n, steps): one step at a time, each taken for demand by the next."""
    past = inputs.past
    periods = origin + steps
    demand = np.zeros((len(past.demand), periods), np.float32)
    seen = np.ones(demand.shape, np.bool_)
    level = np.empty((len(demand), periods + 1), np.float32)
    sums = np.empty((3, past.sums.shape[1], periods + 1))
    demand[:, :origin], seen[:, :origin] = past.demand[:, :origin], past.seen[:, :origin]
    level[:, : origin + 1], level[:, origin + 1 :] = past.level[:, : origin + 1], past.level[:, origin : origin + 1]
    sums[:, :, : origin + 1] = past.sums[:, :, : origin + 1]
    longer = inputs._replace(past=past._replace(demand=demand, seen=seen, level=level, sums=sums))
    for t in range(origin, periods):
        demand[:, t] = model.means(longer, (t,), 1)[:, 0, 0]
        add_period(longer.past, t)
    return demand[:, origin:]


def learn(inputs: Inputs, recipe: Recipe, between: tuple[int, int], how: tuple[Budget, Grown]) -> Model:
    """Draw rows of the periods between the first origin and the first period that must not be read; grow trees."""
    most = min(how[0].rows, ROWS_PER_PERIOD * max(between[1] - between[0], 1))
    rows = training_rows(inputs.past, between, recipe.horizon, most)
    owner = rows.owner()
    level = inputs.past.level[owner, rows.origin].astype(np.float64)
    demand = inputs.past.demand[owner, rows.target].astype(np.float64)
    target = np.minimum(demand, CUT_FACTOR * level + CUT_UNITS) / level
    weight = level / (1.0 + OVERDISPERSION * level)
    if how[1].objective == "gamma":
        target, weight = np.maximum(target, LEAST_AMOUNT), np.ones(len(level))
    weight /= weight.mean() if len(weight) else 1.0
    matrix = features(inputs, rows, recipe.layout)
    return Model(recipe, trees.grow(matrix, target, weight, recipe.layout, how))


def training_rows(past: Past, between: tuple[int, int], horizon: int, most: int) -> Rows:
    """About `most` rows at most; where there are fewer periods, each is drawn several times with other steps."""
    warm, until = between
    there = eligible(past, warm, until)
    turns = int(np.clip(most // max(there, 1), 1, MOST_TURNS))
    share = min(1.0, most / (turns * max(there, 1)))
    parts = [drawn(past, Draw(warm, until, horizon, share, turn)) for turn in range(turns)]
    return parts[0] if turns == 1 else _together(parts)


def _together(parts: list[Rows]) -> Rows:
    """Rows of several draws, those of a series together."""
    owner = np.concatenate([part.owner() for part in parts])
    order = np.argsort(owner, kind="stable")
    size = np.bincount(owner, minlength=len(parts[0].series))
    return Rows(
        parts[0].series,
        np.concatenate((np.zeros(1, np.int64), np.cumsum(size))),
        np.concatenate([part.origin for part in parts])[order],
        np.concatenate([part.target for part in parts])[order],
    )
