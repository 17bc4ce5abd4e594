"""The forecasting portfolio beside statsforecast's AutoETS, HoltWinters and TSB on the same series, in one run.

Series: the daily ones of M5 (below ORDERPOINT_DATA) with the last 28 days held out, else invented ones of the same
kind. The portfolio forecasts a whole sample at once, as it does in a plan; the slow peers get a smaller sample of the
same series, and both are stated. Times are CPU time per series (of all threads), medians of the rounds. RMSSE of the
28 days; pinball of their sum, mean of the 0.5, 0.8 and 0.95 quantiles as a share of demand. A peer's quantile of a
sum is the normal's with the variance of its own daily intervals added up, which is the most that its interface gives.
"""

from __future__ import annotations

import os
import time
import warnings
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from statistics import NormalDist, median
from typing import Any, Protocol

import numpy as np
import polars as pl
from numpy.typing import NDArray

from orderpoint.domain.calendar import Period, Timeline
from orderpoint.forecast import accuracy
from orderpoint.forecast.portfolio import Portfolio
from orderpoint.tables.catalog import Catalog
from orderpoint.tables.cutoff import sales_before
from orderpoint.tables.known import Known
from orderpoint.tables.sales import Sales, State
from orderpoint.tables.series import SeriesIndex

HORIZON = 28
PROBABILITIES = (0.5, 0.8, 0.95)
SPEED_LIMIT = {"AutoETS": 100.0, "HoltWinters": 100.0, "TSB": 1.0}
"""Times faster per series, all of the portfolio against one model of the peer."""
LONG_LIMIT = 1000.0
LONG_PEER = 20
"""Long series that the slow peer gets."""
CARRIED = 9
"""Days that a fit is carried on by."""
CARRY_LIMIT_MS, LEARN_LIMIT_S = 20.0, 5.0
Floats = NDArray[np.float64]


class Peer(Protocol):
    """A model of statsforecast."""

    def forecast(self, y: Floats, h: int, level: list[int]) -> dict[str, Floats]:
        """Means and interval bounds."""
        ...


@dataclass(frozen=True)
class Said:
    """Means (n, H) and quantiles of the sum (n, P) that a method gave, and its CPU seconds per series."""

    mean: Floats
    quantiles: Floats
    seconds: float


def run(quick: bool) -> list[dict[str, Any]]:  # noqa: FBT001 - the table's contract
    """Rows of name, ours, peer, limit, ratio, unit."""
    sales, known, source = m5() if os.environ.get("ORDERPOINT_DATA") else invented()
    rows = np.random.default_rng(0).permutation(len(sales.index))
    many, few = np.sort(rows[: 5000 if quick else len(rows)]), np.sort(rows[: 60 if quick else 300])
    cut = sales.timeline.count - HORIZON
    ours(sales, known, few, cut)  # warm the kernels' cache
    said = [ours(sales, known, many, cut) for _ in range(2 if quick else 5)]
    best = replace_seconds(said[0], median(s.seconds for s in said))
    at = {row: k for k, row in enumerate(many.tolist())}
    there = np.array([at[row] for row in few.tolist()])
    same = Said(best.mean[there], best.quantiles[there], best.seconds)
    out: list[dict[str, Any]] = [carried(sales, known, source)]
    if not quick:
        out += learned()
    for name, model in peers().items():
        theirs = peer(model, sales, few, cut, rounds=1 if quick or name == "AutoETS" else 3)
        label = f"{name}, {source}, peer on {len(few)}, ours on {len(many)} series"
        out.append(
            {
                "name": f"portfolio speed beside {label}",
                "ours": best.seconds * 1e6,
                "peer": theirs.seconds * 1e6,
                "limit": SPEED_LIMIT[name],
                "ratio": theirs.seconds / best.seconds,
                "unit": "CPU us per series",
                "goal": "ratio>=",
            }
        )
        for measure, score in (("RMSSE", rmsse), ("pinball of the 28-day sum", pinball)):
            a, b = score(same, sales, few, cut), score(theirs, sales, few, cut)
            row = {"name": f"portfolio {measure} beside {name}, {source}, {len(few)} series", "ours": a, "peer": b}
            out.append(row | {"limit": None, "ratio": a / b, "unit": "scaled" if score is rmsse else "share of demand"})
    return out


