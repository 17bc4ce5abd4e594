"""The stock equation: a plain twin, and what must hold whatever happens."""

from __future__ import annotations

import numba
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from orderpoint.stockflow.flow import Flow, play
from orderpoint.stockflow.levels import LevelRule, play_levels

units = st.integers(0, 40)


def plain(opening: float, receipts: list[int], demand: list[int], backlog: bool) -> list[tuple[float, float, float]]:
    """(left, short, shipped) of each period for one item, in plain words."""
    shelf, waiting, rows = max(opening, 0.0), max(-opening, 0.0), []
    for receipt, wanted in zip(receipts, demand, strict=True):
        shelf += receipt
        owed = min(shelf, waiting)  # those who waited come first
        shelf, waiting = shelf - owed, waiting - owed
        sold = min(shelf, wanted)
        shelf -= sold
        if backlog:
            waiting += wanted - sold
        rows.append((shelf - waiting, wanted - sold, owed + sold))
    return rows


@st.composite
def stories(draw: st.DrawFn) -> tuple[int, list[int], list[int], bool]:
    periods = draw(st.integers(1, 12))
    lists = st.lists(units, min_size=periods, max_size=periods)
    return draw(st.integers(-20, 60)), draw(lists), draw(lists), draw(st.booleans())


def told(story: tuple[int, list[int], list[int], bool]) -> Flow:
    opening, receipts, demand, backlog = story
    flags = np.array([backlog])
    return play(np.array([float(opening)]), np.array([receipts], float), np.array([demand], float), flags)


@given(stories())
def test_it_is_what_a_shopkeeper_would_do(story: tuple[int, list[int], list[int], bool]) -> None:
    flow = told(story)
    rows = plain(*story)
    assert [tuple(r) for r in np.stack([flow.left[0], flow.short[0], flow.shipped[0]], axis=1)] == rows


@given(stories())
def test_units_are_conserved(story: tuple[int, list[int], list[int], bool]) -> None:
    opening, receipts, _, _ = story
    flow = told(story)
    held = np.maximum(flow.left[0], 0.0)
    before = np.concatenate([[max(opening, 0)], held[:-1]])
    assert (before + receipts - flow.shipped[0] - held == 0).all()
    assert (flow.shipped[0] >= 0).all()


@given(stories())
def test_lost_sales_leave_no_debt_and_backlog_forgets_none(story: tuple[int, list[int], list[int], bool]) -> None:
    opening, receipts, demand, backlog = story
    left = told(story).left[0]
    if backlog:
        assert (left == opening + np.cumsum(receipts) - np.cumsum(demand)).all()
    else:
        assert (left >= min(opening, 0)).all()


def random_shop(series: int = 40, paths: int = 9, periods: int = 30) -> tuple[NDArray[np.float64], ...]:
    rng = np.random.default_rng(3)
    demand = rng.gamma(1.3, 4.0, (series, paths, periods))
    receipts = rng.poisson(3.0, (series, periods)).astype(float)
    return rng.normal(10, 8, series), receipts, demand, rng.random(series) < 0.5


def test_the_number_of_threads_changes_no_bit() -> None:
    shop = random_shop()
    rule = LevelRule(np.full(40, 9.0), np.full(40, 25.0), np.arange(40) % 5, 1 + np.arange(40) % 3)
    before = numba.get_num_threads()
    try:
        results = []
        for threads in (1, numba.config.NUMBA_NUM_THREADS):
            numba.set_num_threads(threads)
            flow, ordered = play_levels(*shop, rule)
            results.append([play(*shop).left, flow.left, flow.short, flow.shipped, ordered])
    finally:
        numba.set_num_threads(before)
    assert all(np.array_equal(a, b) for a, b in zip(*results, strict=True))


def test_one_path_and_many_are_told_alike() -> None:
    opening, receipts, demand, backlog = random_shop()
    many, one = play(opening, receipts, demand, backlog), play(opening, receipts, demand[:, 4], backlog)
    assert np.array_equal(many.left[:, 4], one.left)
    assert np.array_equal(many.short[:, 4], one.short)


def plain_levels(opening: float, demand: list[int], rule: tuple[int, int, int, int], backlog: bool) -> list[int]:
    """Orders of (R, s, S) for one item, in plain words."""
    low, high, lead, review = rule
    stock, orders = opening, []
    for t, wanted in enumerate(demand):
        due = sum(orders[max(t - lead, 0) :]) if lead else 0
        order = max(high - stock - due, 0) if t % review == 0 and stock + due <= low else 0
        orders.append(order)
        stock += orders[t - lead] if t >= lead else 0
        stock = stock - wanted if backlog else max(stock - wanted, 0)
    return orders


@given(
    st.lists(units, min_size=1, max_size=15),
    st.tuples(st.integers(0, 20), st.integers(21, 60), st.integers(0, 4), st.integers(1, 4)),
    st.integers(0, 50),
    st.booleans(),
)
def test_a_level_rule_orders_as_its_words_say(
    demand: list[int], rule: tuple[int, int, int, int], opening: int, backlog: bool
) -> None:
    low, high, lead, review = (np.array([value]) for value in rule)
    flow, ordered = play_levels(
        np.array([float(opening)]),
        np.zeros((1, len(demand))),
        np.array([demand], float),
        np.array([backlog]),
        LevelRule(low.astype(float), high.astype(float), lead, review),
    )
    assert list(ordered[0]) == plain_levels(opening, demand, rule, backlog)
    receipts = [0.0] * rule[2] + list(ordered[0])
    assert list(flow.left[0]) == [row[0] for row in plain(opening, receipts[: len(demand)], demand, backlog)]


def test_shapes_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ValueError, match=r"stockflow\.demand"):
        play(np.zeros(2), np.zeros((2, 5)), np.zeros((2, 4)), np.zeros(2, bool))
    with pytest.raises(ValueError, match="level rule"):
        LevelRule(np.zeros(1), np.ones(1), np.zeros(1, int), np.zeros(1, int))
