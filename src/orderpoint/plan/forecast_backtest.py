"""Forecasts held against what came: every model at rolling origins, and what each would have cost in stock."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from orderpoint.forecast.base import Forecaster
from orderpoint.forecast.scoring import Held, Scored, score, wrmsse
from orderpoint.forecast.value_added import value_added
from orderpoint.optimize.base import Policy
from orderpoint.plan.hindsight import AsKnownThen, ForecastWith
from orderpoint.simulate.backtest import Contestant
from orderpoint.simulate.compare import Comparison, compare
from orderpoint.tables.demand import Demand
from orderpoint.tables.known import Known
from orderpoint.tables.sales import Sales
from orderpoint.tables.snapshot import Snapshot

LEAST_HISTORY = 3
"""An origin has at least this many horizons, or half of all periods, before it."""
MONEY_SERIES = 200
"""Series whose stock is replayed for each model, at most."""


@dataclass(frozen=True, eq=False)
class BacktestCase:
    """What is tested: models by name, the first of them the yardstick of value added.

    `origins`: how many, at most; `horizon`: periods scored after each; `span`: periods of the sum that is scored (lead
    time and review); `policy`: who orders in the replay that gives the money.
    """

    sales: Sales
    known: Known
    snapshot: Snapshot
    models: Mapping[str, Forecaster]
    policy: Policy
    origins: int
    horizon: int
    span: int
    seed: int = 1


@dataclass(frozen=True, eq=False)
class ModelScores:
    """One model: its scores and its WRMSSE at each origin, and its last forecast."""

    name: str
    scored: tuple[Scored, ...]
    wrmsse: tuple[float, ...]
    last: Demand


@dataclass(frozen=True, eq=False)
class Backtested:
    """Scores of every model at the same origins (periods of the history), and the replay; None where too short.

    `judged`: what each past override added to the last model (`forecast.value_added`); no rows without overrides.
    """

    case: BacktestCase
    origins: tuple[int, ...]
    models: tuple[ModelScores, ...]
    money: Comparison | None
    judged: pl.DataFrame

    @property
    def held(self) -> Held:
        """What the last origin held back."""
        return Held(self.case.sales, self.origins[-1], self.case.horizon, self.case.span)


def rolling_origins(periods: int, horizon: int, most: int) -> tuple[int, ...]:
    """At most `most` origins, a horizon apart, the last with a whole horizon after it; () where there is none.

    None lies before a third of the periods or before LEAST_HISTORY horizons, whichever is earlier.
    """
    least = max(2, min(LEAST_HISTORY * horizon, periods // 3))
    found = [periods - horizon * (k + 1) for k in range(most)]
    return tuple(sorted(origin for origin in found if origin >= least))


def backtest(case: BacktestCase, tell: Callable[[str], None] = lambda _key: None) -> Backtested:
    """Fit each model at each origin on what was known then, and score the periods that followed.

    Prices, promotions and the calendar of the periods held back are taken as planned. Overrides are left out of the
    scores, as nobody knows when they were written, and scored by themselves. Stockouts are inferred anew at each
    origin. Raises ValueError where the history holds no origin.
    """
    origins = rolling_origins(case.sales.timeline.count, case.horizon, case.origins)
    if not origins:
        raise ValueError(f"backtest: {case.sales.timeline.count} periods are too few to hold back {case.horizon}")
    judged = value_added(AsKnownThen(list(case.models.values())[-1]), case.sales, case.known)
    case = replace(case, known=replace(case.known, overrides=()))
    models = []
    for name, forecaster in case.models.items():
        tell("forecasting")
        models.append(_scores(name, forecaster, case, origins))
    tell("testing_past")
    return Backtested(case, origins, tuple(models), _money(case), judged)


def _scores(name: str, forecaster: Forecaster, case: BacktestCase, origins: tuple[int, ...]) -> ModelScores:
    costs = case.snapshot.costs
    price = np.where(np.isfinite(costs.price), costs.price, costs.unit_cost)
    forecast = ForecastWith(forecaster, case.known)
    scored, weighted = [], []
    for origin in origins:
        held = Held(case.sales, origin, case.horizon, case.span)
        demand = forecast(held.before, case.horizon)
        scored.append(score(demand, held, case.seed + origin))
        weighted.append(wrmsse(demand, held, case.known.catalog, price))
    return ModelScores(name, tuple(scored), tuple(weighted), demand)


def _money(case: BacktestCase) -> Comparison | None:
    """Every model feeds the same policy on the last part of the history."""
    contestants = tuple(
        Contestant(name, ForecastWith(forecaster, case.known), case.policy) for name, forecaster in case.models.items()
    )
    done = compare(case.sales, case.snapshot, contestants, most_series=MONEY_SERIES, past_name="")
    if done is None:
        return None
    return replace(done, kpis=tuple(kpis for kpis in done.kpis if kpis.name in case.models))