def learned() -> list[dict[str, Any]]:
    """Learning from as many series and days as M5 has in all, and AutoETS on some of them."""
    rng = np.random.default_rng(4)
    index = SeriesIndex.of((f"{k:04d}", f"{p}") for k in range(3049) for p in range(10))
    units = np.empty((len(index), 1941), np.float32)
    week = 1.0 + 0.3 * np.sin(np.arange(1941) * 2.0 * np.pi / 7.0)
    for row, rate in zip(units, np.exp(rng.uniform(-3.0, 2.0, len(index))), strict=True):
        row[:] = rng.poisson(rate * week)
    state = np.full(units.shape, State.OBSERVED, np.uint8)
    sales = Sales(index, Timeline(date(2011, 1, 29), Period.DAY, 1941), units, state)
    begun, cpu = time.perf_counter(), time.process_time()
    Portfolio(span=HORIZON).fit(sales, Known(Catalog.bare(index.items)))
    seconds, each = time.perf_counter() - begun, (time.process_time() - cpu) / len(index)
    some = np.sort(rng.choice(len(index), LONG_PEER, replace=False))
    theirs = peer(peers()["AutoETS"], sales, some, units.shape[1], rounds=1).seconds
    name = f"{len(index):,} invented series x {units.shape[1]:,} days"
    return [
        {"name": f"portfolio learned from {name}", "ours": seconds, "limit": LEARN_LIMIT_S, "unit": "s"},
        {
            "name": f"portfolio speed beside AutoETS, {name}, peer on {LONG_PEER}",
            "ours": each * 1e6,
            "peer": theirs * 1e6,
        }
        | {"ratio": theirs / each, "limit": LONG_LIMIT, "unit": "CPU us per series", "goal": "ratio>="},
    ]


def carried(sales: Sales, known: Known, source: str) -> dict[str, Any]:
    """A fitted portfolio carried on by a day, memory handed over: median of days, in ms on the clock."""
    count = sales.timeline.count
    fitted = Portfolio(span=HORIZON).fit(sales_before(sales, count - CARRIED), known)
    times = []
    for day in range(count - CARRIED, count):
        here = slice(day, day + 1)
        one = replace(
            sales,
            timeline=Timeline(sales.timeline.start(day), sales.timeline.period, 1),
            quantity=np.ascontiguousarray(sales.quantity[:, here]),
            state=np.ascontiguousarray(sales.state[:, here]),
        )
        begun = time.perf_counter()
        fitted = fitted.updated(one, known, hand_over=True)
        times.append(time.perf_counter() - begun)
    name = f"portfolio carried on by a day, {source}, {len(sales.index):,} series"
    return {"name": name, "ours": median(times) * 1000, "limit": CARRY_LIMIT_MS, "unit": "ms"}


def replace_seconds(said: Said, seconds: float) -> Said:
    """The same forecast, at the median time."""
    return replace(said, seconds=seconds)


def ours(sales: Sales, known: Known, rows: NDArray[np.intp], cut: int) -> Said:
    """The portfolio on some of the series: fit, means and quantiles of the sum."""
    part = replace(
        sales,
        index=sales.index.take(rows),
        quantity=np.ascontiguousarray(sales.quantity[rows]),
        state=np.ascontiguousarray(sales.state[rows]),
    )
    begun = time.process_time()
    demand = Portfolio(span=HORIZON).fit(sales_before(part, cut), known).demand(HORIZON, known)
    total = demand.sum_over(0, HORIZON - 1)
    quantiles = np.stack([total.quantile(p) for p in PROBABILITIES], axis=1)
    return Said(demand.mean, quantiles, (time.process_time() - begun) / len(rows))


def peers() -> dict[str, Peer]:
    """The peers, made anew."""
    from statsforecast.models import TSB, AutoETS, HoltWinters
    from statsforecast.utils import ConformalIntervals

    return {
        "AutoETS": AutoETS(season_length=7),
        "HoltWinters": HoltWinters(season_length=7),
        "TSB": TSB(0.1, 0.05, prediction_intervals=ConformalIntervals(h=HORIZON, n_windows=2)),
    }


