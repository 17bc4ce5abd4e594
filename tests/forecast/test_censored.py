"""Stock that ran out hides demand; the hidden part is found again."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy.stats import gamma

from orderpoint.forecast import censored
from orderpoint.forecast.panel import Cells
from orderpoint.forecast.portfolio import Portfolio
from orderpoint.tables.sales import State
from tests.forecast.builders import known_of, mean_of, sales_of


def filled(quantity: Any, state: Any) -> Any:
    quantity = np.atleast_2d(np.asarray(quantity, np.float32))
    n, periods = quantity.shape
    cells = Cells(quantity, quantity >= 0, np.ones((1, periods), np.float32), np.zeros(n, np.int32))
    prior = (np.full(n, 5.0, np.float32), np.full(n, 0.5, np.float32))
    return censored.fill(cells, np.atleast_2d(np.asarray(state, np.uint8)), prior)


@pytest.mark.parametrize(
    ("mean", "ratio", "least"), [(5.0, 1.0, 0.0), (5.0, 2.0, 3.0), (0.5, 1.5, 2.0), (80.0, 3.0, 120.0)]
)
def test_expected_demand_above_a_bound(mean: Any, ratio: Any, least: Any) -> None:
    """E[D | D >= y] by integrating the gamma density."""
    law = gamma(mean / ratio, scale=ratio)
    x = np.linspace(max(least, 1e-9), mean + 60 * np.sqrt(mean * ratio) + 60, 2_000_001)
    want = np.trapezoid(x * law.pdf(x), x) / law.sf(least)
    assert censored.expected_at_least(mean, ratio, least) == pytest.approx(want, rel=2e-3)


@pytest.mark.parametrize(("mean", "ratio", "share"), [(4.0, 1.0, 0.3), (4.0, 3.0, 0.7), (40.0, 6.0, 0.15)])
def test_what_known_hours_out_of_stock_hid_is_right_on_average_and_for_each_amount_sold(
    mean: float, ratio: float, share: float
) -> None:
    """Of a negative binomial demand a share comes while in stock: the rest, drawn, against the formula."""
    rng = np.random.default_rng(2)
    rate = rng.gamma(mean / (ratio - 1.0), ratio - 1.0, 400_000) if ratio > 1.0 else np.full(400_000, mean)
    sold, rest = rng.poisson(rate * share), rng.poisson(rate * (1.0 - share))
    said = np.array([censored.expected_rest(mean, ratio, float(y), share) for y in range(int(sold.max()) + 1)])
    assert said[sold].mean() == pytest.approx(rest.mean(), rel=0.01)
    usual = int(np.median(sold))
    assert said[usual] == pytest.approx(rest[sold == usual].mean(), rel=0.03)


def test_hours_out_of_stock_are_filled_by_their_share_also_where_nothing_was_sold() -> None:
    quantity = np.array([[5.0] * 40 + [2.0, 0.0, 5.0]], np.float32)
    state = np.array([[1] * 40 + [State.STOCKOUT, State.STOCKOUT, 1]], np.uint8)
    share = np.full(quantity.shape, np.nan, np.float32)
    share[0, 40], share[0, 41] = 0.4, 0.0
    cells = Cells(quantity, quantity >= 0, np.ones((1, 43), np.float32), np.zeros(1, np.int32))
    prior = (np.full(1, 5.0, np.float32), np.full(1, 0.5, np.float32))
    out = censored.fill(cells, state, prior, share)
    assert out.demand[0, 40] == pytest.approx(2.0 + 0.6 * 5.0, rel=0.02)
    assert out.seen[0, 40:].tolist() == [True, False, True]
    share[0, 41] = 0.2
    assert censored.fill(cells, state, prior, share).demand[0, 41] == pytest.approx(0.8 * 5.0, rel=0.1)


def test_nothing_sold_before_stock_ran_out_says_nothing() -> None:
    out = filled([5, 5, 0, 5], [1, 1, State.STOCKOUT, 1])
    assert out.seen[0].tolist() == [True, True, False, True]


def test_more_sold_than_expected_before_stock_ran_out_raises_the_cell_above_what_was_sold() -> None:
    out = filled([5] * 40 + [12], [1] * 40 + [State.STOCKOUT])
    assert out.seen.all()
    assert 12 < out.demand[0, -1] < 25
    assert (out.demand[0, :-1] == 5).all()


def test_little_sold_before_stock_ran_out_leaves_the_level() -> None:
    out = filled([5] * 40 + [1], [1] * 40 + [State.STOCKOUT])
    assert out.demand[0, -1] == pytest.approx(5, rel=0.1)


def test_cells_off_sale_stay_unseen_whatever_is_in_them() -> None:
    out = filled([5, 9, 5], [1, State.OFF, 1])
    assert out.seen[0].tolist() == [True, False, True]


@pytest.mark.parametrize(("stock", "most"), [(1.0, 0.04), (1.5, 0.03)])
def test_hidden_demand_is_recovered_where_stock_cuts_the_high_days(stock: Any, most: Any) -> None:
    """The shop stocks `stock` days of mean demand each morning: raw sales and in-stock days alone are far too low."""
    rng = np.random.default_rng(1)
    mean = np.exp(rng.normal(1.0, 0.8, (120, 1)))
    demand = rng.poisson(mean, (120, 300))
    held = np.ceil(stock * mean)
    quantity = np.minimum(demand, held)
    state = np.where(demand >= held, State.STOCKOUT, State.OBSERVED)
    sales = sales_of(quantity, state)
    said = Portfolio(span=14).fit(sales, known_of(sales)).demand(14, known_of(sales)).mean
    assert said.mean() / mean.mean() - 1 == pytest.approx(0, abs=most)
    observed = state == State.OBSERVED
    alone = (quantity * observed).sum() / (mean * observed).sum()
    assert alone < 0.9  # skipping would be wrong


def test_long_stockouts_do_not_decay_the_level() -> None:
    state = [State.OBSERVED] * 60 + [State.STOCKOUT_INFERRED] * 40
    assert mean_of(Portfolio(span=7), [6] * 60 + [0] * 40, state=state)[0] == pytest.approx(6, rel=0.15)
