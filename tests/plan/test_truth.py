"""The invented shop knows the truth: hidden demand is recovered, and the plan beats the naive rule in true cost."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from orderpoint.domain.calendar import Timeline
from orderpoint.forecast.baselines import SeasonalNaive
from orderpoint.forecast.portfolio import Portfolio
from orderpoint.ingest.bucketing import bucket
from orderpoint.ingest.intake import read
from orderpoint.ingest.snapshot import SnapshotOptions, State, state_of
from orderpoint.optimize.mincost import MinCost
from orderpoint.optimize.sampling import Sampling
from orderpoint.optimize.textbook import TextbookLevel
from orderpoint.plan.hindsight import ForecastWith
from orderpoint.simulate.backtest import Contestant, Stretch, judge, play
from orderpoint.simulate.world import World, WorldSettings, invent, write
from orderpoint.tables.sales import Sales

ITEMS, WEEKS = 60, 13

Shop = tuple[World, Sales, State]


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    world = invent(WorldSettings(items=ITEMS, locations=1, days=560, seed=11, in_stock=True))
    folder = tmp_path_factory.mktemp("truth") / "shop"
    write(world, folder)
    reading = read([Path(folder)])
    sales = bucket(reading).sales
    return world, sales, state_of(reading, sales, SnapshotOptions())


def _true_demand(world: World, sales: Sales) -> np.ndarray:
    """(n, T) true demand in the order of the sales' series."""
    names = world.truth.series
    at = {pair: row for row, pair in enumerate(zip(names["item"], names["location"], strict=True))}
    rows = [at[pair] for pair in sales.index.pairs()]
    return world.truth.demand[rows][:, -sales.timeline.count :].astype(np.float64)


def test_forecasts_recover_the_demand_that_stockouts_hid(shop: Shop) -> None:
    world, sales, state = shop
    demand = Portfolio(span=14).fit(sales, state.known).demand(28, state.known)
    recent = slice(sales.timeline.count - 91, sales.timeline.count)
    rate = demand.mean.mean(axis=1)
    live = sales.observed()[:, recent].sum(axis=1) > 60
    truth = _true_demand(world, sales)[:, recent].mean(axis=1)
    sold = sales.quantity[:, recent].mean(axis=1)
    hidden = truth[live].sum() - sold[live].sum()
    assert hidden > 0.01 * truth[live].sum(), "the world hides demand"
    assert abs(rate[live].sum() - truth[live].sum()) < 0.1 * truth[live].sum()


def test_the_plan_beats_the_naive_rule_in_true_cost(shop: Shop) -> None:
    world, sales, state = shop
    stretch = Stretch(sales.timeline.count - 7 * WEEKS, 7 * WEEKS, 7)
    truth = _true_demand(world, sales)[:, stretch.first :]
    played = Timeline(sales.timeline.start(stretch.first), sales.timeline.period, stretch.periods)
    cost = {}
    for name, forecaster, policy in (
        ("naive", SeasonalNaive(), TextbookLevel(0.95)),
        ("ours", Portfolio(span=14), MinCost(Sampling(paths=128))),
    ):
        contestant = Contestant(name, ForecastWith(forecaster, state.known), policy)
        cost[name] = judge(name, play(sales, truth, state.snapshot, contestant, stretch), state.snapshot, played).cost
    assert cost["ours"] < cost["naive"]
