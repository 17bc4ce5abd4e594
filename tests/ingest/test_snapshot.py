"""The shop this morning: stock, orders on their way, offers, costs, and what is assumed where the input is silent."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

from orderpoint.domain.calendar import Period
from orderpoint.domain.errors import InfeasibleError
from orderpoint.ingest.bucketing import BucketOptions, bucket
from orderpoint.ingest.intake import read
from orderpoint.ingest.reading import ReadOptions
from orderpoint.ingest.snapshot import SnapshotOptions, State, state_of
from tests.ingest.folders import write_table

TODAY = date(2025, 6, 2)  # a Monday
FIRST = TODAY - timedelta(days=56)


def state(
    folder: Path, options: SnapshotOptions | None = None, *, today: date = TODAY, period: Period | None = None
) -> State:
    reading = read([folder], ReadOptions(today=today))
    return state_of(reading, bucket(reading, BucketOptions(today, period)).sales, options or SnapshotOptions())


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """Two items sold every day for eight weeks at one place, for 10 money each; nothing else is known."""
    days = [FIRST + timedelta(days=k) for k in range(56)]
    rows = [(d, item, 2, 10 if d.day % 2 else 12) for d in days for item in ("a", "b")]
    write_table(tmp_path / "sales.csv", "date item quantity price", [(*r[:3], 10 if r[1] == "a" else "") for r in rows])
    return tmp_path


def weeks(folder: Path) -> Path:
    write_table(
        folder / "sales.csv",
        "date item quantity",
        [(FIRST + timedelta(days=7 * k), i, 14) for k in range(8) for i in "ab"],
    )
    return folder


def test_what_the_input_does_not_say_is_assumed_and_counted(shop: Path) -> None:
    found = state(shop)
    snapshot = found.snapshot
    assert snapshot.index.pairs() == [("a", "main"), ("b", "main")]
    assert snapshot.costs.unit_cost.tolist() == pytest.approx([6.0, 1.0])
    assert snapshot.costs.holding_cost_per_unit_day.tolist() == pytest.approx([0.25 * 6 / 365, 0.25 / 365])
    assert snapshot.costs.stockout_cost_per_unit[0] == pytest.approx(4.0)
    assert snapshot.supply.lead_time_days.tolist() == [14.0, 14.0]
    assert snapshot.supply.review_days.tolist() == [7.0, 7.0]
    assert snapshot.supply.order_cost.tolist() == [0.0, 0.0]
    assert snapshot.supply.supplier == ("", "")
    assert found.defaults == {
        "unit_cost": 2, "holding_rate": 2, "stockout_cost": 2, "lead_time_days": 2, "review_days": 2, "order_cost": 2,
    }  # fmt: skip


def test_without_a_stock_table_nothing_is_known_of_stock_and_with_an_empty_one_it_is_zero(shop: Path) -> None:
    assert not state(shop).snapshot.stock.known
    write_table(shop / "stock.csv", "item on_hand", [])
    found = state(shop).snapshot.stock
    assert found.known
    assert found.on_hand.tolist() == [0.0, 0.0]


def test_given_costs_are_used_and_holding_cost_beats_the_rate(shop: Path) -> None:
    header = "item unit_cost price holding_cost holding_rate stockout_cost service_target shortage"
    rows = [("a", 5, 11, 0.02, 0.5, 3, 0.95, "backlog"), ("b", 5, "", "", 0.5, "", "", "")]
    write_table(shop / "items.csv", header, rows)
    costs = state(shop).snapshot.costs
    assert costs.unit_cost.tolist() == [5.0, 5.0]
    assert costs.holding_cost_per_unit_day.tolist() == pytest.approx([0.02, 0.5 * 5 / 365])
    assert costs.stockout_cost_per_unit[0] == 3.0
    assert costs.backlog.tolist() == [True, False]
    assert costs.service_target[0] == 0.95
    assert np.isnan(costs.service_target[1])


def test_the_cost_of_supply_beats_that_of_the_item_and_duty_comes_on_top(shop: Path) -> None:
    write_table(shop / "items.csv", "item unit_cost", [("a", 5), ("b", 5)])
    header = "item supplier lead_time_days unit_cost duty_rate price_breaks"
    write_table(shop / "supply.csv", header, [("a", "ACME", 7, 4, 0.25, "100:2"), ("b", "ACME", 7, "", 0.1, "")])
    supply = state(shop).snapshot.supply
    assert supply.unit_cost.tolist() == pytest.approx([5.0, 5.5])
    assert supply.price_breaks[0].steps == ((100, 2.5),)


def test_an_offer_for_one_place_beats_the_general_one_of_the_same_supplier(tmp_path: Path) -> None:
    rows = [(FIRST + timedelta(days=k), "a", p, 2) for k in range(56) for p in ("n", "s")]
    write_table(tmp_path / "sales.csv", "date item location quantity", rows)
    write_table(
        tmp_path / "supply.csv",
        "item supplier location lead_time_days",
        [("a", "A", "n", 3), ("a", "A", "s", 9), ("a", "B", "s", 5)],
    )
    supply = state(tmp_path).snapshot.supply
    assert supply.offsets.tolist() == [0, 1, 3]
    assert supply.supplier == ("A", "A", "B")
    assert supply.lead_time_days.tolist() == [3.0, 9.0, 5.0]


def test_goods_are_on_sale_from_the_first_period_that_begins_on_or_after_their_day(shop: Path) -> None:
    write_table(shop / "supply.csv", "item lead_time_days review_days", [("a", 14, 7), ("b", 15, 3)])
    by_day, by_week = state(shop).snapshot.supply, state(weeks(shop)).snapshot.supply
    assert by_day.arrival_period.tolist() == by_day.arrival_day.tolist() == [14, 15]
    assert by_day.next_arrival_period.tolist() == [21, 18]
    assert by_week.arrival_period.tolist() == [2, 3]
    assert by_week.arrival_day.tolist() == [14, 15]
    assert by_week.next_arrival_period.tolist() == [3, 4]


def test_closures_inside_the_lead_time_lengthen_it_and_those_after_do_not(shop: Path) -> None:
    write_table(shop / "supply.csv", "item supplier lead_time_days", [("a", "ACME", 7), ("b", "ZETA", 7)])
    closed = [(TODAY + timedelta(days=k), "rest", "closure", "ACME") for k in (2, 3, 4, 30)]
    write_table(shop / "calendar.csv", "date event kind region", closed)
    assert state(shop).snapshot.supply.arrival_day.tolist() == [10, 7]
    write_table(shop / "calendar.csv", "date event kind", [r[:3] for r in closed])
    assert state(shop).snapshot.supply.arrival_day.tolist() == [10, 10]
    write_table(shop / "calendar.csv", "date event kind", [(r[0], r[1], "festival") for r in closed])
    assert state(shop).snapshot.supply.arrival_day.tolist() == [7, 7]


def test_order_days_beat_the_review_interval(shop: Path) -> None:
    write_table(
        shop / "supply.csv", "item supplier lead_time_days review_days", [("a", "ACME", 7, 30), ("b", "ZETA", 7, 30)]
    )
    write_table(shop / "suppliers.csv", "supplier order_days", [("ACME", "mon,thu"), ("ZETA", "wed")])
    supply = state(shop).snapshot.supply
    assert supply.review_days.tolist() == [3.0, 2.0]
    assert supply.takes_orders_today.tolist() == [True, False]


def test_orders_on_their_way_stand_at_their_day_and_overdue_ones_today(shop: Path) -> None:
    rows = [
        ("a", 5, TODAY),
        ("a", 7, TODAY - timedelta(days=4)),
        ("a", 3, TODAY + timedelta(days=9)),
        ("b", 2, TODAY + timedelta(days=400)),
    ]
    write_table(shop / "incoming.csv", "item quantity due", rows)
    found = state(shop)
    receipts = found.snapshot.stock.receipts
    assert (receipts[0, 0], receipts[0, 9], receipts.sum()) == (12.0, 3.0, 15.0)
    assert found.snapshot.stock.receipts_beyond.tolist() == [0.0, 2.0]
    assert [(n.code, n.details["count"]) for n in found.notes] == [("orders_overdue", "1")]


def test_orders_within_a_week_are_on_sale_from_the_next_one(shop: Path) -> None:
    weeks(shop)
    write_table(
        shop / "incoming.csv",
        "item quantity due",
        [("a", 5, TODAY + timedelta(days=1)), ("a", 7, TODAY + timedelta(days=7))],
    )
    assert state(shop).snapshot.stock.receipts[0, :3].tolist() == [0.0, 12.0, 0.0]


def test_reservations_and_expired_lots_do_not_count_and_owed_units_are_noted(shop: Path) -> None:
    header = "item on_hand reserved lot expires"
    rows = [
        ("a", 10, 3, "x", ""),
        ("a", 5, "", "y", TODAY),
        ("a", 4, 1, "z", TODAY + timedelta(days=1)),
        ("b", 2, 6, "", ""),
    ]
    write_table(shop / "stock.csv", header, rows)
    found = state(shop)
    assert found.snapshot.stock.on_hand.tolist() == [10.0, -4.0]
    assert [n.code for n in found.notes] == ["lots_expired", "stock_negative"]


@pytest.mark.parametrize(
    ("status", "orderable"), [("active", True), ("frozen", False), ("discontinued", False), ("", True)]
)
def test_only_active_items_are_ordered(shop: Path, status: str, orderable: bool) -> None:
    write_table(shop / "items.csv", "item status", [("a", status), ("b", "active")])
    assert state(shop).snapshot.orderable.tolist() == [orderable, True]


@pytest.mark.parametrize(("days", "orderable"), [(-10, False), (0, False), (30, True)])
def test_items_past_their_end_of_life_are_not_ordered(shop: Path, days: int, orderable: bool) -> None:
    write_table(shop / "items.csv", "item end_of_life", [("a", TODAY + timedelta(days=days)), ("b", "")])
    assert state(shop).snapshot.orderable.tolist() == [orderable, True]


def test_bounds_of_items_and_of_the_user(shop: Path) -> None:
    write_table(shop / "items.csv", "item min_stock max_stock", [("a", 20, 80), ("b", "", "")])
    costs = state(shop).snapshot.costs
    assert (costs.min_stock.tolist(), costs.max_stock.tolist()) == ([20.0, 0.0], [80.0, np.inf])
    costs = state(shop, SnapshotOptions(min_stock=30, max_stock=60)).snapshot.costs
    assert (costs.min_stock.tolist(), costs.max_stock.tolist()) == ([30.0, 30.0], [60.0, 60.0])
    with pytest.raises(InfeasibleError):
        state(shop, SnapshotOptions(min_stock=9, max_stock=5))


def test_the_horizon_reaches_the_next_order_and_at_least_four_weeks(shop: Path) -> None:
    assert state(shop).snapshot.timeline.count == 28
    write_table(shop / "supply.csv", "item lead_time_days review_days", [("a", 60, 10), ("b", 7, 7)])
    assert state(shop).snapshot.timeline.count == 71
    assert state(weeks(shop)).snapshot.timeline.count == 11
    needed = state(shop).snapshot.timeline.count
    assert state(shop, SnapshotOptions(horizon=5)).snapshot.timeline.count == needed, "never less than orders need"
    assert state(shop, SnapshotOptions(horizon=500)).snapshot.timeline.count == 500


def test_the_budget_and_today_are_those_of_the_run(shop: Path) -> None:
    snapshot = state(shop, SnapshotOptions(budget=700)).snapshot
    assert snapshot.budget == 700
    assert snapshot.timeline.first == TODAY


def test_what_is_known_ahead_is_handed_on(shop: Path) -> None:
    write_table(
        shop / "items.csv",
        "item name category launch replaces",
        [("a", "Cup", "kitchen", "2025-01-01", ""), ("b", "", "", "", "a")],
    )
    write_table(shop / "calendar.csv", "date event kind uplift_factor", [("2025-11-11", "11.11", "festival", 3)])
    override = ("a", "2025-06-10", "2025-06-12", "multiply", 2, "Ann", "advert")
    write_table(shop / "overrides.csv", "item start end kind value author reason", [override])
    known = state(shop).known
    assert known.catalog.name == ("Cup", None)
    assert known.catalog.replaces == (None, "a")
    assert known.catalog.launch == (date(2025, 1, 1), None)
    (event,) = known.calendar
    assert (event.day, event.kind, event.uplift_factor) == (date(2025, 11, 11), "festival", 3.0)
    (judgement,) = known.overrides
    assert (judgement.item, judgement.location, judgement.kind, judgement.value) == ("a", None, "multiply", 2.0)
