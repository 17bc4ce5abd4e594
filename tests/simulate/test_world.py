"""The invented shop keeps its own books: same seed same bytes, and the stock equation for every item, place and day."""

from __future__ import annotations

import dataclasses
import datetime as dt
import math
from typing import Any

import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from orderpoint.simulate.world import World, WorldSettings, blueprint, fitted, invent, suppliers
from orderpoint.simulate.world import catalog as catalog_room
from orderpoint.simulate.world.draws import key_of, normal, uniform

SMALL = WorldSettings(items=60, locations=3, days=500, seed=7)


@pytest.fixture(scope="module")
def world() -> World:
    return invent(SMALL)


@pytest.fixture(scope="module")
def demo() -> World:
    """The shop of `orderpoint demo`."""
    return invent(WorldSettings())


def opening(world: World) -> np.ndarray:
    """Units before each day: the closing of the day before."""
    history = world.truth.history
    return np.concatenate([history.opening[:, None], history.closing[:, :-1]], axis=1)


def on_offer(world: World) -> np.ndarray:
    """Whether each item is on offer on each day, by row of the truth."""
    catalog, day = world.blueprint.catalog, np.arange(world.settings.days)
    offered = (catalog.launch_day[:, None] <= day) & (day < catalog.end_day[:, None])
    return offered.repeat(world.settings.locations, axis=0)


def test_the_same_settings_give_the_same_bytes(world: World) -> None:
    again = invent(SMALL)
    for name, frame in world.tables().items():
        assert frame.write_csv() == again.tables()[name].write_csv(), name
    for field in world.truth.history._fields:
        np.testing.assert_array_equal(getattr(world.truth.history, field), getattr(again.truth.history, field))
    np.testing.assert_array_equal(world.truth.expected, again.truth.expected)


def test_another_seed_gives_another_shop(world: World) -> None:
    other = invent(dataclasses.replace(SMALL, seed=8))
    assert not np.array_equal(other.truth.demand, world.truth.demand)
    assert other.items["price"].to_list() != world.items["price"].to_list()


def test_how_the_items_are_cut_changes_nothing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blueprint, "_CELLS_AT_ONCE", 4 * SMALL.locations * SMALL.span_days)
    assert len(list(blueprint.slices(SMALL))) == 15
    cut = invent(SMALL)
    for name, frame in world.tables().items():
        assert_frame_equal(frame, cut.tables()[name])
    np.testing.assert_array_equal(cut.truth.demand, world.truth.demand)


def test_stock_equation_holds_every_day(world: World) -> None:
    history = world.truth.history
    flow = opening(world) + history.received + history.restocked - history.sold - history.scrapped
    np.testing.assert_array_equal(flow, history.closing)
    assert history.closing.min() >= 0
    for field in history._fields:
        assert field in ("returned_from", "arrives") or getattr(history, field).min() >= 0, field


def test_sales_are_demand_less_what_was_lost_plus_what_switched(world: World) -> None:
    history, demand = world.truth.history, world.truth.demand
    np.testing.assert_array_equal(history.sold, demand - history.lost + history.switched_in)
    assert (history.sold - history.switched_in <= demand).all()
    in_stock = history.out_of_stock == 0
    np.testing.assert_array_equal((history.sold - history.switched_in)[in_stock], demand[in_stock])
    assert history.lost[~in_stock].sum() > 0


def test_out_of_stock_means_on_offer_and_nothing_left_after_the_sales(world: World) -> None:
    history = world.truth.history
    before_returns = history.closing - history.restocked
    np.testing.assert_array_equal(history.out_of_stock == 1, on_offer(world) & (before_returns == 0))


def test_only_customers_of_a_substitute_switch(demo: World) -> None:
    settings, history = demo.settings, demo.truth.history
    rows = (settings.items, settings.locations, settings.days)
    lost, switched = history.lost.reshape(rows), history.switched_in.reshape(rows)
    partner = np.arange(settings.items) ^ 1
    assert (switched <= lost[partner]).all()
    substitutes = demo.blueprint.catalog.pair_kind == catalog_room.SUBSTITUTES
    assert switched[~substitutes].sum() == 0
    turned = switched[substitutes].sum() / lost[substitutes].sum()
    assert 0.2 < turned < 0.6  # the shares are drawn between 0.2 and 0.6, and the other shelf may be empty too


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_five_to_eight_per_cent_of_item_days_are_out_of_stock(seed: int, demo: World) -> None:
    shop = demo if seed == 1 else invent(WorldSettings(items=300, seed=seed))
    share = shop.truth.history.out_of_stock.sum() / on_offer(shop).sum()
    assert 0.05 < share < 0.08