def peer(model: Peer, sales: Sales, rows: NDArray[np.intp], cut: int, rounds: int) -> Said:
    """A peer on some of the series, one by one, as it comes."""
    means, quantiles = np.zeros((len(rows), HORIZON)), np.zeros((len(rows), len(PROBABILITIES)))
    times = []
    model.forecast(y=on_sale(sales, int(rows[0]), cut), h=HORIZON, level=[80])  # compiles
    for _ in range(rounds):
        begun = time.process_time()
        for k, row in enumerate(rows):
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                said = model.forecast(y=on_sale(sales, row, cut), h=HORIZON, level=[80])
            means[k] = np.maximum(np.nan_to_num(said["mean"]), 0.0)
            sd = np.maximum(np.nan_to_num(said["hi-80"] - said["mean"]), 0.0) / NormalDist().inv_cdf(0.9)
            for j, p in enumerate(PROBABILITIES):
                total = means[k].sum() + NormalDist().inv_cdf(p) * np.sqrt((sd**2).sum())
                quantiles[k, j] = max(total, 0.0)
        times.append((time.process_time() - begun) / len(rows))
    return Said(means, quantiles, median(times))


def on_sale(sales: Sales, row: int, cut: int) -> Floats:
    """What a peer is given: the history from the first sale on, or its last ten weeks where that is longer."""
    first = int(np.argmax(sales.quantity[row, :cut] > 0))
    return sales.quantity[row, min(first, cut - 70) : cut].astype(np.float64)


def rmsse(said: Said, sales: Sales, rows: NDArray[np.intp], cut: int) -> float:
    """Mean RMSSE over the series that have a scale."""
    actual = sales.quantity[rows, cut:].astype(np.float64)
    history = sales.quantity[rows, :cut].astype(np.float64)
    return float(np.nanmean(accuracy.rmsse(actual, said.mean, np.ones(actual.shape, np.bool_), history)))


def pinball(said: Said, sales: Sales, rows: NDArray[np.intp], cut: int) -> float:
    """Mean pinball loss of the sum over the horizon, as a share of its demand."""
    came = sales.quantity[rows, cut:].sum(axis=1, dtype=np.float64)
    losses = [accuracy.pinball(came, said.quantiles[:, j], p).sum() for j, p in enumerate(PROBABILITIES)]
    return float(np.mean(losses) / came.sum())


def m5() -> tuple[Sales, Known, str]:
    """The daily part of M5: every series from its first sale on."""
    folder = Path(os.environ["ORDERPOINT_DATA"]) / "m5"
    table = pl.read_parquet(next(folder.glob("sales_daily_wide*.parquet"))).sort("item_id", "store_id")
    quantity = table.select(pl.col("^d_.*$")).to_numpy().astype(np.float32)
    kind = dict(zip(table["item_id"], table["dept_id"], strict=True))
    pairs = list(zip(table["item_id"], table["store_id"], strict=True))
    sales, known = shop(pairs, kind, quantity)
    return sales, known, f"M5 {quantity.shape[1]} days"


def invented(series: int = 6000, days: int = 400) -> tuple[Sales, Known, str]:
    """Counts with a week, a wandering level and many zeros, of the sizes of M5."""
    rng = np.random.default_rng(1)
    week = np.array([0.9, 0.85, 0.85, 0.9, 1.0, 1.3, 1.2])[np.arange(days) % 7]
    level = np.exp(rng.normal(-0.4, 1.1, (series, 1)) + np.cumsum(rng.normal(0, 0.02, (series, days)), axis=1))
    size = level * week / 0.6
    quantity = rng.negative_binomial(size, 1 / 1.6).astype(np.float32)
    pairs = [(f"i{k // 10:05d}", f"s{k % 10}") for k in range(series)]
    sales, known = shop(pairs, {item: item[-1] for item, _ in pairs}, quantity)
    return sales, known, f"{days} invented days"


def shop(pairs: list[tuple[str, str]], kind: dict[str, str], quantity: NDArray[np.float32]) -> tuple[Sales, Known]:
    """Sales whose leading zeros are OFF, and a catalogue that knows each item's category."""
    index = SeriesIndex.of(pairs)
    begun = np.cumsum(quantity > 0, axis=1) > 0
    state = np.where(begun, State.OBSERVED, State.OFF).astype(np.uint8)
    catalog = replace(Catalog.bare(index.items), category=tuple(kind[item] for item in index.items))
    timeline = Timeline(date(2015, 11, 25), Period.DAY, quantity.shape[1])
    return Sales(index, timeline, np.ascontiguousarray(quantity), state), Known(catalog)
