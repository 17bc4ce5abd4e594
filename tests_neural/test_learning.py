"""What the network has learned, held against the truth of invented demand that it has not seen."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import numba
import numpy as np
import polars as pl
import pytest

from orderpoint.forecast import accuracy
from orderpoint.forecast.neural.forecaster import Neural
from orderpoint.forecast.neural.options import Budget
from orderpoint.tables.catalog import Catalog
from orderpoint.tables.cutoff import sales_before
from orderpoint.tables.known import CalendarEvent, Known
from orderpoint.tables.sales import State
from orderpoint.testing.forecaster_contract import same
from tests.forecast.builders import FIRST, known_of, sales_of

SMALL = Budget(rows=12_000, passes=4, width=32, members=2, rate=4e-3)


def network(**words: Any) -> Neural:
    return Neural(**({"span": 14, "horizon": 14, "budget": SMALL, "device": "cpu", "blended": False} | words))


def weekly(items: int, days: int, seed: int) -> Any:
    """Rates (items, days) with a strong week, and negative binomial counts with dispersion .4 around them."""
    rng = np.random.default_rng(seed)
    rate = rng.uniform(2, 9, (items, 1)) * np.where(np.arange(days) % 7 > 4, 2.0, 0.6)
    return rate, rng.negative_binomial(2.5, 2.5 / (2.5 + rate)).astype(np.float32)


def test_a_week_is_learned_better_than_any_constant() -> None:
    """Against the true rates: a third of the error of the best constant of each item, and half of the item's mean's."""
    rate, sold = weekly(40, 180, 4)
    sales = sales_of(sold)
    early, true, seen = sales_before(sales, 166), rate[:, 166:], np.ones((40, 14), bool)
    mean = network().fit(early, known_of(sales)).demand(14, known_of(sales)).mean
    flat = np.repeat(rate.mean(axis=1, keepdims=True), 14, axis=1)
    history = np.repeat(sold[:, :166].mean(axis=1, keepdims=True, dtype=float), 14, axis=1)
    assert accuracy.wape(true, mean, seen) < 0.34 * accuracy.wape(true, flat, seen)
    assert accuracy.wape(true, mean, seen) < 0.5 * accuracy.wape(true, history, seen)


def test_stock_that_runs_out_does_not_bias_low() -> None:
    """Half of the days hold six units at most: the network that knows finds the truth, one that does not is low."""
    rng = np.random.default_rng(8)
    rate = rng.uniform(3, 9, (60, 1)) * np.ones((1, 150))
    demand = rng.negative_binomial(4.0, 4.0 / (4.0 + rate))
    short = (rng.random(demand.shape) < 0.5) & (demand >= 6)
    sold = np.where(short, 6, demand)
    state = np.where(short, State.STOCKOUT, State.OBSERVED)
    knows, deaf = sales_of(sold, state), sales_of(sold)
    said = [network().fit(s, known_of(s)).demand(14, known_of(s)).mean.sum() / 14 for s in (knows, deaf)]
    true = rate[:, 0].sum()
    assert 0.96 < said[0] / true < 1.06
    assert said[1] / true < 0.9


def test_days_without_stock_are_no_days_without_demand() -> None:
    """A third of the days is out of stock from the morning: the forecast is that of the other days."""
    rng = np.random.default_rng(9)
    demand = rng.poisson(6.0, (40, 120))
    empty = rng.random(demand.shape) < 0.33
    sales = sales_of(np.where(empty, 0, demand), np.where(empty, State.STOCKOUT, State.OBSERVED))
    mean = network().fit(sales, known_of(sales)).demand(7, known_of(sales)).mean
    assert mean.mean() == pytest.approx(6.0, rel=0.05)


def test_quantiles_hold_what_they_promise() -> None:
    """On negative binomial demand the randomised place of what came is even, for single days and for sums."""
    _, sold = weekly(300, 150, 6)
    sales = sales_of(sold)
    early = sales_before(sales, 136)
    demand = network(budget=Budget(30_000, 2, 32, 2, 4e-3)).fit(early, known_of(sales)).demand(14, known_of(sales))
    came = sold[:, 136:].astype(float)
    rng = np.random.default_rng(1)
    days = np.stack([_place(demand.period(h), came[:, h], rng) for h in range(14)])
    sums = _place(demand.sum_over(0, 13), came.sum(axis=1), rng)
    for probability in (0.1, 0.25, 0.5, 0.75, 0.9, 0.95):
        assert (days <= probability).mean() == pytest.approx(probability, abs=0.035), probability
        assert (sums <= probability).mean() == pytest.approx(probability, abs=0.1), probability


def _place(said: Any, came: Any, rng: Any) -> Any:
    """The randomised probability integral transform (Czado, Gneiting & Held 2009)."""
    below, upto = said.cdf(came - 1), said.cdf(came)
    return below + (upto - below) * rng.random(len(came))


def test_items_of_equal_mean_and_different_spread_are_told_apart() -> None:
    """Poisson demand and demand that comes in lumps, five a day both: the lumpy one is given the wider quantile."""
    rng = np.random.default_rng(3)
    steady, lumpy = rng.poisson(5.0, (30, 150)), rng.negative_binomial(0.5, 0.5 / 5.5, (30, 150))
    sales = sales_of(np.concatenate((steady, lumpy)))
    high = network().fit(sales, known_of(sales)).demand(7, known_of(sales)).quantile(0.95).mean(axis=1)
    assert high[:30].mean() < 12
    assert high[30:].mean() > 14


@pytest.fixture(scope="module")
def promoted() -> tuple[Any, Known]:
    """Forty items whose sales treble on promoted days, and a plan of promotions that goes on after the history."""
    rng = np.random.default_rng(3)
    plan = rng.random((40, 220)) < 0.15
    rate = rng.uniform(2, 12, (40, 1)) * np.where(plan, 3.0, 1.0)
    sales = sales_of(rng.poisson(rate))
    rows = [
        {"date": FIRST + timedelta(days=t), "item": f"i{k:03d}", "location": None, "price": 5.0, "promotion": float(on)}
        for k in range(40)
        for t, on in enumerate(plan[k])
    ]
    schema = {"date": pl.Date, "item": pl.String, "location": pl.String, "price": pl.Float64, "promotion": pl.Float64}
    return sales, Known(Catalog.bare(sales.index.items), prices=pl.DataFrame(rows, schema=schema))


def test_planned_promotions_are_foreseen(promoted: Any) -> None:
    sales, known = promoted
    early, came = sales_before(sales, 206), sales.quantity[:, 206:].astype(float)
    blind, seen = Known(known.catalog), np.ones(came.shape, bool)
    knows, does_not = (network(blended=True).fit(early, k).demand(14, k).mean for k in (known, blind))
    assert accuracy.wape(came, knows, seen) < 0.7 * accuracy.wape(came, does_not, seen)


def test_neither_a_second_run_nor_other_threads_change_a_bit_and_another_seed_does(promoted: Any) -> None:
    sales, known = promoted
    early, before = sales_before(sales, 120), numba.get_num_threads()
    small = Budget(rows=4000, passes=1, width=16, members=3)

    def said(seed: int = 1) -> Any:
        return network(budget=small, blended=True, seed=seed).fit(early, known).demand(14, known)

    try:
        first, again = said(), said()
        numba.set_num_threads(1)
        alone = said()
    finally:
        numba.set_num_threads(before)
    assert same(first, again)
    assert same(first, alone)
    assert not same(first, said(2))


def test_a_known_uplift_multiplies_what_the_network_says() -> None:
    sales = sales_of(np.random.default_rng(1).poisson(8.0, (12, 100)))
    known = known_of(sales)
    fair = CalendarEvent(sales.timeline.after(5).start(2), "fair", uplift_factor=2.0)
    fitted = network(span=5).fit(sales, known)
    plain, more = (fitted.demand(5, k).mean for k in (known, Known(known.catalog, calendar=(fair,))))
    assert more[:, 2] == pytest.approx(2 * plain[:, 2], rel=1e-6)
    assert more[:, 3] == pytest.approx(plain[:, 3])
