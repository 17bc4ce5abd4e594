"""What every forecaster must keep, as tests to inherit: `class TestMine(ForecasterContract)`.

Give a method `forecaster`. pytest only collects the suite; each of its methods is a sentence, and asserts it.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import polars as pl
from numpy.typing import NDArray

from orderpoint.domain.calendar import Period, Timeline
from orderpoint.forecast.base import Forecaster
from orderpoint.tables.catalog import Catalog
from orderpoint.tables.cutoff import sales_before
from orderpoint.tables.demand import Demand
from orderpoint.tables.known import CalendarEvent, Known, Override
from orderpoint.tables.sales import Sales, State
from orderpoint.tables.series import SeriesIndex

PROBABILITIES = (0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99)
FIRST = date(2023, 1, 2)
HORIZON = 9


def history(
    quantity: NDArray[np.float32], state: NDArray[np.uint8] | None = None, period: Period = Period.DAY
) -> tuple[Sales, Known]:
    """Sales of as many items as there are rows, all at one place, and a catalogue that knows their names alone."""
    index = SeriesIndex.of((f"item {k:04d}", "main") for k in range(len(quantity)))
    cells = np.full(quantity.shape, State.OBSERVED, np.uint8) if state is None else state
    timeline = Timeline(FIRST, period, quantity.shape[1])
    return Sales(index, timeline, quantity.astype(np.float32), cells), Known(Catalog.bare(index.items))


def invented(series: int = 6, periods: int = 120) -> tuple[NDArray[np.float32], NDArray[np.uint8]]:
    """Counts of fast and slow items, with periods off sale at the start and stockouts in between."""
    rng = np.random.default_rng(5)
    rate = np.geomspace(0.05, 40.0, series)[:, None]
    quantity = rng.poisson(rate * (1.0 + 0.5 * (np.arange(periods) % 7 > 4)), (series, periods)).astype(np.float32)
    state = np.full(quantity.shape, State.OBSERVED, np.uint8)
    state[::2, : periods // 4] = State.OFF
    state[:, periods // 2 : periods // 2 + 4] = State.STOCKOUT
    state[1, -3:] = State.STOCKOUT_INFERRED
    quantity[state == State.OFF] = 0
    quantity[state == State.STOCKOUT_INFERRED] = 0
    return quantity, state


def informed(periods: int = 120, ahead: int = HORIZON) -> tuple[Sales, Known]:
    """Items of two categories at two places, with all that may be known of them and of `ahead` periods more.

    A price list with promotions, a local price, a driver, events with and without an uplift, a planner's override, an
    item that replaces another one, and hours of partial stock.
    """
    quantity, state = invented(8, periods)
    index = SeriesIndex.of((f"item {k:04d}", place) for k in range(4) for place in ("east", "west"))
    share = np.where(state == State.STOCKOUT, np.float32(0.5), np.float32(1.0)).astype(np.float32)
    sales = Sales(index, Timeline(FIRST, Period.DAY, periods), quantity, state, in_stock_share=share)
    days = [FIRST + timedelta(days=k) for k in range(periods + ahead)]
    cuts = [
        {"date": day, "item": item, "price": 8.0 if k % 20 < 4 else 10.0, "promotion": 0.2 if k % 20 < 4 else 0.0}
        for item in index.items
        for k, day in enumerate(days)
        if k % 20 in (0, 4)
    ]
    local = [{"date": days[periods // 2], "item": index.items[0], "location": "east", "price": 9.0}]
    visits = [{"date": day, "name": "visits", "value": 100.0 + 7.0 * (k % 11)} for k, day in enumerate(days)]
    events = [CalendarEvent(days[k], "fair", "festival") for k in range(10, len(days), 35)]
    given = CalendarEvent(days[periods + 2], "opening", "promotion", "west", 1.5)
    word = Override(index.items[1], None, days[periods], days[periods + 1], "multiply", 2.0, None, None, "Ann", "visit")
    bare = Catalog.bare(index.items)
    replaces = (None, None, None, index.items[2])
    catalog = replace(bare, category=("tea", "tea", "cups", "cups"), replaces=replaces)
    known = Known(
        catalog,
        pl.DataFrame([*cuts, *local], infer_schema_length=None),
        (*events, given),
        pl.DataFrame(visits),
        (word,),
    )
    return sales, known


def check_distribution(demand: Demand, sales: Sales, periods: int) -> None:
    """Asserts shapes, finite means of at least 0, and quantiles that neither cross nor are negative."""
    shape = (len(sales.index), periods)
    assert demand.index is sales.index or demand.index.pairs() == sales.index.pairs()
    assert demand.timeline == sales.timeline.after(periods)
    assert demand.mean.shape == shape
    assert np.isfinite(demand.mean).all()
    assert (demand.mean >= 0).all()
    assert np.isfinite(demand.ratio).all()
    assert np.isfinite(demand.level_cv2).all()
    before = np.zeros(shape)
    for probability in PROBABILITIES:
        quantile = demand.quantile(probability)
        assert quantile.shape == shape
        assert (quantile >= before).all(), f"quantile {probability} lies below an earlier one or below zero"
        before = quantile


def same(a: Demand, b: Demand) -> bool:
    """Whether two forecasts are equal, bit by bit."""
    fields = ("mean", "family", "ratio", "level_cv2", "zero", "knots")
    return all(np.array_equal(getattr(a, name), getattr(b, name)) for name in fields)


class ForecasterContract:
    """Inherit, and give the forecaster to be tested."""

    def forecaster(self) -> Forecaster:
        """The forecaster to be tested, made anew."""
        raise NotImplementedError

    def said(
        self,
        quantity: NDArray[np.float32],
        state: NDArray[np.uint8] | None = None,
        period: Period = Period.DAY,
        periods: int = HORIZON,
    ) -> Demand:
        """The checked forecast of a history."""
        sales, known = history(quantity, state, period)
        demand = self.forecaster().fit(sales, known).demand(periods, known)
        check_distribution(demand, sales, periods)
        return demand

    def test_it_has_a_name(self) -> None:
        """A name in the field's words."""
        assert self.forecaster().name

    def test_it_gives_a_distribution_for_every_period_length(self) -> None:
        """Days, weeks and months, near and far."""
        quantity, state = invented()
        for period in Period:
            for periods in (1, HORIZON, 3 * period.per_year // 2):
                self.said(quantity, state, period, periods)

    def test_it_takes_all_that_may_be_known(self) -> None:
        """Prices, promotions, drivers, events, overrides, successors and hours: a distribution, twice the same."""
        sales, known = informed()
        two = [self.forecaster().fit(sales, known).demand(HORIZON, known) for _ in range(2)]
        check_distribution(two[0], sales, HORIZON)
        assert same(*two)

    def test_the_same_input_gives_the_same_bits(self) -> None:
        """Twice the same."""
        quantity, state = invented()
        assert same(self.said(quantity, state), self.said(quantity, state))

    def test_a_longer_horizon_says_the_same_of_the_first_periods(self) -> None:
        """What is asked for beyond a period does not move it (to rounding)."""
        sales, known = history(*invented())
        fit = self.forecaster().fit(sales, known)
        longest = fit.demand(60, known).mean
        for periods in (1, HORIZON, 30):
            np.testing.assert_allclose(fit.demand(periods, known).mean, longest[:, :periods], rtol=1e-5)

    def test_it_leaves_its_input_alone(self) -> None:
        """Neither sales nor states are changed."""
        quantity, state = invented()
        sales, known = history(quantity.copy(), state.copy())
        self.forecaster().fit(sales, known).demand(HORIZON, known)
        assert np.array_equal(sales.quantity, quantity)
        assert np.array_equal(sales.state, state)

    def test_it_does_not_read_the_future(self) -> None:
        """A history that was cut by `tables.cutoff` is forecast as if nothing had come after, whatever came."""
        quantity, state = invented()
        cut = quantity.shape[1] - 20
        poisoned = quantity.copy()
        poisoned[:, cut:] = 1e8
        sales, known = history(poisoned, state)
        early = sales_before(sales, cut)
        poison = self.forecaster().fit(early, known).demand(HORIZON, known)
        assert same(poison, self.said(quantity[:, :cut], state[:, :cut]))

    def test_what_is_off_sale_says_nothing(self) -> None:
        """Numbers in cells that are OFF do not matter."""
        quantity, state = invented()
        loud = np.where(state == State.OFF, np.float32(1e6), quantity)
        assert same(self.said(quantity, state), self.said(loud, state))

    def test_sales_cut_short_by_stock_are_a_lower_bound_at_most(self) -> None:
        """More sold before stock ran out never lowers the forecast by more than noise."""
        quantity, state = invented()
        more = np.where(state == State.STOCKOUT, quantity + 5, quantity)
        low, high = self.said(quantity, state).mean.sum(), self.said(more, state).mean.sum()
        assert high >= 0.98 * low

    def test_stockouts_without_sales_do_not_lower_the_forecast(self) -> None:
        """An item that sold ten a day and then was out of stock is still forecast at about ten."""
        quantity = np.full((4, 90), 10.0, np.float32)
        state = np.full(quantity.shape, State.OBSERVED, np.uint8)
        quantity[:, 60:], state[:, 60:] = 0, State.STOCKOUT
        mean = self.said(quantity, state).mean
        assert ((mean > 8.0) & (mean < 12.0)).all()

    def test_a_steady_item_is_forecast_at_what_it_sells(self) -> None:
        """Ten every day, give or take a method's own correction of bias."""
        mean = self.said(np.full((3, 200), 10.0, np.float32)).mean
        assert ((mean > 9.4) & (mean < 10.5)).all()

    def test_short_histories(self) -> None:
        """One, two and three periods."""
        for length in (1, 2, 3):
            self.said(np.full((2, length), 4.0, np.float32))

    def test_items_that_never_sold(self) -> None:
        """All zero, and never on sale at all, alone or beside others."""
        zero = np.zeros((2, 60), np.float32)
        assert (self.said(zero).mean < 0.5).all()
        off = np.full(zero.shape, State.OFF, np.uint8)
        self.said(zero, off)
        quantity, state = invented()
        state[0], quantity[0] = State.OFF, 0
        quantity[2] = 0
        self.said(quantity, state)

    def test_huge_and_broken_amounts(self) -> None:
        """A billion units a period, and a thousandth of one, beside each other."""
        quantity, state = invented()
        quantity[3] *= np.float32(2e7)
        quantity[4] *= np.float32(1e-3)
        self.said(quantity, state)

    def test_more_sales_everywhere_are_a_higher_forecast(self) -> None:
        """Twice the demand of every item is about twice the forecast."""
        quantity, state = invented()
        one, two = self.said(quantity, state).mean.sum(), self.said(2 * quantity, state).mean.sum()
        assert 1.7 < two / one < 2.3
