"""The VN2 referee against examples computed by hand, and against a plain twin."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from benchmarks.vn2_world import Past, Shelf, opening, play, step
from tests.benchmarks.vn2_examples import past_of


def test_a_week_receives_then_sells_then_counts_what_is_left_and_lost() -> None:
    shelf = Shelf(np.array([3.0, 0.0]), np.array([2.0, 1.0]), np.array([7.0, 0.0]))
    after, lost = step(shelf, np.array([4.0, 6.0]), np.array([4.0, 5.0]))
    assert after.on_hand.tolist() == [1.0, 0.0]
    assert lost.tolist() == [0.0, 4.0]
    assert after.due_next.tolist() == [7.0, 0.0]
    assert after.due_after.tolist() == [4.0, 6.0]


def test_opening_stock_is_two_weeks_and_one_in_each_pipeline_rounded_half_up() -> None:
    past = past_of([[99.0] + [1.0] * 6 + [2.0] * 6 + [4.5]])  # the last 13 sum to 22.5, a mean of 1.73
    shelf = opening(past)
    assert shelf.on_hand.tolist() == [3.0]  # 2 x 1.73 = 3.46
    assert shelf.due_next.tolist() == shelf.due_after.tolist() == [2.0]
    assert opening(past_of([[2.5] * 13])).due_next.tolist() == [3.0]


def test_a_window_by_hand() -> None:
    # 13 weeks of 2 before it: 4 on hand, 2 due in weeks 1 and 2. Demand of weeks 1..8: 2 2 5 0 3 2 9 1; one unit
    # ordered each time, on sale in weeks 3..8. On hand before demand: 6 6 5 1 2 1 1 1; left: 4 4 0 1 0 0 0 0; lost: 0 0
    # 0 0 1 1 8 0. Scored are weeks 3..8: left 1, lost 10 of 20 demanded.
    history = past_of([[2.0] * 13 + [2.0, 2.0, 5.0, 0.0, 3.0, 2.0, 9.0, 1.0]])
    seen = []

    def one(past: Past, shelf: Shelf) -> np.ndarray:
        seen.append((past.sales.shape[1], past.in_stock.shape[1], past.today, shelf.on_hand[0]))
        return np.ones(1)

    score = play(history, 12, one)
    assert score.holding == pytest.approx(0.2)
    assert score.lost == pytest.approx(10.0)
    assert score.cost == pytest.approx(10.2)
    assert score.fill_rate == pytest.approx(0.5)
    assert score.average_stock == pytest.approx(1.0 / 6.0)
    assert [on_hand for *_, on_hand in seen] == [4.0, 4.0, 4.0, 0.0, 1.0, 0.0]
    assert [weeks for weeks, *_ in seen] == [flags for _, flags, *_ in seen] == [13, 14, 15, 16, 17, 18]
    assert seen[0][2] == date(2024, 1, 1) + timedelta(weeks=13)


@pytest.mark.parametrize("order", [[-1.0], [0.5], [1.0, 1.0], [np.nan]])
def test_what_is_no_order_is_refused(order: list[float]) -> None:
    with pytest.raises(ValueError, match="whole units"):
        play(past_of([[2.0] * 21]), 12, lambda _past, _shelf: np.array(order))


def test_a_window_equals_a_plain_loop_over_series() -> None:
    rng = np.random.default_rng(5)
    history = past_of(rng.poisson(3.0, (4, 30)).tolist())
    plans = rng.integers(0, 8, (6, 4)).astype(float)
    asked = iter(plans)
    score = play(history, 20, lambda _past, _shelf: next(asked))
    cost = 0.0
    for i in range(4):
        mean = sum(history.sales[i, 8:21]) / 13
        stock, due = int(2 * mean + 0.5), [int(mean + 0.5), int(mean + 0.5), *plans[:, i]]
        for week in range(1, 9):
            stock += due[week - 1]
            sold = min(stock, history.sales[i, 20 + week])
            stock -= sold
            if week >= 3:
                cost += 0.2 * stock + history.sales[i, 20 + week] - sold
    assert score.cost == pytest.approx(cost)
