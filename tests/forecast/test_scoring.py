"""Scores of forecasts: against a slow twin, against theory where the forecast is the truth, and by hand."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from scipy.stats import poisson

from orderpoint.domain.calendar import Period, Timeline
from orderpoint.forecast.scoring import PROBABILITIES, Held, measures_of, score, wrmsse
from orderpoint.forecast.scoring.weighted import levels
from orderpoint.tables.catalog import Catalog
from orderpoint.tables.demand import Demand
from orderpoint.tables.sales import Sales, State
from orderpoint.tables.series import SeriesIndex

FIRST = date(2025, 1, 6)


def _sales(quantity: np.ndarray, state: np.ndarray | None = None, places: int = 1) -> Sales:
    n, periods = quantity.shape
    index = SeriesIndex.of((f"i{k // places:05d}", f"p{k % places}") for k in range(n))
    states = np.full((n, periods), State.OBSERVED, np.uint8) if state is None else state.astype(np.uint8)
    return Sales(index, Timeline(FIRST, Period.WEEK, periods), quantity.astype(np.float32), states)


def _forecast(sales: Sales, origin: int, mean: np.ndarray) -> Demand:
    return Demand.poisson(sales.index, Timeline(sales.timeline.start(origin), Period.WEEK, mean.shape[1]), mean)


@pytest.fixture(scope="module")
def right() -> tuple[Demand, Held]:
    """Poisson demand forecast by its own law."""
    rng = np.random.default_rng(7)
    mean = rng.gamma(2.0, 1.5, (4000, 1)) * np.ones((1, 4))
    quantity = np.concatenate((rng.poisson(mean[:, :1], (4000, 12)), rng.poisson(mean)), axis=1)
    sales = _sales(quantity)
    return _forecast(sales, 12, mean), Held(sales, 12, 4, 3)


def test_where_the_forecast_is_the_truth_the_transform_is_uniform_and_each_quantile_covers_its_share(
    right: tuple[Demand, Held],
) -> None:
    found = measures_of([score(*right)])
    assert found.pit_error < 1.63 / np.sqrt(4000)  # Kolmogorov's bound at 1 %
    for share, name in ((0.5, "50"), (0.8, "80"), (0.9, "90"), (0.95, "95")):
        covered = getattr(found, f"coverage_{name}")
        assert covered == pytest.approx(share, abs=3 * np.sqrt(share * (1 - share) / 4000))
    pit = score(*right).pit_period
    assert np.abs(np.quantile(pit, [0.1, 0.5, 0.9]) - [0.1, 0.5, 0.9]).max() < 0.02


def test_too_narrow_a_forecast_is_found_out(right: tuple[Demand, Held]) -> None:
    demand, held = right
    low = _forecast(held.sales, 12, demand.mean * 0.8)
    found = measures_of([score(low, held)])
    assert found.coverage_95 < 0.9
    assert found.bias == pytest.approx(-0.2, abs=0.02)
    assert found.pit_error > 0.1


def test_the_crps_of_a_sum_is_that_of_its_law(right: tuple[Demand, Held]) -> None:
    """E|X - y| - E|X - X'| / 2 by enumeration (Gneiting and Raftery 2007, eq. 21)."""
    demand, held = right
    crps = score(demand, held).crps
    for row in range(40):
        law = poisson.pmf(np.arange(120), demand.mean[row, :3].sum())
        came = held.actual[row, :3].sum()
        apart = np.abs(np.arange(120)[:, None] - np.arange(120)[None, :])
        exact = law @ np.abs(np.arange(120) - came) - law @ apart @ law / 2
        assert crps[row] == pytest.approx(exact, rel=0.06, abs=0.02)


