"""The stock equation of one period: receipts arrive, demand is served, the rest is held or waits.

    available = on_hand + receipt
    lost sales:  left = available - min(demand, max(available, 0))
    backlog:     left = available - demand                          (below zero: units that customers wait for)
    short   = max(demand - max(available, 0), 0)                    (demand of this period not served in it)
    shipped = max(on_hand, 0) + receipt - max(left, 0)              (units that left, those waited for included)

Every other room that moves stock calls `step`. Only `lanes` repeats it, on whole units in vectors, held equal by tests.
"""

from __future__ import annotations

from numba import njit


@njit(cache=True)
def step(on_hand: float, receipt: float, demand: float, backlog: bool) -> tuple[float, float]:  # noqa: FBT001 - a compiled kernel takes plain arguments
    """One period of one item-location: (left, short), in units.

    `on_hand` at the period's start is negative where demand waits; `receipt` comes in before demand; `left` is the
    stock at the period's end, and is charged for the period's days. With lost sales a non-negative opening never goes
    below zero.
    """
    available = on_hand + receipt
    stock = max(available, 0.0)
    left = available - demand if backlog else available - min(demand, stock)
    return left, max(demand - stock, 0.0)


@njit(cache=True)
def shipped(on_hand: float, receipt: float, left: float) -> float:
    """Units that left the house in the period, those that customers had waited for included."""
    return float(max(on_hand, 0.0) + receipt - max(left, 0.0))
