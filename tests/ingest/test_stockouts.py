"""Stockouts inferred from runs of zeros: the compiled search against a plain twin, and what is labelled or left."""

from __future__ import annotations

import math
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from orderpoint.domain.calendar import Period, Timeline
from orderpoint.ingest import stockouts
from orderpoint.ingest.stockouts import Suspicion, exposure, infer
from orderpoint.tables.sales import Sales, State
from orderpoint.tables.series import SeriesIndex


def sales_of(
    quantity: NDArray[np.float64], period: Period = Period.WEEK, state: NDArray[np.uint8] | None = None
) -> Sales:
    n, count = quantity.shape
    index = SeriesIndex.of((f"I{k:03}", "main") for k in range(n))
    observed = np.full((n, count), State.OBSERVED, np.uint8) if state is None else state
    return Sales(index, Timeline(date(2024, 1, 1), period, count), quantity.astype(np.float32), observed)


def steady(n: int = 1, count: int = 100, mean: float = 20.0, seed: int = 1) -> NDArray[np.float64]:
    return np.random.default_rng(seed).poisson(mean, (n, count)).astype(np.float64)


def labelled(sales: Sales) -> list[tuple[int, int]]:
    return [(int(i), int(t)) for i, t in np.argwhere(sales.state == State.STOCKOUT_INFERRED)]


# ------------------------------------------------------------------------------------ the plain twin


def log_beta(a: float, b: float) -> float:
    return math.lgamma(a) + math.lgamma(b) - math.lgamma(a + b)


def twin_probability(
    quantity: list[float], open_share: list[float], length: float, others: tuple[float, float]
) -> tuple[float, float]:
    w, k, units = sum(open_share), sum(q > 0 for q in quantity), sum(quantity)
    if w <= 0 or k < 5:
        return 1.0, 1.0
    sold, empty = 0.5 + k, 0.5 + max(w - k, 0.0)
    geometric = math.exp(log_beta(sold, empty + length) - log_beta(sold, empty))
    p0 = empty / (sold + empty)
    zeros, runs = others
    stay = max(p0, (max(zeros - runs, 0.0) + 4.0 * p0) / (zeros + 4.0)) if zeros > 0 else p0
    geometric = max(geometric, p0 * stay ** max(length - 1.0, 0.0))
    n = sum(x > 0 for x in open_share)
    mean = units / n
    variance = (sum(q * q for q in quantity) - n * mean * mean) / max(n - 1, 1)
    ratio = variance / mean
    shape = units if ratio <= 1.0001 else units * math.log(ratio) / (ratio - 1)
    return geometric, (w / (w + length)) ** shape


def runs_of(quantity: list[float], state: list[int]) -> list[tuple[int, int]]:
    """Runs of observed zeros after the first observed sale."""
    runs, t, sold = [], 0, False
    while t < len(quantity):
        if state[t] != 1 or quantity[t] > 0:
            sold = sold or (state[t] == 1 and quantity[t] > 0)
            t += 1
            continue
        start = t
        while t < len(quantity) and state[t] == 1 and quantity[t] == 0:
            t += 1
        if sold:
            runs.append((start, t))
    return runs


def twin_infer(
    quantity: list[float], open_share: list[float], window: int, longest_tail: int, sure: Suspicion
) -> list[int]:
    state, count = [1] * len(quantity), len(quantity)
    for _ in range(stockouts.PASSES):
        new = list(state)
        inner = [
            (s, e)
            for s, e in runs_of(quantity, state)
            if e < count and state[e] == 1 and state[s - 1] == 1 and sum(open_share[s:e]) > 0
        ]
        for start, end in runs_of(quantity, state):
            length = sum(open_share[start:end])
            tail = end == count
            if length <= 0 or end - start > (longest_tail if tail else 26):
                continue
            other_years = [
                [t + shift for t in range(start, end)]
                for shift in (-52, 52)
                if start + shift >= 0 and end + shift <= count
            ]
            seen = [[t for t in year if state[t] == 1] for year in other_years]
            if not any(quantity[t] > 0 for year in seen for t in year) and (
                any(2 * len(year) >= end - start for year in seen) or end - start > 13
            ):
                continue
            rest = [r for r in inner if r != (start, end)]
            # a run next to a labelled one still counts as itself: its own length is taken off the total
            total = sum(sum(open_share[s:e]) for s, e in inner) - (0.0 if tail else length)
            others = (total, len(inner) - (0 if tail else 1))
            assert tail or len(rest) == len(inner) - ((start, end) in inner)
            before = [t for t in range(start) if state[t] == 1][-window:]
            after = [t for t in range(end, count) if state[t] == 1][:window]
            first = twin_probability([quantity[t] for t in before], [open_share[t] for t in before], length, others)
            second = (0.0, 0.0)
            if not tail:
                second = twin_probability([quantity[t] for t in after], [open_share[t] for t in after], length, others)
            if max(first[0], second[0]) < sure.geometric or max(first[1], second[1]) < sure.negative_binomial:
                new[start:end] = [3] * (end - start)
        if new == state:
            break
        state = new
    return state


