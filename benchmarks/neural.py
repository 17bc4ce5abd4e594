"""One store of M5 (3,049 series): the neural network beside boosted trees and the portfolio, 28 days from one origin.

usage: python -m benchmarks.neural [--store CA_1] [--back 28] [--models seasonal_naive,portfolio,boosted,neural,...]

Needs the extra `neural` (`make test-neural` makes an environment with it: .venv-neural/bin/python). Protocol of
`benchmarks.m5`: train on the days before the origin, scales from the same days, series without a scale left out.
RMSSE is the mean over the store's series; "store" and "departments" are RMSSE of the sums; WQL is the weighted quantile
loss of single days (nine quantiles); coverage is of the sum of 28 days, randomised between the two values of its
distribution function around a count.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from benchmarks.m5 import HORIZON, read
from benchmarks.meter import own_peak_mb
from orderpoint.forecast import accuracy
from orderpoint.forecast.base import Forecaster
from orderpoint.forecast.baselines import SeasonalNaive
from orderpoint.forecast.boosted import Boosted
from orderpoint.forecast.neural.forecaster import Neural
from orderpoint.forecast.portfolio import Portfolio
from orderpoint.tables.cutoff import sales_before
from orderpoint.tables.demand import Demand

Floats = NDArray[np.float64]
PROBABILITIES = np.arange(1, 10) / 10
INTERVALS = (0.5, 0.8, 0.95)
MODELS: dict[str, Callable[[], Forecaster]] = {
    "seasonal_naive": lambda: SeasonalNaive(7),
    "portfolio": lambda: Portfolio(span=HORIZON),
    "boosted": lambda: Boosted(span=HORIZON, horizon=HORIZON),
    "boosted_alone": lambda: Boosted(span=HORIZON, horizon=HORIZON, blended=False),
    "neural": lambda: Neural(span=HORIZON, horizon=HORIZON, device="cpu"),
    "neural_alone": lambda: Neural(span=HORIZON, horizon=HORIZON, device="cpu", blended=False),
    "neural_quick": lambda: Neural(span=HORIZON, horizon=HORIZON, device="cpu", effort="quick"),
    "neural_best": lambda: Neural(span=HORIZON, horizon=HORIZON, device="cpu", effort="best"),
}


def one(model: str, store: str, back: int) -> dict[str, float]:
    """Accuracy, seconds and peak memory of one model on one store."""
    data = read()
    names = data.sales.index.location_names()
    rows = np.array([k for k, name in enumerate(names) if name == store], np.intp)
    sales = data.sales.take(rows)
    cut = sales.timeline.count - back
    early = sales_before(sales, cut)
    begun, spent = time.perf_counter(), time.process_time()
    fitted = MODELS[model]().fit(early, data.known)
    taught, spent = time.perf_counter(), time.process_time() - spent
    demand = fitted.demand(HORIZON, data.known)
    seconds = time.perf_counter() - taught
    department = np.unique([item.rsplit("_", 1)[0] for item in sales.index.item_names()], return_inverse=True)[1]
    history = np.where(early.observed(), early.quantity, np.nan).astype(np.float64)
    came = sales.quantity[:, cut : cut + HORIZON].astype(np.float64)
    return {
        "rmsse": _rmsse(came, demand.mean, history),
        "departments": _rmsse(*(_summed(a, department) for a in (came, demand.mean, np.nan_to_num(history)))),
        "store": _rmsse(
            *(_summed(a, np.zeros(len(rows), np.int64)) for a in (came, demand.mean, np.nan_to_num(history)))
        ),
        **_honesty(demand, came),
        "fit_seconds": taught - begun,
        "fit_cpu_seconds": spent,
        "forecast_seconds": seconds,
        "peak_mb": own_peak_mb(),
    }


def _rmsse(came: Floats, mean: Floats, history: Floats) -> float:
    return float(np.nanmean(accuracy.rmsse(came, mean, np.ones(came.shape, bool), history)))


def _summed(values: Floats, of: NDArray[np.int64]) -> Floats:
    out = np.zeros((of.max() + 1, values.shape[1]))
    np.add.at(out, of, values)
    return out


def _honesty(demand: Demand, came: Floats) -> dict[str, float]:
    """Quantile loss of days over units, and how often the sum of the span lay within central intervals."""
    losses = [2 * accuracy.pinball(came, demand.quantile(p), p).sum() for p in PROBABILITIES]
    total = came.sum(axis=1)
    span = demand.sum_over(0, HORIZON - 1)
    below, upto = span.cdf(total - 1), span.cdf(total)
    place = below + (upto - below) * np.random.default_rng(1).random(len(total))
    inside = {f"cover{round(100 * p)}": float((np.abs(place - 0.5) <= p / 2).mean()) for p in INTERVALS}
    return {"wql": float(np.mean(losses) / came.sum()), "bias": float(demand.mean.sum() / came.sum() - 1), **inside}


def main() -> None:
    """Print the figures of each model, each in a process of its own."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.neural")
    parser.add_argument("--one", help="one model, in this process")
    parser.add_argument("--store", default="CA_1")
    parser.add_argument("--back", type=int, default=28)
    parser.add_argument("--models", default="seasonal_naive,portfolio,boosted,boosted_alone,neural,neural_alone")
    given = parser.parse_args()
    if given.one:
        print(json.dumps(one(given.one, given.store, given.back)))
        return
    for model in given.models.split(","):
        words = ["--one", model, "--store", given.store, "--back", str(given.back)]
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.neural", *words], check=True, capture_output=True, text=True
        )
        figures = json.loads(done.stdout.splitlines()[-1])
        print(f"{model:16}", "  ".join(f"{name} {value:.4g}" for name, value in figures.items()), flush=True)


if __name__ == "__main__":
    main()