def test_a_plain_loop_gives_the_same_sums() -> None:
    rng = np.random.default_rng(3)
    quantity = rng.poisson(1.5, (30, 14))
    state = np.where(rng.random((30, 14)) < 0.15, State.STOCKOUT, State.OBSERVED)
    sales = _sales(quantity, state)
    held, mean = Held(sales, 10, 4, 2), rng.gamma(2.0, 1.0, (30, 4))
    demand = _forecast(sales, 10, mean)
    found = score(demand, held)
    quantiles = {p: demand.quantile(p) for p in PROBABILITIES}
    for i in range(30):
        seen = [k for k in range(4) if state[i, 10 + k] == State.OBSERVED]
        errors = [mean[i, k] - quantity[i, 10 + k] for k in seen]
        assert found.periods[i] == len(seen)
        assert found.demand[i] == sum(quantity[i, 10 + k] for k in seen)
        assert found.error[i] == pytest.approx(sum(errors))
        assert found.absolute[i] == pytest.approx(sum(abs(e) for e in errors))
        assert found.squared[i] == pytest.approx(sum(e * e for e in errors))
        for c, p in enumerate(PROBABILITIES):
            over = [quantity[i, 10 + k] - quantiles[p][i, k] for k in seen]
            assert found.pinball[i, c] == pytest.approx(sum(max(p * e, (p - 1) * e) for e in over))
        begun, steps = False, []
        for t in range(10):
            fine = state[i, t] == State.OBSERVED
            if begun and fine and state[i, t - 1] == State.OBSERVED and quantity[i, :t].sum() > 0:
                steps.append(float(quantity[i, t] - quantity[i, t - 1]))
            begun = begun or quantity[i, t] > 0
        square = np.mean(np.square(steps)) if steps and any(steps) else np.nan
        assert found.step_squared[i] == pytest.approx(square, nan_ok=True)
        whole = all(state[i, 10 + k] == State.OBSERVED for k in range(2))
        assert np.isfinite(found.crps[i]) == np.isfinite(found.pit[i]) == whole


def test_what_is_hidden_does_not_count() -> None:
    quantity = np.tile([2, 3, 2, 3, 2, 3, 2, 3], (2, 1))
    state = np.full((2, 8), State.OBSERVED)
    state[0, 6] = State.STOCKOUT
    sales = _sales(quantity, state)
    other = quantity.copy()
    other[0, 6] = 77
    mean = np.full((2, 2), 2.5)
    a = score(_forecast(sales, 6, mean), Held(sales, 6, 2, 2))
    b = score(_forecast(sales, 6, mean), Held(_sales(other, state), 6, 2, 2))
    assert (a.absolute == b.absolute).all()
    assert (a.pinball == b.pinball).all()
    assert np.isnan(a.pit[0])


def test_wrmsse_by_hand() -> None:
    """Two items at one place: levels all and item; scales, weights and errors small enough for paper."""
    quantity = np.array([[1, 2, 1, 2, 3], [4, 4, 6, 4, 4]])
    sales = _sales(quantity)
    demand = _forecast(sales, 4, np.array([[2.0], [5.0]]))
    price = np.array([1.0, 2.0])
    # item: scales (1 + 1 + 1) / 3 = 1 and (0 + 4 + 4) / 3; errors -1 and 1; money 6 and 36
    items = (6 * 1.0 + 36 * np.sqrt(1 / (8 / 3))) / 42
    # all: 5, 6, 7, 6 with scale 1; error 0
    assert wrmsse(demand, Held(sales, 4, 1, 1), Catalog.bare(sales.index.items), price) == pytest.approx(items / 2)


def test_levels_that_part_the_shop_alike_count_once() -> None:
    sales = _sales(np.ones((12, 3)), places=2)
    found = levels(sales.index, Catalog.bare(sales.index.items))
    assert [len(np.unique(key)) for key in found] == [1, 2, 6, 12]


def test_the_parts_of_a_shop_add_up(right: tuple[Demand, Held]) -> None:
    scored = score(*right)
    half = np.arange(4000) < 2000
    a, b, both = (measures_of([scored], rows) for rows in (half, ~half, None))
    assert a.series + b.series == both.series
    assert (a.wape * a.demand + b.wape * b.demand) / both.demand == pytest.approx(both.wape)


def test_origins_that_leave_the_history_are_refused() -> None:
    sales = _sales(np.ones((1, 10)))
    with pytest.raises(ValueError, match="leave the history"):
        Held(sales, 8, 3, 1)
    with pytest.raises(ValueError, match="span"):
        Held(sales, 4, 3, 4)
