"""One lot-sizing problem for each of n items, and what any plan of orders costs in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numba import njit, prange
from numpy.typing import ArrayLike, NDArray

from orderpoint.tables import checks

FloatArray = NDArray[np.float64]

PARTS = 5
SETUP, PURCHASE, HOLDING, WAITING, MISSING = range(PARTS)

ROUNDING = 1e-9
"""Units short, as a share of all demand, that are taken for rounding."""


class Tables(NamedTuple):
    """The numbers of a problem for compiled loops: each (1 or n, 1 or T), one row or column speaking for all.

    `demand` is (n, T), `initial_stock` (n, 1); `can_wait`: demand may be served late, at the backlog cost.
    """

    demand: FloatArray
    setup: FloatArray
    unit: FloatArray
    holding: FloatArray
    backlog: FloatArray
    initial_stock: FloatArray
    can_wait: bool


@dataclass(frozen=True, eq=False)
class LotSizing:
    """Demand of n items over T periods, units (n, T), and what serving it costs.

    All others broadcast to (n, T): a number for all, (T,) for each period, (n, 1) for each item. `setup_cost` money per
    order; `unit_cost` money per unit ordered; `holding_cost` money per unit left at a period's end; `backlog_cost`
    money per unit that waits at a period's end (None: demand may not wait). All demand is served by the last period's
    end. `initial_stock` units at the start, one number or (n,); negative: units owed to customers. An order is
    there at once: move the demand forward by the lead time.

    Raises ValueError where a number is negative or not finite.
    """

    demand: ArrayLike
    setup_cost: ArrayLike
    holding_cost: ArrayLike
    unit_cost: ArrayLike = 0.0
    backlog_cost: ArrayLike | None = None
    initial_stock: ArrayLike = 0.0

    def __post_init__(self) -> None:
        demand = np.asarray(self.demand)
        if demand.ndim != 2 or demand.shape[1] < 1:
            raise ValueError(f"lot_sizing.demand: expected (items, periods), got {demand.shape}; add the missing axis")
        for name in ("demand", "setup_cost", "holding_cost", "unit_cost", "backlog_cost"):
            value = getattr(self, name)
            if value is not None:
                checks.finite(f"lot_sizing.{name}", np.atleast_1d(np.asarray(value, np.float64)), least=0.0)
        checks.finite("lot_sizing.initial_stock", np.atleast_1d(np.asarray(self.initial_stock, np.float64)))
        self.tables()

    @property
    def shape(self) -> tuple[int, int]:
        """(items, periods)."""
        n, periods = np.asarray(self.demand).shape
        return int(n), int(periods)

    def tables(self) -> Tables:
        """The same as one argument of a compiled loop."""
        n = self.shape[0]
        start = np.broadcast_to(np.asarray(self.initial_stock, np.float64), (n,))
        return Tables(
            demand=np.ascontiguousarray(self.demand, dtype=np.float64),
            setup=self._table("setup_cost", self.setup_cost),
            unit=self._table("unit_cost", self.unit_cost),
            holding=self._table("holding_cost", self.holding_cost),
            backlog=self._table("backlog_cost", 0.0 if self.backlog_cost is None else self.backlog_cost),
            initial_stock=np.array(start).reshape(n, 1),
            can_wait=self.backlog_cost is not None,
        )

    def _table(self, name: str, value: ArrayLike) -> FloatArray:
        """The value as (1 or n, 1 or T)."""
        array = np.atleast_2d(np.asarray(value, np.float64))
        if array.ndim != 2 or any(got not in {1, full} for got, full in zip(array.shape, self.shape, strict=True)):
            raise ValueError(
                f"lot_sizing.{name}: expected what broadcasts to {self.shape}, got {np.shape(value)}; "
                "say (periods,) for each period or (items, 1) for each item"
            )
        return np.ascontiguousarray(array)


@dataclass(frozen=True, eq=False)
class LotPlan:
    """Orders `quantity` (n, T), units, and their whole `cost` (n,), money."""

    quantity: FloatArray
    cost: FloatArray


@dataclass(frozen=True, eq=False)
class PlanCost:
    """What a plan costs, money (n,) each, and `missing` (n,): the most units short at once that nothing allows."""

    setup: FloatArray
    purchase: FloatArray
    holding: FloatArray
    waiting: FloatArray
    missing: FloatArray

    @property
    def total(self) -> FloatArray:
        """Money (n,); inf where the plan leaves demand unserved."""
        whole = self.setup + self.purchase + self.holding + self.waiting
        return np.where(self.missing > 0.0, np.inf, whole)


def evaluate(problem: LotSizing, quantity: ArrayLike) -> PlanCost:
    """The cost of any plan `quantity` (n, T). Raises ValueError where it is negative or of another shape."""
    plan = np.ascontiguousarray(quantity, dtype=np.float64)
    checks.shape("lot_sizing.quantity", plan, problem.shape)
    checks.finite("lot_sizing.quantity", plan, least=0.0)
    parts = np.zeros((len(plan), PARTS))
    _evaluate(problem.tables(), plan, parts)
    return PlanCost(*(parts[:, k].copy() for k in range(PARTS)))


@njit(cache=True, parallel=True)
def _evaluate(tables: Tables, quantity: FloatArray, parts: FloatArray) -> None:
    for i in prange(len(quantity)):
        fill_parts(tables, i, quantity[i], parts[i])


@njit(cache=True)
def value(table: FloatArray, i: int, t: int) -> float:
    """The number of item `i` in period `t`."""
    # numba makes the index of a parallel loop unsigned, hence int64
    return float(table[min(np.int64(i), table.shape[0] - 1), min(np.int64(t), table.shape[1] - 1)])


@njit(cache=True)
def fill_parts(tables: Tables, i: int, quantity: FloatArray, parts: FloatArray) -> None:
    """The costs of one item's plan, and its missing units, into `parts` (PARTS,)."""
    stock, owed, missing = tables.initial_stock[i, 0], 0.0, 0.0
    asked = max(-stock, 0.0)
    for t in range(len(quantity)):
        if quantity[t] > 0.0:
            parts[SETUP] += value(tables.setup, i, t)
            parts[PURCHASE] += value(tables.unit, i, t) * quantity[t]
        asked += tables.demand[i, t]
        stock += quantity[t] - tables.demand[i, t]
        if stock > 0.0:
            parts[HOLDING] += value(tables.holding, i, t) * stock
            owed = 0.0
        else:
            owed = -stock
            if tables.can_wait:
                parts[WAITING] += value(tables.backlog, i, t) * owed
            else:
                missing = max(missing, owed)
    missing = owed if tables.can_wait else missing
    parts[MISSING] = missing if missing > ROUNDING * (1.0 + asked) else 0.0
