"""Orders that cost something whatever their lines, beside budget, space, minimums and containers, by every choice."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from orderpoint.optimize.limits import consult as consulting
from orderpoint.optimize.limits.feasibility import breaches
from orderpoint.optimize.limits.problem import Lines, Terms, net_saving
from orderpoint.optimize.limits.select import select
from tests.optimize.test_limits_shared import keeps_plainly, small_case


def costly_case(seed: int) -> tuple[Lines, Terms]:
    """A case of the shared limits whose suppliers charge about what their lines save; a third has no other limit."""
    lines, terms = small_case(seed)
    rng = np.random.default_rng(seed + 10_000)
    best = np.maximum(lines.saving.max(axis=1), 0.0)
    of_supplier = np.array([best[lines.supplier == s].sum() for s in range(2)])
    cost = of_supplier * rng.uniform(0.2, 1.2, 2) * (rng.random(2) < 0.8)
    if seed % 3 == 0:
        terms = Terms(np.inf, np.full(2, np.inf), np.zeros(2), np.full(2, np.inf))
    return lines, replace(terms, order_cost=cost)


def best_of_all(lines: Lines, terms: Terms) -> float:
    """The most that any combination saves, less what each supplier that is bought from charges, added up plainly."""
    n, columns = lines.quantity.shape
    best = 0.0
    for combination in product(range(columns), repeat=n):
        worth = sum(float(lines.saving[i, k]) for i, k in enumerate(combination))
        used = {int(lines.supplier[i]) for i, k in enumerate(combination) if k > 0} - {-1}
        worth -= sum(float(terms.charge[s]) for s in used)
        if worth > best and keeps_plainly(lines, terms, combination):
            best = worth
    return best


@pytest.mark.parametrize("first", range(0, 240, 40))
def test_two_hundred_and_forty_small_shops_pay_for_orders_as_by_trying_everything(
    first: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    gaps = []
    for seed in range(first, first + 40):
        lines, terms = costly_case(seed)
        best = best_of_all(lines, terms)
        monkeypatch.setattr(consulting, "MOST_LINES", 0)  # prices, repair and exchange alone
        alone = select(lines, terms)
        assert not breaches(lines, terms, alone.choice)
        assert alone.saving == pytest.approx(net_saving(lines, terms, alone.choice))
        assert alone.saving <= best + 1e-6
        assert alone.bound >= best - 1e-6, "the gap is certified"
        gaps.append((best - alone.saving) / max(best, 1e-9))
        if seed % 3 == 0:
            assert alone.saving == pytest.approx(best, rel=1e-9, abs=1e-9), "without other limits it is exact"
        if seed % 4 == 0:
            monkeypatch.setattr(consulting, "MOST_LINES", 4000)
            assert select(lines, terms).saving == pytest.approx(best, rel=1e-6, abs=1e-6)
    assert np.mean(gaps) < 0.1, gaps
