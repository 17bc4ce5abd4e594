"""Bounds of a whole run on top of the items' own."""

from __future__ import annotations

import numpy as np
import pytest

from orderpoint.domain.errors import InfeasibleError
from orderpoint.tables.costs import require_agreement
from orderpoint.testing.small_shop import SmallShop


def test_bounds_of_a_whole_run_must_agree() -> None:
    require_agreement(100, 500)
    require_agreement(None, 5)
    with pytest.raises(InfeasibleError) as raised:
        require_agreement(500, 100)
    assert raised.value.limits == ("--min-stock 500", "--max-stock 100")
    assert raised.value.exit_status == 3


def test_a_bound_of_the_run_wins_over_an_items_opposite_one() -> None:
    costs = SmallShop(mean=(1.0, 1.0, 1.0), min_stock=(0, 50, 5), max_stock=(9, np.inf, 3)).build()[0].costs
    assert costs.crossed.tolist() == [False, False, True]
    both = costs.bounded(20, 30)
    assert both.min_stock.tolist() == [20, 30, 20]
    assert both.max_stock.tolist() == [20, 30, 20]
    assert costs.bounded(None, 30).min_stock.tolist() == [0, 30, 5]
    assert costs.bounded(20, None).max_stock.tolist() == [20, np.inf, 20]
    assert costs.bounded(None, None).crossed[2], "nobody has decided which of an item's own bounds holds"
