"""M5 with the origin moved back: WRMSSE of portfolio and boosted trees beside seasonal naive and mlforecast.

usage: python -m benchmarks.m5 [--back 28,56,84] [--models naive,mlforecast,quick,standard]

Train on the days before the origin, forecast 28. WRMSSE as in the competition's guide (eq. 1 and 2) over its 12 levels
with the official weights, each scale from the days before the origin; series that have no scale are left out. The
given 152 days end before the competition's test days, which are not used.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from benchmarks.meter import own_peak_mb
from benchmarks.mlforecast_peer import Peer
from benchmarks.needs import data_folder
from orderpoint.domain.calendar import Period, Timeline
from orderpoint.forecast.base import Forecaster
from orderpoint.forecast.baselines import SeasonalNaive
from orderpoint.forecast.portfolio import Portfolio
from orderpoint.tables.catalog import Catalog
from orderpoint.tables.cutoff import sales_before
from orderpoint.tables.known import CalendarEvent, Known
from orderpoint.tables.sales import Sales, State
from orderpoint.tables.series import SeriesIndex

HORIZON = 28
BACK = (28, 56, 84)
GOALS = {"quick": (0.78, 10.0), "standard": (0.62, 120.0)}
"""Share of seasonal naive's WRMSSE, and seconds for one origin."""
MOST_MEMORY_MB = 4096.0
PEER = "mlforecast"
"""With 60 rounds. More parts of the date than the weekday made it worse, 28 days back."""
LEVELS: tuple[tuple[str, ...], ...] = (
    (),
    ("state",),
    ("store",),
    ("category",),
    ("department",),
    ("state", "category"),
    ("state", "department"),
    ("store", "category"),
    ("store", "department"),
    ("item",),
    ("state", "item"),
    ("store", "item"),
)
Floats = NDArray[np.float64]
Said = dict[str, float]
Row = dict[str, Any]


def run(quick: bool) -> list[dict[str, Any]]:  # noqa: FBT001 - the one argument that every benchmark takes
    """Rows: mean WRMSSE of each effort over seasonal naive's and over mlforecast's, its seconds and its peak memory.

    A quick run measures the quick effort alone, at one origin, and no peer but seasonal naive.
    """
    data_folder("m5")
    back = BACK[:1] if quick else BACK
    naive = [apart("naive", days) for days in back]
    if not quick:
        import mlforecast  # noqa: F401 - said to be missing here, not by a process of its own
    peer = [] if quick else [apart(PEER, days) for days in back]
    rows: list[dict[str, Any]] = []
    if peer:
        rows += _rows(f"M5, {len(back)} origins, mlforecast + LightGBM", peer, naive, (None, None))
    for effort in ("quick",) if quick else tuple(GOALS):
        said = [apart(effort, days) for days in back]
        name = f"M5, {len(back)} origins, {effort}"
        rows += _rows(name, said, naive, GOALS[effort])
        if peer:
            rows.append({"name": f"{name}: WRMSSE beside mlforecast + LightGBM", **_beside(said, peer)})
    return rows


def _rows(name: str, said: list[Said], naive: list[Said], goal: tuple[float | None, float | None]) -> list[Row]:
    """Accuracy beside seasonal naive's; time and memory of the dearest origin; `goal`: of the ratio, and seconds."""
    accuracy = {"name": f"{name}: WRMSSE beside seasonal naive", **_beside(said, naive)}
    seconds = {"name": f"{name}: time of an origin", "ours": max(s["seconds"] for s in said), "unit": "s"}
    peak = {"name": f"{name}: peak", "ours": max(s["peak_mb"] for s in said), "limit": MOST_MEMORY_MB, "unit": "MB"}
    if goal[0] is not None:
        accuracy |= {"limit": goal[0], "goal": "ratio<="}
    if goal[1] is not None:
        seconds |= {"limit": goal[1]}
    return [accuracy, seconds, peak]


def _beside(said: list[Said], peer: list[Said]) -> Row:
    """Means of both, and the mean of their ratios origin by origin."""
    ours, theirs = (np.array([s["wrmsse"] for s in given]) for given in (said, peer))
    means = {"ours": float(ours.mean()), "peer": float(theirs.mean()), "ratio": float((ours / theirs).mean())}
    return {"unit": "WRMSSE (mean of ratios)", **means}


