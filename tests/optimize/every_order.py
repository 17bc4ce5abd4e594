"""Small shops whose every combination of orders can be looked at, by a policy's own evaluation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from orderpoint.optimize.base import Policy
from orderpoint.tables.decisions import Decisions, Evaluation
from orderpoint.tables.demand import Demand
from orderpoint.tables.snapshot import Snapshot
from orderpoint.testing.small_shop import SmallShop, with_receipt

FloatArray = NDArray[np.float64]


def random_shop(seed: int, **terms: object) -> tuple[Snapshot, Demand, np.random.Generator]:
    """Two or three lines, lost sales or backlog, up to two periods of lead time, one or two from review to review."""
    rng = np.random.default_rng(seed)
    n, lead = int(rng.integers(2, 4)), int(rng.integers(0, 3))
    backlog = bool(rng.random() < 0.5)
    shop = SmallShop(
        mean=rng.uniform(0.1, 1.5, n).round(2),
        on_hand=rng.integers(0, 4, n),
        horizon=6,
        arrival=lead,
        next_arrival=lead + int(rng.integers(1, 3)),
        holding_per_period=rng.uniform(0.1, 0.6, n).round(2),
        stockout=(rng.uniform(0.5, 4.0, n) / (7.0 if backlog else 1.0)).round(2),
        backlog=backlog,
        level_cv2=rng.choice([0.0, 0.3], n),
        unit_cost=rng.uniform(1.0, 9.0, n).round(2),
        **terms,  # type: ignore[arg-type]
    )
    snapshot, demand = shop.build()
    return with_receipt(snapshot, int(rng.integers(0, 4)), rng.integers(0, 3, n).astype(float)), demand, rng


def by_quantity(
    policy: Policy, case: tuple[Snapshot, Demand, Decisions], most: int, of: Callable[[Evaluation], FloatArray]
) -> FloatArray:
    """(most + 1, n): a figure of the evaluation when each line orders 0, 1, .., `most`."""
    snapshot, demand, decided = case
    every = (replace(decided, quantity=np.full(len(snapshot.index), float(q))) for q in range(most + 1))
    return np.stack([of(policy.evaluate(snapshot, demand, orders)) for orders in every])


def combinations(lots: list[NDArray[np.int64]]) -> NDArray[np.int64]:
    """(combinations, n): every combination of the lots of n lines."""
    return np.stack([grid.ravel() for grid in np.meshgrid(*lots, indexing="ij")], axis=1)


def sums(table: FloatArray, orders: NDArray[np.int64]) -> FloatArray:
    """(combinations,): the sum over the lines of `table` (quantities, n)."""
    total: FloatArray = table[orders, np.arange(table.shape[1])].sum(axis=1)
    return total
