"""Whose judgement helps: every past override against the model without it, and against what came."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.special import stdtr

from orderpoint.forecast import accuracy, judgement
from orderpoint.forecast.base import Forecaster
from orderpoint.tables.cutoff import sales_before, sales_between
from orderpoint.tables.demand import Demand
from orderpoint.tables.known import Known, Override
from orderpoint.tables.sales import Sales

Floats = NDArray[np.float64]

PROBABILITY = 0.9
"""Where the quantile loss is taken: about where stock is held."""
MOST_ORIGINS = 26
"""The overrides of so many different starts are scored, the latest ones."""
PRIOR_OVERRIDES = 5.0
"""Overrides that an author needs to be half believed; before, judgement is taken to change nothing."""
PRIOR_SD = 0.3
"""Standard deviation of the gain of one override, before any were seen: it counts as PRIOR_OVERRIDES of them."""
SURE = 0.9
"""Probability from which it is said that judgement helps, or hurts."""

SCHEMA = {
    "item": pl.String,
    "location": pl.String,
    "start": pl.Date,
    "end": pl.Date,
    "kind": pl.String,
    "author": pl.String,
    "reason": pl.String,
    "periods": pl.Int64,
    "demand": pl.Float64,
    "wape_model": pl.Float64,
    "wape_judged": pl.Float64,
    "loss_model": pl.Float64,
    "loss_judged": pl.Float64,
    "gain": pl.Float64,
}
"""Columns of `value_added`; losses are quantile losses in units, summed over the window."""


@dataclass(frozen=True, slots=True)
class Window:
    """One override, the demand that was forecast `without` and `with_it`, and what `came` (`Sales` that follow it)."""

    word: Override
    without: Demand
    with_it: Demand
    came: Sales


def value_added(
    forecaster: Forecaster,
    sales: Sales,
    known: Known,
    most_origins: int = MOST_ORIGINS,
    probability: float = PROBABILITY,
) -> pl.DataFrame:
    """Forecast value added (Gilliland 2010) of each override whose window has come, alone on top of the model.

    The model forecasts from the history before the period in which the override starts, as if it had been written then;
    prices, promotions and calendar are taken as known. One row an override (`SCHEMA`), in the order of `known`.
    """
    begins: dict[int, list[int]] = {}
    for k, word in enumerate(known.overrides):
        origin = sales.timeline.index_of(word.start)
        if 1 <= origin < sales.timeline.count and judgement.spoken_of(word, sales.index).any():
            begins.setdefault(origin, []).append(k)
    rows: dict[int, dict[str, object]] = {}
    for origin in sorted(begins)[-most_origins:]:
        words = [known.overrides[k] for k in begins[origin]]
        for k, window in zip(begins[origin], _windows(forecaster, sales, known, origin, words), strict=True):
            row = judged(window, probability)
            if row is not None:
                rows[k] = row
    return pl.DataFrame([rows[k] for k in sorted(rows)], schema=SCHEMA)


def _windows(
    forecaster: Forecaster, sales: Sales, known: Known, origin: int, words: list[Override]
) -> Iterator[Window]:
    """The forecasts of one origin, with each override alone."""
    last = max(sales.timeline.index_of(word.end) for word in words)
    horizon = min(last, sales.timeline.count - 1) - origin + 1
    bare = replace(known, overrides=())
    fitted = forecaster.fit(sales_before(sales, origin), bare)
    without = fitted.demand(horizon, bare)
    came = sales_between(sales, origin, origin + horizon)
    for word in words:
        yield Window(word, without, fitted.demand(horizon, replace(known, overrides=(word,))), came)


def judged(window: Window, probability: float = PROBABILITY) -> dict[str, object] | None:
    """One row of `SCHEMA`; None where no period of the window was seen in stock.

    `gain` = (loss without - loss with) / (their sum): 1 where judgement took away all loss, -1 where it made all of it.
    """
    word, came = window.word, window.came
    rows = judgement.spoken_of(word, came.index)
    inside = judgement.covered(came.timeline, word.start, word.end) > 0
    seen = came.observed() & rows[:, None] & inside[None]
    if not seen.any():
        return None
    actual = came.quantity.astype(np.float64)
    two = (window.without, window.with_it)
    wape = [accuracy.wape(actual, demand.mean, seen) for demand in two]
    loss = [float(accuracy.pinball(actual, d.quantile(probability), probability)[seen].sum()) for d in two]
    both = loss[0] + loss[1]
    return {
        **{name: getattr(word, name) for name in ("item", "location", "start", "end", "kind", "author", "reason")},
        "periods": int(seen.sum()),
        "demand": float(actual[seen].sum()),
        "wape_model": wape[0],
        "wape_judged": wape[1],
        "loss_model": loss[0],
        "loss_judged": loss[1],
        "gain": (loss[0] - loss[1]) / both if both > 0 else 0.0,
    }


def by_author(table: pl.DataFrame) -> pl.DataFrame:
    """Whose judgement helps: one row an author, by name, with a shrunken verdict.

    Columns author, overrides (number), demand, wape_model, wape_judged, loss_model, loss_judged, gain (mean of the
    author's gains with PRIOR_OVERRIDES of gain 0 among them), chance (that the true mean is above 0, by Student's t),
    verdict: "helps", "hurts" or "unclear". WAPE is of all the author's windows together, and NaN where nothing sold.
    """
    rows = [_author(name, table.filter(pl.col("author") == name)) for name in sorted(set(table["author"].to_list()))]
    numbers = ("demand", "wape_model", "wape_judged", "loss_model", "loss_judged", "gain", "chance")
    schema = {"author": pl.String, "overrides": pl.Int64, **dict.fromkeys(numbers, pl.Float64), "verdict": pl.String}
    return pl.DataFrame(rows, schema=schema)


def _author(name: str, mine: pl.DataFrame) -> dict[str, object]:
    gains, demand = mine["gain"].to_numpy(), mine["demand"].to_numpy()
    sold = demand > 0
    out: dict[str, object] = {"author": name, "overrides": mine.height, "demand": float(demand.sum())}
    for side in ("model", "judged"):
        wape = mine[f"wape_{side}"].to_numpy()
        out[f"wape_{side}"] = float((wape[sold] * demand[sold]).sum() / demand.sum()) if sold.any() else float("nan")
        out[f"loss_{side}"] = float(mine[f"loss_{side}"].sum())
    mean, chance = verdict(gains)
    said = "helps" if chance >= SURE else "hurts" if chance <= 1.0 - SURE else "unclear"
    return out | {"gain": mean, "chance": chance, "verdict": said}


def verdict(gains: Floats) -> tuple[float, float]:
    """Mean of gains drawn to 0, and the chance that the true mean is above 0.

    Normal gains with a conjugate prior that counts as PRIOR_OVERRIDES gains of mean 0 and deviation PRIOR_SD: the mean
    is then Student's t with PRIOR_OVERRIDES + n degrees (Gelman et al., Bayesian Data Analysis, 3rd ed., sec. 3.3).
    """
    n = len(gains)
    total = PRIOR_OVERRIDES + n
    mean = float(gains.sum()) / total
    squares = PRIOR_OVERRIDES * PRIOR_SD**2 + float((gains**2).sum()) - total * mean**2
    scale = np.sqrt(max(squares, 1e-12) / total / total)
    return mean, float(stdtr(total, mean / scale))