def apart(model: str, back: int) -> Said:
    """One model at one origin in a process of its own, so that its peak of memory is its own."""
    words = [sys.executable, "-m", "benchmarks.m5", "--one", model, "--back", str(back)]
    done = subprocess.run(words, check=True, capture_output=True, text=True)
    record: Said = json.loads(done.stdout.splitlines()[-1])
    print(model, back, record, flush=True)
    return record


def models() -> dict[str, Callable[[], Forecaster]]:
    """What can be measured, by name."""
    from orderpoint.forecast.boosted import Boosted
    from orderpoint.forecast.hierarchy import Reconciled
    from orderpoint.forecast.in_parts import InParts

    return {
        "naive": lambda: SeasonalNaive(7),
        "quick": lambda: Portfolio(span=HORIZON),
        "reconciled": lambda: Reconciled(Portfolio(span=HORIZON), HORIZON),
        "parts": lambda: InParts(Portfolio(span=HORIZON), 2000),
        "standard": lambda: Boosted(span=HORIZON, horizon=HORIZON, effort="standard"),
        "best": lambda: Boosted(span=HORIZON, horizon=HORIZON, effort="best"),
        "alone": lambda: Boosted(span=HORIZON, horizon=HORIZON, effort="standard", blended=False),
    }


def one(model: str, back: int) -> Said:
    """WRMSSE, seconds and peak memory of one model at the origin `back` days before the end."""
    data = read()
    cut = data.sales.timeline.count - back
    past = sales_before(data.sales, cut)
    begun = time.perf_counter()
    if model == PEER:
        mean = Peer().forecast(past, past, data.known, HORIZON)
    else:
        mean = models()[model]().fit(past, data.known).demand(HORIZON, data.known).mean
    seconds = time.perf_counter() - begun
    peak = own_peak_mb()
    scores = wrmsse(data, mean, cut)
    return {"wrmsse": float(np.mean(scores)), "seconds": seconds, "peak_mb": peak} | {
        f"level{k + 1}": float(score) for k, score in enumerate(scores)
    }


@dataclass(frozen=True, eq=False)
class M5:
    """Sales of all series, what is known, and for each of the 12 levels the group of a series and the weights."""

    sales: Sales
    known: Known
    groups: tuple[NDArray[np.int64], ...]
    weights: tuple[Floats, ...]


def wrmsse(data: M5, mean: Floats, cut: int) -> list[float]:
    """WRMSSE of each level."""
    quantity = data.sales.quantity.astype(np.float64)
    out = []
    for of, weight in zip(data.groups, data.weights, strict=True):
        total = np.zeros((len(weight), quantity.shape[1]))
        np.add.at(total, of, quantity)
        said = np.zeros((len(weight), HORIZON))
        np.add.at(said, of, mean)
        history = total[:, :cut]
        begun = np.cumsum(history[:, :-1] != 0, axis=1) > 0  # from the first sale on
        steps = np.where(begun, np.diff(history, axis=1) ** 2, 0.0)
        scale = steps.sum(axis=1) / np.maximum(begun.sum(axis=1), 1)
        there = scale > 0
        error = ((total[:, cut : cut + HORIZON] - said) ** 2).mean(axis=1)
        out.append(float((weight[there] * np.sqrt(error[there] / scale[there])).sum()))
    return out