def test_more_care_leaves_fewer_shelves_empty(world: World) -> None:
    careful = invent(dataclasses.replace(SMALL, care=3.0))
    assert careful.truth.history.out_of_stock.sum() < 0.7 * world.truth.history.out_of_stock.sum()
    np.testing.assert_array_equal(careful.truth.demand, world.truth.demand)


def test_deliveries_are_the_orders_that_arrived(world: World) -> None:
    orders, settings = world.truth.orders, world.settings
    assert (orders["arrives"] > orders["ordered"]).all()
    arrived = orders.filter(pl.col("arrives") < settings.today)["quantity"].sum()
    catalog = world.blueprint.catalog
    launches = (catalog.launch_day > 0) & (catalog.launch_day < settings.days)
    first = np.flatnonzero(launches.repeat(settings.locations))
    days = catalog.launch_day.repeat(settings.locations)[first]
    assert (world.truth.history.received[first, days] > 0).all()
    ordered_to_day = orders.filter(pl.col("arrives") < settings.today).with_columns(
        day=(pl.col("arrives") - settings.first_day).dt.total_days()
    )
    on_launch = ordered_to_day.join(
        world.truth.series[first.astype(np.uint32)].with_columns(day=pl.Series(days)), on=["item", "location", "day"]
    )
    initial = world.truth.history.received[first, days].sum() - on_launch["quantity"].sum()
    assert world.truth.history.received.sum() == arrived + initial


def test_orders_keep_packs_minimums_and_order_days(world: World) -> None:
    facts = world.truth.orders.join(world.supply, on=["item", "supplier"]).join(world.suppliers, on="supplier")
    assert facts.height == world.truth.orders.height > 500
    assert (facts["quantity"] % facts["pack"] == 0).all()
    assert (facts["quantity"] >= facts["moq"]).all()
    weekly = facts.filter(pl.col("order_days").is_not_null())
    names = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
    day = pl.col("ordered").dt.weekday().map_elements(lambda d: names[d - 1], return_dtype=pl.String)
    assert weekly.select(pl.col("order_days").str.split(",").list.contains(day).all()).item()
    rest = facts.filter(pl.col("order_days").is_null())
    until_today = (pl.lit(world.settings.today) - pl.col("ordered")).dt.total_days()
    assert rest.select((until_today % pl.col("review_days") == 0).all()).item()


def test_returns_follow_their_sale_and_never_exceed_it(demo: World) -> None:
    history = demo.truth.history
    row, day = np.nonzero(history.returned)
    sale = history.returned_from[row, day]
    assert len(row) > 1000
    assert ((sale >= 0) & (sale < day)).all()
    back = np.zeros_like(history.sold)
    np.add.at(back, (row, sale), history.returned[row, day])
    assert (back <= history.sold).all()
    assert history.returned.sum() / history.sold.sum() == pytest.approx(fitted.RETURN_SHARE, rel=0.3)
    assert np.median(day - sale) == pytest.approx(fitted.RETURN_DELAY_MEDIAN_DAYS, abs=2)
    assert (history.restocked <= history.returned).all()


def test_expired_units_leave_and_no_lot_outlives_its_life(demo: World) -> None:
    catalog, history, places = demo.blueprint.catalog, demo.truth.history, demo.settings.locations
    life = catalog.shelf_life_days.repeat(places)
    assert (history.scrapped[life == 0] == 0).all()
    assert history.scrapped[life > 0].sum() > 0
    np.testing.assert_array_equal(history.left[life > 0].sum(axis=1), history.closing[life > 0, -1])
    row, received = np.nonzero(history.left * (life > 0)[:, None])
    assert (received + life[row] >= demo.settings.days).all()


