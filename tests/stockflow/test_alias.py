"""Random demand: the tables hold the probabilities, and the bits behind them pass for random."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chi2

from orderpoint.stockflow import lanes
from orderpoint.stockflow.alias import DemandTables
from orderpoint.tables.distribution import Distribution, Family

PERIODS, PATHS = 2048, 256


def drawn(tables: DemandTables, row: int) -> np.ndarray:
    """Probability of each value that the table gives, exactly: every 32-bit number counted."""
    size = tables.bits
    words = tables.words[row, 0, 0].astype(np.int64)
    own, alias = words >> size, words & ((1 << size) - 1)
    chance = np.zeros(len(words))
    np.add.at(chance, np.arange(len(words)), own / 2.0**32)
    np.add.at(chance, alias, (2 ** (32 - size) - own) / 2.0**32)
    return chance


@given(st.lists(st.floats(0.0, 1.0), min_size=1, max_size=70).filter(lambda m: sum(m) > 0.1))
def test_a_table_holds_every_probability_to_one_in_four_billion(weights: list[float]) -> None:
    masses = np.array(weights) / sum(weights)
    tables = DemandTables.of_masses([masses])
    held = np.zeros(len(masses) + tables.words.shape[-1])
    held[tables.base[0, 0, 0] + np.arange(tables.words.shape[-1])] = drawn(tables, 0)
    assert np.abs(held[: len(masses)] - masses).max() <= (1 + len(masses)) * 2.0**-32


def test_demand_of_more_values_than_cells_keeps_its_mean() -> None:
    demand = Distribution.single(Family.COUNT, [20_000.0, 3.0], [4e6, 3.0])
    tables = DemandTables.of(demand)
    cells = np.arange(tables.words.shape[-1])
    for row, mean in enumerate((20_000.0, 3.0)):
        values = tables.base[row, 0, 0] + tables.stride[row, 0, 0] * cells
        assert drawn(tables, row) @ values == pytest.approx(mean, rel=1e-5)


def bits_of(seed: int = 1) -> np.ndarray:
    low, high, out = (np.zeros(PATHS, np.uint32) for _ in range(3))
    lanes.lane_keys(np.uint64(seed), 3, 16, 0, low, high)
    numbers = np.empty((PERIODS, PATHS), np.uint32)
    for t in range(PERIODS):
        lanes.random_bits(t, low, high, out)
        numbers[t] = out
    return numbers


@pytest.mark.parametrize("shift", [0, 8, 16, 24])
def test_every_byte_of_the_bits_is_even(shift: int) -> None:
    seen = np.bincount(((bits_of() >> np.uint32(shift)) & np.uint32(255)).ravel(), minlength=256)
    expected = PERIODS * PATHS / 256
    statistic = ((seen - expected) ** 2 / expected).sum()
    assert chi2.sf(statistic, 255) > 1e-4


@pytest.mark.parametrize("lag", [1, 2, 3, 7, 364])
def test_periods_of_a_path_are_uncorrelated(lag: int) -> None:
    uniform = bits_of() / 2.0**32 - 0.5
    product = (uniform[lag:] * uniform[:-lag]).ravel() * 12.0
    assert abs(product.mean()) * np.sqrt(product.size) < 4.5


@pytest.mark.parametrize("apart", [1, 2, 16, 255])
def test_paths_are_uncorrelated(apart: int) -> None:
    uniform = bits_of() / 2.0**32 - 0.5
    product = (uniform * np.roll(uniform, apart, axis=1)).ravel() * 12.0
    assert abs(product.mean()) * np.sqrt(product.size) < 4.5


def test_pairs_of_periods_fill_the_square_evenly() -> None:
    numbers = bits_of() >> np.uint32(28)
    seen = np.bincount((numbers[1:].astype(np.int64) * 16 + numbers[:-1]).ravel(), minlength=256)
    expected = numbers[1:].size / 256
    assert chi2.sf(((seen - expected) ** 2 / expected).sum(), 255) > 1e-4


def test_no_two_paths_walk_the_same_numbers() -> None:
    numbers = bits_of()
    assert len(np.unique(numbers)) > 0.9998 * numbers.size  # as many repeats as chance has


def test_tables_of_another_size_are_refused() -> None:
    with pytest.raises(ValueError, match="power of two"):
        DemandTables(np.zeros((1, 1, 1, 6), np.uint32), np.zeros((1, 1, 1), np.int32), np.ones((1, 1, 1), np.int32))