@cache
def read() -> M5:
    """The daily part, the calendar, the prices and the weights."""
    folder = data_folder("m5")
    table = pl.read_parquet(next(folder.glob("sales_daily_wide*.parquet"))).sort("item_id", "store_id")
    table = table.select("item_id", "dept_id", "cat_id", "store_id", "state_id", pl.col("^d_.*$"))
    days = [name for name in table.columns if name.startswith("d_")]
    quantity = np.ascontiguousarray(table.select(days).to_numpy(), np.float32)
    index = SeriesIndex.of(list(zip(table["item_id"], table["store_id"], strict=True)))
    calendar = pl.read_parquet(folder / "calendar.parquet")
    first = calendar.filter(pl.col("d") == days[0])["date"][0]
    begun = np.cumsum(quantity > 0, axis=1) > 0
    state = np.where(begun, State.OBSERVED, State.OFF).astype(np.uint8)
    sales = Sales(index, Timeline(first, Period.DAY, len(days)), quantity, state)
    department = dict(zip(table["item_id"], table["dept_id"], strict=True))
    category = dict(zip(table["item_id"], table["cat_id"], strict=True))
    catalog = replace(
        Catalog.bare(index.items),
        department=tuple(category[item] for item in index.items),  # the coarser of the two
        category=tuple(department[item] for item in index.items),
    )
    known = Known(catalog, prices=_prices(folder, calendar), calendar=_events(calendar, index.locations))
    keys = {
        "item": table["item_id"],
        "store": table["store_id"],
        "state": table["state_id"],
        "category": table["cat_id"],
        "department": table["dept_id"],
    }
    groups, weights = zip(*(_level(folder, k, keys) for k in range(len(LEVELS))), strict=True)
    return M5(sales, known, groups, weights)


def _prices(folder: Path, calendar: pl.DataFrame) -> pl.DataFrame:
    """The weekly prices as a table of the file contract: a row where a price changes."""
    weeks = calendar.group_by("wm_yr_wk").agg(pl.col("date").min())
    prices = pl.read_parquet(folder / "sell_prices.parquet").join(weeks, on="wm_yr_wk")
    prices = prices.sort("item_id", "store_id", "date")
    changed = pl.col("sell_price") != pl.col("sell_price").shift(1).over("item_id", "store_id")
    return prices.filter(changed.fill_null(value=True)).select(
        "date",
        pl.col("item_id").alias("item"),
        pl.col("store_id").alias("location"),
        pl.col("sell_price").alias("price"),
    )


def _events(calendar: pl.DataFrame, stores: tuple[str, ...]) -> tuple[CalendarEvent, ...]:
    """Festivals of everywhere, and the days of food stamps (SNAP) of each state's stores."""
    out = []
    for row in calendar.iter_rows(named=True):
        names = [row[f"event_name_{k}"] for k in (1, 2)]
        out += [CalendarEvent(row["date"], name, "festival") for name in names if name]
        out += [CalendarEvent(row["date"], "SNAP", "benefit", store) for store in stores if row[f"snap_{store[:2]}"]]
    return tuple(out)


def _level(folder: Path, k: int, keys: dict[str, pl.Series]) -> tuple[NDArray[np.int64], Floats]:
    """Group of each series at a level, and the official weight of each group."""
    names = LEVELS[k]
    parts = [keys[name].to_list() for name in names]
    series = list(zip(*parts, strict=True)) if parts else [()] * len(keys["item"])
    distinct = sorted(set(series))
    at = {key: j for j, key in enumerate(distinct)}
    table = pl.read_parquet(folder / "wrmsse_weights_validation.parquet").filter(pl.col("Level_id") == f"Level{k + 1}")
    official = {frozenset((a, b)): w for a, b, w in table.select("Agg_Level_1", "Agg_Level_2", "Weight").iter_rows()}
    weight = np.array([official[_official(key)] for key in distinct])
    return np.array([at[key] for key in series], np.int64), weight


def _official(key: tuple[str, ...]) -> frozenset[str]:
    """How the table of weights writes a group."""
    if not key:
        return frozenset(("Total", "X"))
    return frozenset(key) if len(key) == 2 else frozenset((*key, "X"))


def main() -> None:
    """Print WRMSSE, time and memory of the models."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.m5")
    parser.add_argument("--one", help="one model, in this process")
    parser.add_argument("--models", default="naive,quick,standard")
    parser.add_argument("--back", default="28,56,84")
    given = parser.parse_args()
    back = [int(days) for days in given.back.split(",")]
    if given.one:
        print(json.dumps(one(given.one, back[0])))
        return
    for model in given.models.split(","):
        for days in back:
            apart(model, days)


if __name__ == "__main__":
    main()
