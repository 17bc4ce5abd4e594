"""Effects of prices and events: recovered where they are known, drawn to the category's, blind to what is hidden."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import numpy as np
import polars as pl
import pytest

from orderpoint.domain.catalog import Status
from orderpoint.forecast import profiles
from orderpoint.forecast.effects import Design, Effects, ahead_of, design_of, learn
from orderpoint.forecast.effects.kernel import moments
from orderpoint.forecast.panel import Cells
from orderpoint.forecast.pooling import Groups
from orderpoint.forecast.seasonal import season_factors
from orderpoint.tables.catalog import Catalog
from orderpoint.tables.known import CalendarEvent, Known
from orderpoint.tables.sales import Sales, State
from tests.forecast.builders import FIRST, known_of, sales_of

N, PERIODS, KEEP = 80, 400, 0.95
FESTIVALS = (100, 230, 340)
ELASTICITY = {0: -1.5, 1: -3.0}


def _world(seed: int = 1) -> tuple[Sales, Known, np.ndarray]:
    """Poisson demand around a drifting level, with price cuts and three festivals; and its elasticities (n,)."""
    rng = np.random.default_rng(seed)
    kind = np.arange(N) % 2
    elasticity = np.where(kind == 0, ELASTICITY[0], ELASTICITY[1]) + rng.normal(0, 0.2, N)
    price = np.full((N, PERIODS), 10.0)
    for i in range(N):
        for begin in range(int(rng.integers(0, 40)), PERIODS, 50):
            price[i, begin : begin + 7] = rng.choice([7.0, 8.0, 9.0])
    level = rng.gamma(2.0, 2.0, (N, 1)) * np.exp(np.cumsum(rng.normal(0, 0.01, (N, PERIODS)), axis=1))
    mean = level * (price / 10.0) ** elasticity[:, None]
    for t in FESTIVALS:
        mean[:, t] *= 2.0
        mean[:, t - 7 : t] *= 1.3
        mean[:, t + 1 : t + 8] *= 0.8
    sales = sales_of(rng.poisson(mean))
    rows = [
        (FIRST + timedelta(days=t), sales.index.items[i], float(price[i, t]))
        for i in range(N)
        for t in range(PERIODS)
        if t == 0 or price[i, t] != price[i, t - 1]
    ]
    prices = pl.DataFrame(rows, schema={"date": pl.Date, "item": pl.String, "price": pl.Float64}, orient="row")
    none = (None,) * N
    kinds = tuple(f"kind {k}" for k in kind)
    catalog = Catalog(sales.index.items, none, kinds, none, (Status.ACTIVE,) * N, none, none, none, none, none)
    days = tuple(CalendarEvent(FIRST + timedelta(days=t), "lantern", "festival") for t in FESTIVALS)
    return sales, Known(catalog, prices, days), elasticity


def _learned(sales: Sales, known: Known) -> Effects:
    groups, line = Groups.of_catalog(sales.index, known.catalog), sales.timeline
    cells = Cells(sales.quantity, sales.observed(), np.ones((groups.count, line.count), np.float32), groups.of)
    season = profiles.learn(cells, groups, line, known.calendar, sales.index.locations)
    cells = cells._replace(factor=season_factors(season, groups, line, known, sales.index))
    return learn(cells, groups, design_of(sales, known), KEEP)


@pytest.fixture(scope="module")
def world() -> tuple[Sales, Known, np.ndarray]:
    return _world()


@pytest.fixture(scope="module")
def learned(world: tuple[Sales, Known, np.ndarray]) -> Effects:
    return _learned(world[0], world[1])


def test_the_effects_of_a_known_world_are_recovered(learned: Effects, world: tuple[Sales, Known, np.ndarray]) -> None:
    assert learned.design.names == ("price", "before lantern", "after lantern")
    assert learned.design.kinds == ("price", "event", "event")
    for k, truth in ((1, np.log(1.3)), (2, np.log(0.8))):
        assert learned.overall[k] == pytest.approx(truth, abs=0.08)
    elasticity = learned.coefficients[:, 0]
    for kind, truth in ELASTICITY.items():
        assert elasticity[np.arange(N) % 2 == kind].mean() == pytest.approx(truth, abs=0.2)
    assert np.abs(elasticity - world[2]).mean() < 0.25


def test_a_series_of_its_own_says_little_and_follows_its_category(world: tuple[Sales, Known, np.ndarray]) -> None:
    sales, known, _ = world
    quiet = sales.quantity.copy()
    quiet[0] = 0.0
    quiet[0, ::60] = 1.0
    found = _learned(replace(sales, quantity=quiet), known).coefficients[:, 0]
    like = found[2::2].mean()
    assert abs(found[0] - like) < 0.3
    assert like == pytest.approx(ELASTICITY[0], abs=0.2)


def test_a_plain_loop_gives_the_same_moments(world: tuple[Sales, Known, np.ndarray]) -> None:
    sales, known, _ = world
    few = sales.take(np.arange(4))
    design = design_of(few, known)
    rng = np.random.default_rng(2)
    seen = rng.random(few.quantity.shape) < 0.9
    factor = rng.uniform(0.5, 1.5, (1, PERIODS)).astype(np.float32)
    cells = Cells(few.quantity, seen, factor, np.zeros(4, np.int32))
    beta = rng.normal(0, 0.3, (4, design.count))
    found = moments(cells, (design.own, design.shared, design.place), beta, KEEP)
    for i in range(4):
        gradient, information, ratio = _twin(cells, design, beta, i)
        assert found[0][i] == pytest.approx(gradient, rel=1e-9, abs=1e-9)
        assert found[1][i] == pytest.approx(information, rel=1e-9, abs=1e-9)
        assert found[2][i] == pytest.approx(ratio)


def _twin(cells: Cells, design: Design, beta: np.ndarray, i: int) -> tuple[np.ndarray, np.ndarray, float]:
    """The sums of `moments` for one series, by their definition."""
    x = np.concatenate((design.own[:, i], design.shared[design.place[i]])).T.astype(np.float64)
    exposure = cells.factor[0] * np.exp(x @ beta[i])
    periods = np.flatnonzero(cells.seen[i])
    gradient, information, squares = np.zeros(design.count), np.zeros((design.count, design.count)), []
    for t in periods:
        weight = KEEP ** np.abs(periods - t)
        around = weight @ exposure[periods]
        mean = exposure[t] * (weight @ cells.demand[i, periods]) / around
        if mean <= 1e-6:
            continue
        centred = x[t] - (weight * exposure[periods]) @ x[periods] / around
        most = 6.0 * np.sqrt(mean) + 1.0
        error = np.clip(cells.demand[i, t] - mean, -most, most)
        gradient += error * centred
        information += mean * np.outer(centred, centred)
        squares.append(error**2 / mean)
    return gradient, information, float(np.mean(squares))


def test_hidden_periods_teach_nothing(world: tuple[Sales, Known, np.ndarray]) -> None:
    sales, known, _ = world
    state = sales.state.copy()
    state[:, 150:170] = State.STOCKOUT
    a, b = sales.quantity.copy(), sales.quantity.copy()
    b[:, 150:170] = 99.0
    first, second = (_learned(replace(sales, state=state, quantity=q), known) for q in (a, b))
    assert (first.coefficients == second.coefficients).all()


def test_an_event_with_a_known_uplift_is_not_learned_again(world: tuple[Sales, Known, np.ndarray]) -> None:
    sales, known, _ = world
    told = tuple(replace(event, uplift_factor=2.0) for event in known.calendar)
    assert design_of(sales, replace(known, calendar=told)).names == ("price",)


def test_without_anything_known_there_is_nothing_to_learn() -> None:
    sales = sales_of(np.ones((3, 20)))
    known = known_of(sales)
    design = design_of(sales, known)
    assert design.count == 0
    found = _learned(sales, known)
    assert (found.factor(design) == 1.0).all()


def test_planned_prices_move_the_periods_ahead(learned: Effects, world: tuple[Sales, Known, np.ndarray]) -> None:
    sales, known, _ = world
    assert known.prices is not None
    cut = pl.DataFrame({"date": [sales.timeline.end], "item": ["i000"], "price": [7.0]})
    planned = replace(known, prices=pl.concat([known.prices, cut]))
    factor = learned.factor(ahead_of(learned.design.until(0), sales, planned, sales.timeline.after(14)))
    assert factor.shape == (N, 14)
    assert factor[0] == pytest.approx(0.7 ** learned.coefficients[0, 0], rel=1e-4)
    held = known.prices.filter(pl.col("item") == "i001")["price"][-1]
    assert factor[1] == pytest.approx((held / 10.0) ** learned.coefficients[1, 0], rel=1e-4)
