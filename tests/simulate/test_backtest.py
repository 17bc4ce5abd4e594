"""The replay of the past: the arithmetic of one line by hand, and nobody sees the future."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date

import numpy as np
import pytest

from orderpoint.domain.calendar import Period, Timeline
from orderpoint.domain.supply import PriceBreaks
from orderpoint.simulate.backtest import Contestant, Stretch, choose_stretch, judge, play
from orderpoint.simulate.compare import systematic_sample
from orderpoint.simulate.hidden import wanted
from orderpoint.tables.catalog import Catalog
from orderpoint.tables.costs import Costs
from orderpoint.tables.decisions import Decisions
from orderpoint.tables.demand import Demand
from orderpoint.tables.sales import Sales, State
from orderpoint.tables.series import SeriesIndex
from orderpoint.tables.shared_limits import SharedLimits
from orderpoint.tables.snapshot import Snapshot
from orderpoint.tables.stock import Stock
from orderpoint.tables.supply import Supply

WEEKS, HORIZON = 20, 4


def sales_of(rows: list[list[float]], hidden: dict[tuple[int, int], float] | None = None) -> Sales:
    quantity = np.array(rows, dtype=np.float32)
    index = SeriesIndex.of([(f"I{k}", "main") for k in range(len(rows))])
    state = np.full(quantity.shape, State.OBSERVED, np.uint8)
    for cell in hidden or {}:
        state[cell] = State.STOCKOUT
    return Sales(index, Timeline(date(2025, 1, 6), Period.WEEK, quantity.shape[1]), quantity, state)


def state_after(sales: Sales, lead: int = 2) -> Snapshot:
    n = len(sales.index)
    ones = np.ones(n)
    supply = Supply(
        offsets=np.arange(n + 1),
        supplier=("ACME",) * n,
        lead_time_days=7.0 * lead * ones,
        lead_time_sd_days=0 * ones,
        review_days=7 * ones,
        unit_cost=5 * ones,
        order_cost=2 * ones,
        moq=ones,
        pack=ones,
        max_quantity=np.inf * ones,
        price_breaks=(PriceBreaks(),) * n,
        arrival_period=np.full(n, lead, np.int32),
        next_arrival_period=np.full(n, lead + 1, np.int32),
        arrival_day=np.full(n, 7 * lead, np.int32),
        takes_orders_today=np.ones(n, np.bool_),
    )
    costs = Costs(
        10 * ones, 5 * ones, 0.01 * ones, 4 * ones, np.zeros(n, np.bool_), np.nan * ones, 0 * ones, np.inf * ones
    )
    stock = Stock(0 * ones, np.zeros((n, HORIZON)), 0 * ones)
    timeline = Timeline(sales.timeline.end, Period.WEEK, HORIZON)
    return Snapshot(sales.index, timeline, Catalog.bare(sales.index.items), stock, supply, costs, np.ones(n, np.bool_))


@dataclass
class FixedOrders:
    """Orders the same quantity at every review, and remembers what it was shown."""

    quantity: float
    seen: list[Snapshot] = field(default_factory=list)

    def decide(self, snapshot: Snapshot, demand: Demand) -> Decisions:  # noqa: ARG002
        self.seen.append(snapshot)
        n = len(snapshot.index)
        amount = np.full(n, self.quantity)
        return Decisions(amount, snapshot.supply.offsets[:-1].copy(), amount, amount, np.zeros(n))


def nothing_known(past: Sales, periods: int) -> Demand:
    return Demand.poisson(past.index, past.timeline.after(periods), 1.0)


def test_one_item_by_hand() -> None:
    sales = sales_of([[4.0] * WEEKS])
    snapshot = state_after(sales)
    stretch = Stretch(first=14, periods=6, step=1)
    played = play(sales, wanted(sales, 14), snapshot, Contestant("fixed", nothing_known, FixedOrders(3.0)), stretch)
    # Opens with 3 weeks (lead 2 + review 1) of demand, 12; 3 arrive weekly from the third week on; 4 are wanted weekly.
    assert played.left.tolist() == [[8, 4, 3, 2, 1, 0]]
    assert played.short.sum() == 0
    kpis = judge("fixed", played, snapshot, Timeline(sales.timeline.start(14), Period.WEEK, 6))
    assert kpis.days == 28, "four of the six weeks are scored: from the arrival of the first order on"
    assert kpis.holding_cost == pytest.approx((3 + 2 + 1 + 0) * 7 * 0.01)
    assert kpis.ordering_cost == pytest.approx(4 * 2.0)
    assert kpis.stockout_cost == 0
    assert kpis.cost == pytest.approx(kpis.holding_cost + kpis.ordering_cost)
    assert kpis.turnover == pytest.approx(16 * 5 * 365.0 / ((3 + 2 + 1 + 0) * 7 * 5))


def test_lost_sales_are_short_and_cost() -> None:
    sales = sales_of([[4.0] * WEEKS])
    snapshot = state_after(sales)
    contestant = Contestant("nothing", nothing_known, FixedOrders(0.0))
    played = play(sales, wanted(sales, 14), snapshot, contestant, Stretch(14, 6, 1))
    assert played.short.tolist() == [[0, 0, 0, 4, 4, 4]]
    kpis = judge("nothing", played, snapshot, Timeline(sales.timeline.start(14), Period.WEEK, 6))
    assert (kpis.stockout_cost, kpis.fill_rate, kpis.stockout_share) == (48.0, pytest.approx(0.25), pytest.approx(0.75))


def test_a_contestant_sees_only_the_past() -> None:
    rows = [[4.0] * WEEKS]
    changed = [[4.0] * 17 + [1e6] * 3]
    shown = []
    for data in (rows, changed):
        sales, pasts, policy = sales_of(data), [], FixedOrders(3.0)

        def forecast(past: Sales, periods: int, pasts: list[Sales] = pasts) -> Demand:
            pasts.append(past)
            return nothing_known(past, periods)

        truth = wanted(sales_of(rows), 14)
        play(sales, truth, state_after(sales), Contestant("spy", forecast, policy), Stretch(14, 6, 1))
        shown.append([(p.timeline.count, p.quantity.tolist()) for p in pasts[:4]])
        assert [p.timeline.count for p in pasts] == [14, 15, 16, 17, 18, 19]
        assert all(s.timeline.first == p.timeline.end for s, p in zip(policy.seen, pasts, strict=True))
    assert shown[0] == shown[1], "the decisions before the change were shown the same"


def test_hidden_demand_is_the_mean_of_its_in_stock_neighbours_or_the_sales_if_more() -> None:
    sales = sales_of([[4.0] * 15 + [0.0, 9.0] + [4.0] * 3], {(0, 15): 0, (0, 16): 0})
    assert wanted(sales, 14).tolist() == [[4.0, 4.0, 9.0, 4.0, 4.0, 4.0]]


def test_a_short_history_is_not_played() -> None:
    sales = sales_of([[4.0] * 6])
    assert choose_stretch(sales, state_after(sales)) is None
    long = sales_of([[4.0] * 60])
    stretch = choose_stretch(long, state_after(long))
    assert stretch is not None
    assert stretch.first + stretch.periods == 60
    assert stretch.first >= 30


def test_the_sample_holds_the_largest_and_the_smallest_and_repeats_itself() -> None:
    sales = sales_of([[float(k)] * WEEKS for k in range(50)])
    rows = systematic_sample(sales, 10)
    assert len(rows) == 10
    assert {0, 49} <= set(rows.tolist())
    assert rows.tolist() == systematic_sample(sales, 10).tolist() == sorted(rows.tolist())
    assert systematic_sample(sales, 100).tolist() == list(range(50))


def test_real_stock_and_limits_of_today_do_not_leak_into_the_past() -> None:
    sales = sales_of([[4.0] * WEEKS])
    snapshot = state_after(sales)
    one = np.ones(1)
    container = SharedLimits(("ACME",), 0 * one, 1000 * one, one, np.inf * one, np.zeros(1, np.int32), one)
    stock = Stock(np.array([999.0]), np.full((1, HORIZON), 50.0), np.zeros(1))
    rich = replace(snapshot, budget=1.0, shared=container, stock=stock)
    policy = FixedOrders(3.0)
    play(sales, wanted(sales, 14), rich, Contestant("spy", nothing_known, policy), Stretch(14, 6, 1))
    assert policy.seen[0].budget is None
    assert policy.seen[0].shared is None, (
        "a sample of a shop's lines does not fill the containers that all of them fill"
    )
    assert policy.seen[0].stock.on_hand.tolist() == [12.0]
    assert policy.seen[0].stock.receipts.sum() == 0
