"""ABC-XYZ classes found from the data."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from orderpoint.optimize.classes import ClassBounds, abc_classes, classes_of, xyz_classes
from orderpoint.tables.distribution import Family
from orderpoint.testing.small_shop import SmallShop


def test_a_carries_four_fifths_of_the_value_b_the_next_and_c_the_rest() -> None:
    # usage value per period: 50, 30, 10, 6, 4 of 100
    snapshot, demand = SmallShop(mean=(10.0, 3.0, 5.0, 6.0, 4.0), unit_cost=(5.0, 10.0, 2.0, 1.0, 1.0)).build()
    assert abc_classes(snapshot, demand).tolist() == ["A", "A", "B", "B", "C"]
    half = ClassBounds(a=0.5, b=0.9)
    assert abc_classes(snapshot, demand, half).tolist() == ["A", "B", "B", "C", "C"]


def test_an_item_that_nobody_asks_for_is_c() -> None:
    snapshot, demand = SmallShop(mean=(0.0, 3.0)).build()
    assert abc_classes(snapshot, demand).tolist() == ["C", "A"]
    nothing = SmallShop(mean=(0.0, 0.0)).build()
    assert abc_classes(*nothing).tolist() == ["C", "C"]


def test_steady_demand_is_x_and_erratic_demand_z() -> None:
    # Poisson: the coefficient of variation is 1 / sqrt(mean)
    snapshot, demand = SmallShop(mean=(100.0, 2.0, 0.5)).build()
    assert xyz_classes(demand).tolist() == ["X", "Y", "Z"]
    assert classes_of(snapshot, demand).tolist() == ["AX", "CY", "CZ"]


def test_extra_zeros_make_demand_more_erratic() -> None:
    demand = SmallShop(mean=(8.0,)).build()[1]
    assert xyz_classes(demand).tolist() == ["X"]
    zeros = replace(demand, family=np.array([Family.ZERO_INFLATED], np.uint8), zero=np.array([0.6]))
    period = zeros.period(0)
    spread = float(np.sqrt(period.variances()[0]) / period.means()[0])
    assert spread > 1.0
    assert xyz_classes(zeros).tolist() == ["Z"]
    assert xyz_classes(zeros, ClassBounds(x=0.1, y=spread + 1e-9)).tolist() == ["Y"]
    assert xyz_classes(zeros, ClassBounds(x=0.1, y=spread - 1e-9)).tolist() == ["Z"]


def test_bounds_that_cross_are_refused() -> None:
    with pytest.raises(ValueError, match="0 < a < b"):
        ClassBounds(a=0.9, b=0.8)
