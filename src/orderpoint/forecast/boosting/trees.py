"""LightGBM at arm's length: imported when it is used, the same bits for any number of threads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numba import get_num_threads
from numpy.typing import NDArray

from orderpoint.forecast.boosting.options import Budget, Grown
from orderpoint.forecast.features.layout import Layout
from orderpoint.forecast.panel import FloatArray

if TYPE_CHECKING:
    import lightgbm

Floats = NDArray[np.float64]
LEAST_ROWS = 60
"""With fewer rows nothing is learned: every series is forecast at its level."""
FOREST_TREES = 100
OBJECTIVES = {
    "tweedie": "tweedie",
    "poisson": "poisson",
    "gamma": "gamma",
    "squared": "regression",
    "quantile": "quantile",
}


class Trees:
    """A trained ensemble and what is added to it; without one, every row is 1 (its level)."""

    __slots__ = ("_booster", "_offset")

    def __init__(self, booster: lightgbm.Booster | None, offset: float = 0.0) -> None:
        self._booster = booster
        self._offset = offset

    def predict(self, matrix: FloatArray) -> FloatArray:
        """float32 (R,), at least 0."""
        if self._booster is None:
            return np.ones(len(matrix), np.float32)
        said = self._booster.predict(matrix, num_threads=get_num_threads())
        return np.asarray(np.maximum(np.asarray(said) + self._offset, 0.0), np.float32)

    def gains(self, layout: Layout) -> dict[str, float]:
        """Share of the gain in loss that each feature brought, largest first."""
        if self._booster is None:
            return {}
        gain = self._booster.feature_importance("gain")
        order = np.argsort(-gain, kind="stable")
        return {layout.names[k]: float(gain[k] / max(gain.sum(), 1e-12)) for k in order}


def grow(matrix: FloatArray, target: Floats, weight: Floats, layout: Layout, how: tuple[Budget, Grown]) -> Trees:
    """Trees from rows (R, K), their targets and weights (R,)."""
    budget, grown = how
    if len(target) < LEAST_ROWS or not target.any():
        return Trees(None)
    import lightgbm  # noqa: PLC0415 - 0.3 s and 40 MB that only a boosted forecast needs

    given = parameters(len(target), budget, grown)
    # A forest learns deviations from the mean: LightGBM's says 0 where it finds nothing to split.
    offset = float(np.average(target, weights=weight)) if grown.kind == "forest" else 0.0
    names = [str(k) for k in range(matrix.shape[1])]
    data = lightgbm.Dataset(
        matrix,
        target - offset,
        weight=weight,
        feature_name=names,
        categorical_feature=[names[k] for k in layout.categorical],
        params=given,
        free_raw_data=True,
    )
    rounds = {"boosting": budget.rounds, "forest": min(FOREST_TREES, budget.rounds), "tree": 1}[grown.kind]
    return Trees(lightgbm.train(given, data, num_boost_round=rounds), offset)


def parameters(rows: int, budget: Budget, grown: Grown) -> dict[str, Any]:
    """LightGBM's parameters. A leaf holds at least a few hundredths of a percent of the rows."""
    given: dict[str, Any] = {
        "objective": OBJECTIVES[grown.objective],
        "learning_rate": budget.rate,
        "num_leaves": budget.leaves,
        "min_data_in_leaf": max(5, min(100, rows // 200)),
        "feature_fraction": 0.6,
        "lambda_l2": 1.0,
        "cat_smooth": 50.0,
        "max_bin": 127,
        "bin_construct_sample_cnt": 100_000,
        "boost_from_average": True,
        "deterministic": True,
        "force_row_wise": True,
        "num_threads": get_num_threads(),
        "seed": grown.seed,
        "verbosity": -1,
    }
    if grown.objective == "tweedie":
        given["tweedie_variance_power"] = 1.1
    if grown.kind != "boosting" and grown.objective != "quantile":
        given["objective"] = "regression"  # the mean of a leaf; one Newton step of another loss stops short of it
    if grown.objective == "quantile":
        given["alpha"] = grown.level
    if grown.kind == "forest":
        given |= {"boosting": "rf", "bagging_fraction": 0.632, "bagging_freq": 1, "num_leaves": 4 * budget.leaves}
        given["boost_from_average"] = False
    if grown.kind == "tree":
        given |= {"learning_rate": 1.0, "feature_fraction": 1.0}
    return given
