"""Boosted trees on 30,490 invented series over 1,941 days: time, memory, and accuracy beside mlforecast + LightGBM.

usage: python -m benchmarks.boosting_scale [--quick]

The last 28 days are held out. Ours learns from all series, within its budget of rows. The peer learns from all rows of
every tenth item (all its places), 300 rounds, with weekday, day and month as features, and is asked for series that it
has not learned from. Both are scored on the same ten thousand of those: RMSSE of each series, and the absolute error of
its 28-day sum as a share of demand. Each runs in a process of its own, files read in it, so that its peak is its own.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks import scale
from benchmarks.measurement import Measurement
from benchmarks.meter import own_peak_mb
from benchmarks.mlforecast_peer import Peer
from benchmarks.table import table_text
from orderpoint.forecast import accuracy
from orderpoint.forecast.boosted import Boosted
from orderpoint.forecast.portfolio import Portfolio
from orderpoint.ingest.bucketing import bucket
from orderpoint.ingest.intake import read
from orderpoint.ingest.snapshot import SnapshotOptions, state_of
from orderpoint.tables.cutoff import sales_before
from orderpoint.tables.known import Known
from orderpoint.tables.sales import Sales

HORIZON = 28
EVERY, HELD_OUT = 10, 10_000
"""The peer learns from every tenth item; so many series of the others are scored."""
PEER = Peer(300, ("weekday", "day", "month"))
MOST_SECONDS, MOST_MEMORY_MB = 900.0, 4096.0
Floats = NDArray[np.float64]
MODELS = ("portfolio", "boosted", "mlforecast")


def run(quick: bool) -> list[dict[str, Any]]:  # noqa: FBT001 - the one argument that every benchmark takes
    """Rows of the benchmark table. A quick run has none: it takes a quarter of an hour."""
    if quick:
        return []
    import mlforecast  # noqa: F401 - said to be missing here, not by a process of its own

    said = {name: apart(name) for name in MODELS}
    ours, peer = said["boosted"], said["mlforecast"]
    series = f"{scale.ITEMS * scale.LOCATIONS:,} invented series x {scale.DAYS:,} days"
    name = f"boosting, {HELD_OUT:,} of {series}"
    rows = [
        {"name": f"boosting on {series}: time", "ours": ours["seconds"], "peer": peer["seconds"]}
        | {"limit": MOST_SECONDS, "unit": "s (peer: on a tenth)"},
        {"name": f"boosting on {series}: peak", "ours": ours["peak_mb"], "peer": peer["peak_mb"]}
        | {"limit": MOST_MEMORY_MB, "unit": "MB (peer: on a tenth)"},
    ]
    for measure, unit in (("rmsse", "RMSSE"), ("sum_error", "error of the 28-day sum, share of demand")):
        figures = {"ours": ours[measure], "peer": peer[measure], "ratio": ours[measure] / peer[measure], "unit": unit}
        rows.append({"name": f"{name} beside mlforecast", **figures, "limit": 1.0, "goal": "ratio<="})
        figures = {"ours": said["portfolio"][measure], "peer": peer[measure], "unit": unit}
        rows.append(
            {"name": "portfolio, the same, beside mlforecast", **figures, "ratio": figures["ours"] / peer[measure]}
        )
    return rows


def apart(model: str) -> dict[str, float]:
    """One model in a process of its own."""
    scale.invented(zero_days=False)
    words = [sys.executable, "-m", "benchmarks.boosting_scale", "--one", model]
    done = subprocess.run(words, check=True, capture_output=True, text=True)
    record: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    print(f"  {model}: {record}", flush=True)
    return record


def one(model: str) -> dict[str, float]:
    """Accuracy, seconds of learning and forecasting, and peak memory with the reading."""
    sales, known = shop()
    past = sales_before(sales, sales.timeline.count - HORIZON)
    learned = sales.index.item_of % EVERY == 0
    judged = np.flatnonzero(~learned)
    judged = np.sort(np.random.default_rng(2).choice(judged, HELD_OUT, replace=False))
    begun = time.perf_counter()
    if model == "mlforecast":
        mean = PEER.forecast(past.take(np.flatnonzero(learned)), past.take(judged), known, HORIZON)
    else:
        forecaster = Portfolio(span=HORIZON) if model == "portfolio" else Boosted(span=HORIZON, horizon=HORIZON)
        mean = forecaster.fit(past, known).demand(HORIZON, known).mean[judged]
    seconds = time.perf_counter() - begun
    peak = own_peak_mb()
    return {"seconds": seconds, "peak_mb": peak, **scores(sales.take(judged), mean)}


def shop() -> tuple[Sales, Known]:
    """The folder of the large shop, as `orderpoint plan` reads it."""
    reading = read((scale.invented(zero_days=False),))
    sales = bucket(reading).sales
    return sales, state_of(reading, sales, SnapshotOptions()).known


def scores(sales: Sales, mean: Floats) -> dict[str, float]:
    """Mean RMSSE over the series that have a scale, and the error of sums; days out of stock are left out."""
    cut = sales.timeline.count - HORIZON
    came, seen = sales.quantity[:, cut:].astype(np.float64), sales.observed()[:, cut:]
    history = np.where(sales.observed()[:, :cut], sales.quantity[:, :cut], np.nan).astype(np.float64)
    each = accuracy.rmsse(came, mean, seen, history)
    off = np.abs(np.where(seen, came - mean, 0.0).sum(axis=1)).sum() / came[seen].sum()
    return {"rmsse": float(each[np.isfinite(each)].mean()), "sum_error": float(off)}


def main() -> None:
    """Print the rows, or with --one the figures of one model."""
    if "--one" in sys.argv:
        print(json.dumps(one(sys.argv[sys.argv.index("--one") + 1])))
        return
    print(table_text([Measurement.of(row) for row in run("--quick" in sys.argv[1:])], []))


if __name__ == "__main__":
    main()
