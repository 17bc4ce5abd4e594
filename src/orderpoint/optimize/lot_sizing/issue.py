"""What a plan of orders for goods that spoil leads to, whether customers take the oldest units first or the newest.

A unit ordered in period k can be sold in k..k+m-1; what is then left spoils at the end of that period, before holding
is charged. Demand that finds no stock is lost. FIFO: the oldest units go first; LIFO: the newest, as where customers
reach behind them (S. Nahmias 1982, "Perishable inventory theory: a review", Operations Research 30(4), 680-708).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numba import njit, prange
from numpy.typing import ArrayLike, NDArray

from orderpoint.optimize.lot_sizing.problem import LotSizing, Tables, value
from orderpoint.tables import checks

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

COLUMNS = 5
SETUP, PURCHASE, HOLDING, LOST, WASTED = range(COLUMNS)


class Issue(StrEnum):
    """Which units are sold first."""

    FIFO = "fifo"
    LIFO = "lifo"


@dataclass(frozen=True, eq=False)
class IssueOutcome:
    """Money `setup`, `purchase`, `holding`, and units `lost` and `wasted`: each (n,), averages over the paths."""

    setup: FloatArray
    purchase: FloatArray
    holding: FloatArray
    lost: FloatArray
    wasted: FloatArray

    @property
    def cost(self) -> FloatArray:
        """Money of orders and stock, (n,); what a lost unit costs is the caller's to say."""
        total: FloatArray = self.setup + self.purchase + self.holding
        return total


def evaluate(
    problem: LotSizing,
    quantity: ArrayLike,
    shelf_life: ArrayLike,
    issue: Issue = Issue.FIFO,
    paths: ArrayLike | None = None,
) -> IssueOutcome:
    """The outcome of a plan `quantity` (n, T) of goods with a `shelf_life` in periods, an int or (n,).

    `paths` (n, N, T): demand to play it on (None: the demand of the problem). The initial stock counts as ordered in
    the first period. Raises ValueError where units are owed at the start.
    """
    n, periods = problem.shape
    tables = problem.tables()
    if (tables.initial_stock < 0.0).any():
        raise ValueError("issue: expected no units owed at the start; lost demand does not wait")
    plan = np.ascontiguousarray(quantity, dtype=np.float64)
    checks.shape("lot_sizing.quantity", plan, (n, periods))
    checks.finite("lot_sizing.quantity", plan, least=0.0)
    played = tables.demand[:, None, :] if paths is None else np.ascontiguousarray(paths, dtype=np.float64)
    checks.shape("lot_sizing.paths", played, (n, played.shape[1], periods))
    table = np.zeros((n, COLUMNS))
    _evaluate(tables, plan, (shelf_lives(shelf_life, n), issue is Issue.FIFO), played, table)
    return IssueOutcome(*(table[:, k].copy() for k in range(COLUMNS)))


def shelf_lives(shelf_life: ArrayLike, n: int) -> IntArray:
    """Shelf lives of n items in periods. Raises ValueError unless they are at least 1."""
    lives = np.array(np.broadcast_to(np.asarray(shelf_life, np.int64), (n,)))
    if (lives < 1).any():
        raise ValueError("shelf_life: expected at least 1 period; 1 is sold in the period it is ordered in or never")
    return lives


@njit(cache=True, parallel=True)
def _evaluate(
    tables: Tables, quantity: FloatArray, how: tuple[IntArray, bool], paths: FloatArray, table: FloatArray
) -> None:
    lives, oldest_first = how
    for i in prange(len(quantity)):
        for j in range(paths.shape[1]):
            play(tables, i, (lives[i], oldest_first), quantity[i], paths[i, j], table[i])
        table[i] /= paths.shape[1]


@njit(cache=True)
def play(
    tables: Tables, i: int, how: tuple[int, bool], quantity: FloatArray, demand: FloatArray, row: FloatArray
) -> None:
    """Add one path of item `i` to its sums; `how`: shelf life, and whether the oldest go first."""
    life, oldest_first = how
    lots = np.zeros(min(life, len(quantity)))  # the lot of period t at place t modulo its length
    size = len(lots)
    lots[0] = tables.initial_stock[i, 0]
    for t in range(len(quantity)):
        if quantity[t] > 0.0:
            row[SETUP] += value(tables.setup, i, t)
            row[PURCHASE] += value(tables.unit, i, t) * quantity[t]
        lots[t % size] += quantity[t]
        wanted = demand[t]
        for age in range(size):
            back = size - 1 - age if oldest_first else age
            place = (t - back) % size
            sold = min(wanted, lots[place])
            lots[place] -= sold
            wanted -= sold
        row[LOST] += wanted
        if life <= len(quantity):
            row[WASTED] += lots[(t + 1) % size]
            lots[(t + 1) % size] = 0.0
        row[HOLDING] += value(tables.holding, i, t) * lots.sum()
