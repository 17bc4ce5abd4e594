"""Policies side by side: the same demand for all, differences path by path, and figures that add up."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pytest

from orderpoint.optimize.mincost import MinCost
from orderpoint.optimize.sampling import Sampling
from orderpoint.optimize.textbook import TextbookLevel
from orderpoint.simulate.compare_policies import PolicyComparison, compare_policies
from orderpoint.simulate.figures import FIGURES
from orderpoint.simulate.levels import simulate_levels
from orderpoint.tables.decisions import Decisions
from orderpoint.tables.demand import Demand
from orderpoint.tables.snapshot import Snapshot
from orderpoint.testing.small_shop import SmallShop


@dataclass(frozen=True)
class UpTo:
    """Orders up to a level today and at each review."""

    level: float

    def decide(self, snapshot: Snapshot, demand: Demand) -> Decisions:  # noqa: ARG002
        n = len(snapshot.index)
        levels = np.full(n, self.level)
        quantity = np.maximum(levels - snapshot.stock.on_hand, 0.0)
        return Decisions(quantity, snapshot.supply.offsets[:-1].copy(), levels - 1.0, levels, np.zeros(n))


def compared(*levels: float, periods: int | None = None, **changes: object) -> PolicyComparison:
    snapshot, demand = replace(SmallShop(mean=(5.0, 2.0, 9.0)), **changes).build()
    return compare_policies(snapshot, demand, {f"up to {k}": UpTo(k) for k in levels}, 200, 3, periods)


def test_one_item_by_hand() -> None:
    # 2 on hand, nothing wanted: 8 ordered today for level 10 arrive in the third week; 2, 2, 10, 10 are left.
    snapshot, demand = SmallShop(mean=(0.0,), on_hand=2.0, holding_per_period=0.7, order_cost=3.0, horizon=4).build()
    result = compare_policies(snapshot, demand, {"ten": UpTo(10.0)}, 2, 3, 4)
    figures = result.figures[0]
    assert figures.holding_cost.mean == pytest.approx(0.7 * (2 + 2 + 10 + 10))
    assert (figures.orders.mean, figures.ordering_cost.mean, figures.peak_stock.mean) == (1.0, 3.0, 10.0)
    assert figures.purchase_cost.mean == pytest.approx(8 * 5.0)
    assert figures.average_stock.mean == pytest.approx(6.0)
    assert figures.profit.mean == pytest.approx(-0.7 * 24 - 3.0)
    assert figures.fill_rate.mean == 1.0
    assert result.timeline.count == 4


def test_more_stock_serves_better_and_the_difference_says_so() -> None:
    result = compared(20.0, 40.0)
    lean, rich = result.figures
    difference = result.differences[0]
    assert difference.name == "up to 40.0"
    for name in FIGURES:
        assert getattr(difference, name).mean == pytest.approx(getattr(rich, name).mean - getattr(lean, name).mean)
    assert difference.fill_rate.low > 0.0
    assert difference.holding_cost.low > 0.0
    assert difference.stockout_days.high < 0.0


def test_pairs_tell_apart_what_two_samples_would_not() -> None:
    result = compared(30.0, 31.0, level_cv2=0.3)
    alone = np.hypot(*(figures.cost.half_width for figures in result.figures))
    assert result.differences[0].cost.half_width < 0.3 * alone


def test_a_policy_differs_from_itself_by_nothing() -> None:
    snapshot, demand = SmallShop(lead_time_sd_days=5.0, level_cv2=0.2).build()
    result = compare_policies(snapshot, demand, {"a": UpTo(20.0), "b": UpTo(20.0)}, 20, 3)
    assert all(getattr(result.differences[0], name).mean == 0.0 for name in FIGURES)
    assert all(getattr(result.differences[0], name).half_width == 0.0 for name in FIGURES)


def test_categories_add_up_to_the_whole() -> None:
    snapshot, demand = SmallShop(mean=(5.0, 2.0, 9.0, 1.0)).build()
    named = replace(snapshot.catalog, category=("tea", "cups", "tea", None))
    result = compare_policies(replace(snapshot, catalog=named), demand, {"a": UpTo(20.0)}, 50, 3)
    assert [part.category for part in result.by_category] == ["", "cups", "tea"]
    assert [part.figures[0].series for part in result.by_category] == [1, 1, 2]
    for name in ("cost", "orders", "revenue", "peak_stock"):
        parts = sum(getattr(part.figures[0], name).mean for part in result.by_category)
        assert parts == pytest.approx(getattr(result.figures[0], name).mean)


def test_named_algorithms_are_played() -> None:
    snapshot, demand = SmallShop(mean=(5.0, 2.0, 9.0), order_cost=4.0, moq=3.0, pack=3.0, stockout=4.0).build()
    policies = {"textbook": TextbookLevel(0.95), "mincost": MinCost(Sampling(seed=1, paths=512))}
    result = compare_policies(snapshot, demand, policies, 200, 9, periods=40)
    assert result.differences[0].cost.high < 0.0, "least cost costs less than a textbook level"


def test_what_cannot_be_compared_is_refused() -> None:
    snapshot, demand = SmallShop().build()
    with pytest.raises(ValueError, match="at least 2 paths"):
        compare_policies(snapshot, demand, {"a": UpTo(9.0)}, 1, 3)
    with pytest.raises(ValueError, match="policies"):
        compare_policies(snapshot, demand, {}, 10, 3)


def test_the_long_run_and_the_comparison_agree_where_they_play_the_same() -> None:
    snapshot, demand = SmallShop(mean=(5.0, 2.0, 9.0), on_hand=25.0, pack=5.0, moq=10.0).build()
    decisions = UpTo(25.0).decide(snapshot, demand)
    years = simulate_levels(snapshot, demand, decisions, 100, 5, years=4.0).figures
    weeks = compare_policies(snapshot, demand, {"a": UpTo(25.0)}, 100, 3, periods=220).figures[0]
    for name in ("fill_rate", "cycle_service", "average_stock", "days_of_cover", "turnover"):
        long, short = getattr(years, name), getattr(weeks, name)
        assert abs(long.mean - short.mean) < 4 * np.hypot(long.half_width, short.half_width) + 0.01 * abs(long.mean)
    assert years.days == 4 * 52 * 7 + 7


def test_a_shop_without_an_orderable_item_is_not_played() -> None:
    snapshot, demand = SmallShop().build()
    asleep = replace(snapshot, orderable=np.zeros(3, np.bool_))
    with pytest.raises(ValueError, match="1 orderable series"):
        simulate_levels(asleep, demand, UpTo(9.0).decide(snapshot, demand), 10, 1)


def test_what_spoils_costs_what_it_was_bought_for() -> None:
    snapshot, demand = SmallShop(mean=(4.0,)).build()
    short_lived = replace(snapshot, catalog=replace(snapshot.catalog, shelf_life_days=(14.0,)))
    result = [
        simulate_levels(state, demand, UpTo(30.0).decide(state, demand), 50, 1).figures
        for state in (snapshot, short_lived)
    ]
    assert result[0].waste.mean == 0.0
    assert result[1].waste.mean > 0.0
    assert result[1].profit.high < result[0].profit.low
