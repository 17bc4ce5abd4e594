"""What a backtest found, as a table by parts of the shop, as the worst series, and as JSON-ready figures."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, fields
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from orderpoint.forecast.scoring import Measures, measures_of
from orderpoint.plan.forecast_backtest import Backtested, ModelScores

Mask = NDArray[np.bool_]

MEASURES = tuple(field.name for field in fields(Measures))
DECIMALS = 6
VOLUME_SHARES = (0.8, 0.95)
"""Shares of all units at which the classes A and B of volume end."""
AGES = ((13, "under_13"), (52, "under_52"))
"""Weeks since the first sale at which a class of age ends."""
WEEK_DAYS = 7.0


def parts(done: Backtested) -> Iterator[tuple[str, str, Mask]]:
    """The parts of the shop that are scored: what they are parted by, the name of the part, its series (n,)."""
    sales, catalog = done.case.sales, done.case.known.catalog
    n = len(sales.index)
    yield "all", "", np.ones(n, np.bool_)
    at = {item: k for k, item in enumerate(catalog.items)}
    category = np.array([catalog.category[at[i]] or "" if i in at else "" for i in sales.index.item_names()])
    for by, keys in (("category", category), ("volume", _volume(done)), ("age", _age(done))):
        names = np.unique(keys)
        if len(names) > 1:
            for name in names:
                yield by, str(name), keys == name


def backtest_table(done: Backtested) -> pl.DataFrame:
    """One row for each model and part: its measures, and value added over the first model.

    `value_added_wape` and `value_added_wql`: 1 - measure / the first model's, above 0 where the model adds value. For
    the whole shop also `wrmsse` (mean over origins) and `cost` of the replay.
    """
    rows = []
    cost = {} if done.money is None else {kpis.name: kpis.cost for kpis in done.money.kpis}
    for by, part, mask in parts(done):
        first = measures_of(done.models[0].scored, mask)
        for model in done.models:
            found = measures_of(model.scored, mask)
            whole = by == "all"
            rows.append(
                {
                    "model": model.name,
                    "by": by,
                    "part": part,
                    **{name: _number(value) for name, value in asdict(found).items()},
                    "value_added_wape": _number(1.0 - found.wape / first.wape if first.wape else np.nan),
                    "value_added_wql": _number(1.0 - found.wql / first.wql if first.wql else np.nan),
                    "wrmsse": _number(float(np.mean(model.wrmsse))) if whole else None,
                    "cost": _number(cost.get(model.name, np.nan)) if whole else None,
                }
            )
    return pl.DataFrame(rows, infer_schema_length=None)


def steps_table(done: Backtested) -> pl.DataFrame:
    """WAPE and bias of each model by step ahead, 1 for the first period after an origin."""
    rows = []
    for model in done.models:
        sums = np.sum([s.by_step for s in model.scored], axis=0)
        for k, (demand, error, absolute) in enumerate(sums):
            over = float(demand) or np.nan
            rows.append(
                {"model": model.name, "step": k + 1, "wape": _number(absolute / over), "bias": _number(error / over)}
            )
    return pl.DataFrame(rows, infer_schema_length=None)


def worst(done: Backtested, model: ModelScores, most: int) -> list[int]:
    """Rows of the series whose errors cost the most money at their price, over all origins; the worst first."""
    costs = done.case.snapshot.costs
    price = np.where(np.isfinite(costs.price), costs.price, costs.unit_cost)
    lost = np.sum([s.absolute for s in model.scored], axis=0) * price
    return [int(row) for row in np.argsort(-lost, kind="stable")[:most] if lost[row] > 0]


def backtest_figures(done: Backtested) -> dict[str, Any]:
    """JSON-ready: the origins' days, and the measures of every model on the whole shop."""
    table = backtest_table(done).filter(pl.col("by") == "all").drop("by", "part")
    timeline = done.case.sales.timeline
    return {
        "origins": [timeline.start(origin).isoformat() for origin in done.origins],
        "horizon": done.case.horizon,
        "span": done.case.span,
        "models": {row.pop("model"): row for row in table.to_dicts()},
        "replayed_series": None if done.money is None else done.money.series,
    }


def _volume(done: Backtested) -> NDArray[np.str_]:
    """A, B or C by units sold before the first origin: those that sell the first 80 %, the next 15 %, the rest."""
    units = done.case.sales.quantity[:, : done.origins[0]].sum(axis=1, dtype=np.float64)
    order = np.argsort(-units, kind="stable")
    before = np.empty(len(units))
    before[order] = np.cumsum(units[order]) - units[order]
    share = before / max(units.sum(), 1e-12)
    return np.asarray(np.array(["A", "B", "C"])[np.searchsorted(VOLUME_SHARES, share, side="right")])


def _age(done: Backtested) -> NDArray[np.str_]:
    """Class of the time from the first sale to the last origin."""
    quantity = done.case.sales.quantity[:, : done.origins[-1]]
    first = np.where(quantity.any(axis=1), (quantity > 0).argmax(axis=1), done.origins[-1])
    weeks = (done.origins[-1] - first) * done.case.sales.timeline.period.mean_days / WEEK_DAYS
    names = np.array([*(name for _, name in AGES), "older"])
    return np.asarray(names[np.searchsorted([limit for limit, _ in AGES], weeks, side="right")])


def _number(value: float) -> float | None:
    return round(float(value), DECIMALS) if np.isfinite(value) else None
