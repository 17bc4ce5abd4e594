"""The kinks of a window's cost are the stock equation, seen from the order."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderpoint.optimize.kinks import Kinks, cost_at, cost_table, held_cost, level_kinks, order_kinks, short_at
from orderpoint.optimize.protection import Setting, setting_of
from orderpoint.testing.small_shop import SmallShop, with_receipt

counts = st.integers(0, 12)


def plain_cost(
    setting: Setting, path: list[int], quantity: float, window: tuple[int, int]
) -> tuple[float, float, float]:
    """(cost of the window, units short in it, cost before it) of one path, period by period, in plain words."""
    lines, stock = setting.lines, float(setting.lines.on_hand[0])
    cost, lost, before = 0.0, 0.0, 0.0
    for t in range(window[1]):
        stock += lines.receipts[0, t] + (quantity if t == window[0] else 0.0)
        short = max(path[t] - max(stock, 0.0), 0.0)
        stock = stock - path[t] if lines.backlog[0] else stock - min(path[t], max(stock, 0.0))
        money = lines.holding[0] * setting.clock.days[t] * max(stock, 0.0)
        money += lines.stockout[0] * (setting.clock.days[t] * max(-stock, 0.0) if lines.backlog[0] else short)
        cost, before = (cost + money, before) if t >= window[0] else (cost, before + money)
        lost += short if t >= window[0] else 0.0
    return cost, lost, before


@st.composite
def cases(draw: st.DrawFn) -> tuple[SmallShop, list[int], list[list[int]]]:
    first = draw(st.integers(0, 3))
    then = first + draw(st.integers(1, 3))
    shop = SmallShop(
        mean=(4.0,), on_hand=draw(counts), arrival=first, next_arrival=then, horizon=6, backlog=draw(st.booleans())
    )
    receipts = draw(st.lists(counts, min_size=6, max_size=6))
    paths = draw(st.lists(st.lists(counts, min_size=6, max_size=6), min_size=1, max_size=4))
    return shop, receipts, paths


@given(cases(), st.integers(0, 30))
def test_the_cost_of_an_order_is_that_of_playing_it(
    case: tuple[SmallShop, list[int], list[list[int]]], quantity: int
) -> None:
    shop, receipts, paths = case
    snapshot, demand = shop.build()
    for t, units in enumerate(receipts):
        snapshot = with_receipt(snapshot, t, units)
    setting = setting_of(snapshot, demand, shop.next_arrival, len(paths))
    demanded = np.array(paths, np.float32)[:, : shop.next_arrival]
    kinks = order_kinks(demanded, setting, 0, 0)
    played = [plain_cost(setting, path, float(quantity), (shop.arrival, shop.next_arrival)) for path in paths]
    cost, lost, before = np.mean(played, axis=0)
    assert cost_at(kinks, float(quantity)) == pytest.approx(cost, abs=1e-9)
    assert kinks.before == pytest.approx(before, abs=1e-9)
    if not shop.backlog:
        assert short_at(kinks, float(quantity)) == pytest.approx(lost, abs=1e-9)


@given(cases(), st.integers(0, 30))
def test_the_slope_of_a_level_is_that_of_an_order_made_there(
    case: tuple[SmallShop, list[int], list[list[int]]], position: int
) -> None:
    shop, _, paths = case
    snapshot, demand = replace(shop, on_hand=position).build()
    setting = setting_of(snapshot, demand, shop.next_arrival, len(paths))
    demanded = np.array(paths, np.float32)[:, : shop.next_arrival]
    order, level = order_kinks(demanded, setting, 0, 0), level_kinks(demanded, setting, 0, 0)
    gain = cost_at(order, 1.0) - cost_at(order, 0.0)
    assert cost_at(level, position + 1.0) - cost_at(level, float(position)) == pytest.approx(gain, abs=1e-9)
    assert held_cost(demanded, setting, 0, 0, float(position)) == pytest.approx(cost_at(order, 0.0), abs=1e-9)


@given(
    st.lists(st.tuples(st.floats(-20, 60), st.floats(0, 2), st.floats(0, 9)), min_size=1, max_size=30),
    st.sampled_from([1.0, 2.0, 5.0]),
)
def test_the_table_holds_the_function_at_every_stride(rows: list[tuple[float, float, float]], stride: float) -> None:
    at, up, down = (np.array(column) for column in zip(*rows, strict=True))
    none = np.zeros(0)
    kinks = Kinks(at, up, down, at, 3.0, 0.0, 0.0, none, none, none)
    table = cost_table(kinks, stride, 40)
    assert table == pytest.approx([cost_at(kinks, m * stride) for m in range(40)], abs=1e-8)
