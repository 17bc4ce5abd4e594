"""The field's measures of some series over some origins, from the sums that `scored` keeps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from orderpoint.forecast.scoring.scored import PROBABILITIES, Scored

Floats = NDArray[np.float64]
SERVICE = (0.5, 0.8, 0.9, 0.95)
"""Probabilities whose coverage is reported: the median, and where stock is held."""


@dataclass(frozen=True, slots=True)
class Measures:
    """Accuracy of one model on one part of a shop; NaN where nothing can be said.

    `series`: how many had a period that was seen. `demand`: units that came. `wape`: absolute error over demand;
    `bias`: (forecast - demand) over demand, above 0 too high; `rmsse` and `mase`: means over series and origins,
    scaled by the steps of the history (Hyndman and Koehler 2006); `wql`: twice the pinball loss, mean over the
    PROBABILITIES, over demand; `crps`: of the sum over the span, over its demand; `coverage_*`: share of sums over
    the span at or below that quantile, by the randomised transform; `pit_error`: greatest distance of the transforms'
    distribution from the uniform one (Kolmogorov).
    """

    series: int
    demand: float
    wape: float
    bias: float
    rmsse: float
    mase: float
    wql: float
    crps: float
    coverage_50: float
    coverage_80: float
    coverage_90: float
    coverage_95: float
    pit_error: float


def measures_of(scored: Sequence[Scored], rows: NDArray[np.bool_] | None = None) -> Measures:
    """Measures over several origins of one model, of the series where `rows` (n,) is True (all without it)."""
    keep = [np.ones(len(s.demand), np.bool_) if rows is None else rows for s in scored]

    def joined(name: str) -> Floats:
        parts = [np.asarray(getattr(s, name), np.float64)[k] for s, k in zip(scored, keep, strict=True)]
        return np.concatenate(parts) if parts else np.zeros(0)

    periods, demand = joined("periods"), float(joined("demand").sum())
    pit = joined("pit")
    pit = pit[np.isfinite(pit)]
    fine = periods > 0
    each = np.maximum(periods, 1)
    total = joined("total")
    had = [np.asarray(s.periods > 0) & k for s, k in zip(scored, keep, strict=True)]
    covered = {f"coverage_{p * 100:.0f}": float((pit <= p).mean()) if len(pit) else np.nan for p in SERVICE}
    return Measures(
        series=int(np.logical_or.reduce(had).sum()) if had else 0,
        demand=demand,
        wape=_over(joined("absolute").sum(), demand),
        bias=_over(joined("error").sum(), demand),
        rmsse=_mean(np.sqrt(joined("squared") / each / joined("step_squared")), fine),
        mase=_mean(joined("absolute") / each / joined("step_absolute"), fine),
        wql=_over(2.0 * joined("pinball").sum() / len(PROBABILITIES), demand),
        crps=_over(np.nansum(joined("crps")), np.nansum(total)),
        **covered,
        pit_error=_from_uniform(pit),
    )


def _over(top: float, bottom: float) -> float:
    return float(top) / float(bottom) if bottom else float("nan")


def _mean(values: Floats, where: NDArray[np.bool_]) -> float:
    there = values[where & np.isfinite(values)]
    return float(there.mean()) if len(there) else float("nan")


def _from_uniform(pit: Floats) -> float:
    """Greatest distance between the distribution of the transforms and the uniform one."""
    if not len(pit):
        return float("nan")
    ranked, n = np.sort(pit), len(pit)
    above = np.arange(1, n + 1) / n - ranked
    below = ranked - np.arange(n) / n
    return float(max(above.max(), below.max()))