def test_the_shop_rule_is_a_plain_reorder_point(world: World) -> None:
    """The compiled history against a plain loop, for the items that neither expire nor have a substitute."""
    plain = np.flatnonzero(
        (world.blueprint.catalog.pair_kind == catalog_room.PLAIN) & (world.blueprint.catalog.shelf_life_days == 0)
    )
    assert len(plain) > 10
    for item in plain[:12]:
        for place in range(2):
            row = item * world.settings.locations + place
            sold, closing, ordered = plain_history(world, int(item), place)
            np.testing.assert_array_equal(sold, world.truth.history.sold[row])
            np.testing.assert_array_equal(closing, world.truth.history.closing[row])
            np.testing.assert_array_equal(ordered, world.truth.history.ordered[row])


def plain_history(world: World, item: int, place: int) -> tuple[list[int], list[int], list[int]]:
    """Sales, closing stock and orders of one item at one place, day by day, as docs/world.md tells it."""
    settings, catalog, makers = world.settings, world.blueprint.catalog, world.blueprint.suppliers
    row = item * settings.locations + place
    key = np.uint64(key_of(settings.seed, 31, item * 64 + place))
    supplier, launch, end = catalog.supplier[item], catalog.launch_day[item], catalog.end_day[item]
    quoted, review = makers.quoted_days[supplier], makers.review_days[supplier]
    first_stock = max(
        1, math.ceil(math.exp(catalog.log_rate[item, place] + 0.35 * normal(key, 900_000)) * (quoted + review + 14))
    )
    on_hand, due, sold, closing, ordered = (first_stock if launch <= 0 else 0), {}, [], [], []
    for day in range(settings.days):
        known = min(28, day - max(0, launch))
        quantity = 0
        late = day + quoted >= end or (catalog.frozen[item] and day >= settings.days - 40)
        if makers.may_order[supplier, day] and known >= 7 and not late:
            mean = sum(sold[-28:]) / known
            cover = mean * (quoted + review)
            point = cover + settings.care * fitted.SAFETY * math.sqrt(cover)
            position = on_hand + sum(due.values())
            if position <= point and uniform(key, 8 * day + 4) >= 0.06:
                wanted = max(1.0, point + mean * max(review, 7) - position)
                if uniform(key, 8 * day + 5) < 0.04:
                    wanted *= 0.3 + 1.4 * uniform(key, 8 * day + 6)
                quantity = max(catalog.moq[item], math.ceil(wanted / catalog.pack[item]) * catalog.pack[item])
                arrival = day + makers.lead_days[supplier, place, day]
                due[arrival] = due.get(arrival, 0) + quantity
        on_hand += due.pop(day, 0) + (first_stock if 0 < day == launch else 0)
        sold.append(min(world.truth.demand[row, day], on_hand))
        on_hand += world.truth.history.restocked[row, day] - sold[-1]
        closing.append(on_hand)
        ordered.append(quantity)
    return sold, closing, ordered


def test_suppliers_rest_and_their_deliveries_wait() -> None:
    closed = np.zeros(60, bool)
    closed[10:20] = True
    lead = np.full((1, 30), 5)
    effective = suppliers.with_closures(lead, closed)[0]
    assert effective[:6].tolist() == [5] * 6  # arrives on the tenth day at the latest: no closed day in between
    assert effective[6] == 15  # four open days before the rest, one after it
    assert effective[12] == 13  # ordered in the rest: starts when it ends, on the twentieth day
    assert effective[20:].tolist() == [5] * 10


def test_today_is_a_monday_with_the_great_peaks_ahead() -> None:
    settings = WorldSettings()
    assert settings.today == dt.date(2025, 9, 29)
    assert settings.today.weekday() == 0
    assert settings.first_day + dt.timedelta(days=settings.days) == settings.today


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("items", 0),
        ("locations", 61),
        ("days", 55),
        ("seed", -1),
        ("language", "fr"),
        ("rate_scale", 0.0),
        ("care", -1.0),
    ],
)
def test_settings_that_cannot_be_are_refused_by_name(field: str, value: Any) -> None:
    with pytest.raises(ValueError, match=field):
        WorldSettings(**{field: value})


def test_a_span_without_known_festivals_is_refused() -> None:
    with pytest.raises(ValueError, match="2010 to 2040"):
        invent(WorldSettings(items=20, last_day=dt.date(2010, 6, 1)))


@pytest.mark.parametrize("items", [1, 2, 21])
def test_any_number_of_items_lives(items: int) -> None:
    tiny = invent(WorldSettings(items=items, locations=1, days=120, seed=3))
    assert tiny.items.height == items
    assert tiny.truth.demand.shape == (items, 120)