@given(
    seed=st.integers(0, 10_000),
    rate=st.floats(0.05, 8.0),
    clumps=st.integers(0, 4),
    sure=st.sampled_from([Suspicion(), Suspicion(0.02, 0.001), Suspicion(0.3, 0.1)]),
)
def test_the_compiled_search_agrees_with_its_plain_twin(seed: int, rate: float, clumps: int, sure: Suspicion) -> None:
    random = np.random.default_rng(seed)
    quantity = random.poisson(rate, (6, 80)).astype(np.float64)
    for _ in range(clumps):
        start = random.integers(0, 75)
        quantity[random.integers(0, 6), start : start + random.integers(1, 15)] = 0
    quantity[:, random.integers(0, 80)] = 0  # a closed period
    sales = sales_of(quantity)
    found = infer(sales, suspicion=sure)
    shares = exposure(sales)[0].tolist()
    for row in range(6):
        expected = twin_infer(quantity[row].tolist(), shares, 26, 4, sure)
        assert found.state[row].tolist() == expected


# ------------------------------------------------------------------------------------ what is and is not labelled


def test_a_gap_in_steady_sales_is_labelled_and_nothing_else() -> None:
    quantity = steady()
    quantity[0, 40:46] = 0
    assert labelled(infer(sales_of(quantity))) == [(0, t) for t in range(40, 46)]


def test_one_empty_week_of_an_item_that_sells_hundreds_is_labelled() -> None:
    quantity = steady(mean=400.0)
    quantity[0, 50] = 0
    assert labelled(infer(sales_of(quantity))) == [(0, 50)]


def test_quantities_and_the_given_table_are_not_touched() -> None:
    quantity = steady()
    quantity[0, 40:46] = 0
    sales = sales_of(quantity)
    found = infer(sales)
    assert (sales.state == State.OBSERVED).all()
    assert (found.quantity == sales.quantity).all()


def test_gaps_of_an_intermittent_item_are_its_nature() -> None:
    quantity = (np.random.default_rng(3).random((40, 150)) < 0.15) * 3.0
    found = infer(sales_of(quantity))
    assert (found.state == State.STOCKOUT_INFERRED).mean() < 0.001


def test_a_season_that_fades_and_returns_is_no_stockout() -> None:
    weeks = np.arange(156)
    rate = 8.0 * np.maximum(0.0, np.cos(2 * np.pi * weeks / 52)) ** 2
    quantity = np.random.default_rng(4).poisson(rate, (30, 156)).astype(np.float64)
    found = infer(sales_of(quantity))
    zeros = quantity == 0
    assert (found.state[zeros] == State.STOCKOUT_INFERRED).mean() < 0.05


@pytest.mark.parametrize(("length", "suspected"), [(4, True), (30, False)])
def test_a_short_end_is_a_stockout_and_a_long_one_the_end_of_the_item(length: int, suspected: bool) -> None:
    quantity = steady()
    quantity[0, -length:] = 0
    assert bool(labelled(infer(sales_of(quantity)))) is suspected


def test_a_long_gap_needs_another_year_that_shows_sales_in_the_same_weeks() -> None:
    quantity = steady(n=4, count=120)
    quantity[0, 60:80] = 0  # a year before: sold
    quantity[1, 60:80] = 0
    quantity[1, 8:28] = 0  # a year before: not sold either
    quantity[2, 60:90] = 0  # longer than half a year
    found = {row for row, _ in labelled(infer(sales_of(quantity)))}
    assert found == {0}
    assert (
        labelled(infer(sales_of(steady(count=70) * (np.abs(np.arange(70) - 35) > 9)))) == []
    )  # no other year is known


def test_too_few_sales_on_one_side_say_nothing() -> None:
    quantity = steady()
    quantity[0, 4:14] = 0
    assert labelled(infer(sales_of(quantity))) == []


def test_given_stock_information_is_never_added_to() -> None:
    quantity = steady(n=2)
    quantity[:, 40:46] = 0
    state = np.full(quantity.shape, State.OBSERVED, np.uint8)
    state[0, 40] = State.STOCKOUT
    sales = sales_of(quantity, state=state)
    assert labelled(infer(sales)) == [(1, t) for t in range(40, 46)]
    assert labelled(infer(sales, flagged=np.array([False, True]))) == []


def test_periods_in_which_the_whole_place_is_closed_are_no_stockout() -> None:
    quantity = steady(n=8)
    quantity[:, 40:46] = 0
    assert labelled(infer(sales_of(quantity, Period.DAY))) == []


def test_a_threshold_of_zero_infers_nothing() -> None:
    quantity = steady()
    quantity[0, 40:60] = 0
    assert labelled(infer(sales_of(quantity), suspicion=Suspicion(0.0, 0.0))) == []


def test_the_answer_does_not_depend_on_other_rows_order() -> None:
    quantity = steady(n=4, seed=9)
    quantity[2, 20:30] = 0
    forward = infer(sales_of(quantity)).state
    backward = infer(sales_of(quantity[::-1])).state
    assert (forward == backward[::-1]).all()


@pytest.mark.data
def test_on_recorded_stockouts_most_of_what_is_inferred_is_true(data_folder: Path) -> None:
    from benchmarks.stockout_inference import agreement, freshretailnet, vn2

    weekly, daily = vn2(data_folder), freshretailnet(data_folder)
    inside_weekly = agreement(weekly, infer(weekly.sales))[0]
    inside_daily = agreement(daily, infer(daily.sales))[0]
    assert inside_weekly.precision > 0.65
    assert inside_weekly.recall > 0.15
    assert inside_daily.precision > 0.98
    assert inside_daily.recall > 0.03
