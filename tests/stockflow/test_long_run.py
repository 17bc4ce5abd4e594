"""The fast form: the same numbers as a shopkeeper's notebook, whatever the rule and the number of threads."""

from __future__ import annotations

from dataclasses import replace

import numba
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orderpoint.stockflow import tally
from orderpoint.stockflow.alias import DemandTables
from orderpoint.stockflow.long_run import Span, play_long, rule
from orderpoint.tables.distribution import Distribution, Family
from tests.stockflow.plain_shop import PlainRule, demand_of, leads_of, shopkeeper

COUNTED = (
    tally.DEMAND, tally.DEMAND_SQUARES, tally.SHORT, tally.SHORT_PERIODS, tally.SHIPPED, tally.HELD_DAYS,
    tally.WAITED_DAYS, tally.PEAK, tally.ORDERS, tally.ORDERED, tally.ORDERED_SQUARES, tally.BOUGHT, tally.WASTE,
    tally.CYCLES, tally.COVERED, tally.LEFT, tally.OPENED,
)  # fmt: skip


def tables(*means: float, cycle: int = 1) -> DemandTables:
    masses = Distribution.single(Family.COUNT, list(means), [1.5 * m for m in means]).masses()
    rows = [masses.values[a:b] for a, b in zip(masses.offsets[:-1], masses.offsets[1:], strict=True)]
    return DemandTables.of_masses(rows, cycle=cycle)


def played(plain: PlainRule, demand: DemandTables, span: Span, seed: int) -> np.ndarray:
    n = len(demand.words)
    each = lambda value: np.full(n, value)  # noqa: E731
    how = rule(
        each(plain.high), each(plain.low), np.tile(plain.leads, (n, 1)), opening=each(plain.opening),
        review=each(plain.review), crossing=each(plain.crossing), moq=each(plain.moq), pack=each(plain.pack),
        most=each(plain.most), shelf_life=each(plain.life), backlog=each(plain.backlog),
    )  # fmt: skip
    return play_long(demand, how, span, seed)


rules = st.builds(
    PlainRule,
    opening=st.integers(-10, 40),
    low=st.integers(-1, 20),
    high=st.integers(21, 50),
    review=st.integers(1, 4),
    leads=st.lists(st.integers(0, 5), min_size=1, max_size=4).map(lambda leads: tuple(sorted(leads))),
    crossing=st.booleans(),
    moq=st.integers(1, 12),
    pack=st.integers(1, 6),
    most=st.sampled_from([np.inf, 30, 17]),
    life=st.integers(0, 5),
    backlog=st.booleans(),
)


@settings(max_examples=200)
@given(rules, st.integers(0, 2**63), st.integers(0, 60))
def test_it_counts_what_a_shopkeeper_would(plain: PlainRule, seed: int, warm_up: int) -> None:
    plain = plain if plain.backlog else replace(plain, opening=max(plain.opening, 0))
    demand, span = tables(4.0, 1.0, 6.0, 2.5, cycle=2), Span(90, 2, warm_up, detailed=True)
    table = played(plain, demand, span, seed)
    for row in range(2):
        for path in range(2):
            wanted = demand_of(demand, seed, row, path, span.periods)
            told = shopkeeper(plain, wanted, leads_of(plain, seed, row, path, span.periods), warm_up)
            for column in COUNTED:
                assert table[row, path, column] == told.get(column, 0), column


@given(rules, st.integers(0, 99))
def test_units_are_conserved(plain: PlainRule, seed: int) -> None:
    table = played(plain, tables(3.0), Span(70, 3, 20), seed)
    came = table[..., tally.OPENED] + table[..., tally.BOUGHT]
    assert np.array_equal(came, table[..., tally.SHIPPED] + table[..., tally.WASTE] + table[..., tally.LEFT])
    assert (table[..., tally.SHIPPED] >= 0).all()


def test_the_number_of_threads_changes_no_bit() -> None:
    plain, before = PlainRule(30, 20, 30, 1, (1, 3), moq=4, life=6), numba.get_num_threads()
    try:
        results = []
        for threads in (1, numba.config.NUMBA_NUM_THREADS):
            numba.set_num_threads(threads)
            results.append(played(plain, tables(5.0, 2.0, 9.0), Span(50, 1100), 7))
    finally:
        numba.set_num_threads(before)
    assert np.array_equal(*results)


def test_demand_is_the_same_whatever_the_rule() -> None:
    demand, span = tables(5.0, 2.0), Span(40, 30)
    lean = played(PlainRule(5, 1, 5, 3, (4,)), demand, span, 3)
    rich = played(PlainRule(50, 40, 50, 1, (1, 2), backlog=True), demand, span, 3)
    assert np.array_equal(lean[..., tally.DEMAND], rich[..., tally.DEMAND])
    assert lean[..., tally.SHORT].sum() > rich[..., tally.SHORT].sum()


def test_backlog_under_a_base_stock_is_what_the_textbook_says() -> None:
    # Zipkin, Foundations of Inventory Management, section 6.2: with lead time L and review 1, stock is (S - D(L + 1))+
    plain, demand = PlainRule(20, 19, 20, 1, (2,), backlog=True), Distribution.single(Family.COUNT, [5.0], [5.0])
    table = played(plain, DemandTables.of(demand), Span(2050, 400, 50), 11)
    three_periods = Distribution.single(Family.COUNT, [15.0], [15.0])
    for column, expected in (
        (tally.HELD_DAYS, three_periods.expected_left(20.0)[0]),
        (tally.WAITED_DAYS, three_periods.expected_shortage(20.0)[0]),
    ):
        seen = table[0, :, column] / 2000
        assert abs(seen.mean() - expected) < 4 * seen.std() / np.sqrt(len(seen))


def test_levels_beyond_what_is_counted_exactly_are_refused() -> None:
    with pytest.raises(ValueError, match="levels below"):
        play_long(tables(3.0), rule([1 << 25], [0], [1]), Span(10, 2), 1)
    with pytest.raises(ValueError, match="warm-up"):
        Span(10, 2, 10)
