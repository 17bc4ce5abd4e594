"""The best use of money and of a number of orders together, for few series: dynamic programming as in `pareto`.

Every order brings its efficient combinations; a combination of orders is kept where no other of as few or fewer orders
beats it in both money and service (Nemhauser & Ullmann 1969, with the number of orders as a third criterion).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from orderpoint.optimize.service.order_limit import OrderLimit
from orderpoint.optimize.service.pareto import efficient, undominated

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

MOST_TRIED = 3_000_000
"""Combinations in one step beyond which the list is given up."""


class _Options(NamedTuple):
    """What one order can be: `money`, `gain`, `orders` (options,), `choice` (options, lines of the order)."""

    money: FloatArray
    gain: FloatArray
    orders: IntArray
    choice: IntArray


def best_of_orders(
    money: FloatArray, gain: FloatArray, limit: OrderLimit, most_money: float
) -> tuple[IntArray, float] | None:
    """(the column of each row of `money`, `gain` (n, P) that gains most, what one order more would add).

    None where the list grows too long.
    """
    total, worth, used = np.zeros(1), np.zeros(1), np.zeros(1, np.int64)
    steps: list[tuple[IntArray, IntArray]] = []
    members = [np.flatnonzero(limit.order_of == g) for g in range(len(limit.placed))]
    tables: list[_Options] = []
    for lines, placed in zip(members, limit.placed.tolist(), strict=True):
        options = _options(money[lines], gain[lines], most_money, placed)
        if options is None or len(total) * len(options.money) > MOST_TRIED:
            return None
        tables.append(options)
        spent = (total[:, None] + options.money).ravel()
        earned = (worth[:, None] + options.gain).ravel()
        count = (used[:, None] + options.orders).ravel()
        kept = _kept(spent, earned, np.where(count <= limit.most + 1, count, -1), most_money)
        total, worth, used = spent[kept], earned[kept], count[kept]
        steps.append((kept // len(options.money), kept % len(options.money)))
    within = np.where(used <= limit.most, worth, -np.inf)
    at = int(within.argmax())
    more = float(worth.max() - within[at])
    choice = np.zeros(len(money), np.int64)
    for (came, option), lines, options in zip(reversed(steps), reversed(members), reversed(tables), strict=True):
        choice[lines] = options.choice[option[at]]
        at = int(came[at])
    return choice, more


def _options(money: FloatArray, gain: FloatArray, most_money: float, placed: bool) -> _Options | None:  # noqa: FBT001
    """All efficient ways to fill one order, the first of them empty; None where there are too many."""
    found = efficient(money, gain, most_money)
    if found is None:
        return None
    ordered = (found.choice > 0).any(axis=1)
    count = np.concatenate([[0], np.full(int(ordered.sum()), 0 if placed else 1)])
    none = np.zeros((1, len(money)), np.int64)
    return _Options(
        np.concatenate([[0.0], found.money[ordered]]),
        np.concatenate([[0.0], found.gain[ordered]]),
        count.astype(np.int64),
        np.concatenate([none, found.choice[ordered]]),
    )


def _kept(money: FloatArray, gain: FloatArray, count: IntArray, most_money: float) -> IntArray:
    """Rows that none of as few or fewer orders beats in money and gain; those of count -1 are left out."""
    front = np.zeros(0, np.int64)
    kept: list[IntArray] = []
    for orders in range(int(count.max(initial=0)) + 1):
        rows = np.concatenate([front, np.flatnonzero(count == orders)])
        front = rows[undominated(money[rows], gain[rows], most_money)]
        kept.append(front[count[front] == orders])
    return np.concatenate(kept).astype(np.int64)
