"""One warehouse and its shops, each with a base stock: what it costs, and the stocks that cost least.

Every shop meets Poisson (or wider) demand, orders each unit from the warehouse at once, and the warehouse from outside;
whoever has to wait waits in the order of asking. Time and money are per unit of time. Legend:

    l_i, L_i, S_i   demand rate, lead time from the warehouse, base stock of shop i; l_0 their sum, share_i = l_i / l_0
    L_0, S_0        lead time and base stock of the warehouse
    B_0             orders that wait at the warehouse, (D_0(L_0) - S_0)+, D_0(L_0) the demand over its lead time
    N_i             units that shop i has ordered and not received: its share of B_0 plus its demand over L_i; the shop
                    holds (S_i - N_i)+ and owes (N_i - S_i)+

METRIC      C. Sherbrooke, "METRIC: a multi-echelon technique for recoverable item control", Operations Research 16
            (1968), 122-141: N_i is Poisson with its mean l_i (L_i + E[B_0] / l_0).
TWO_MOMENT  S. Graves, "A multi-echelon inventory model for a repairable item with one-for-one replenishment",
            Management Science 31 (1985), 1247-1256: N_i is negative binomial with its exact mean and variance.
EXACT       the same paper, after R. Simon, "Stationary properties of a two-echelon inventory model for low demand
            items", Operations Research 19 (1971), 761-773: given B_0, the share of shop i is binomial(B_0, share_i), as
            Poisson orders are first come, first served. Equal to the recursion of S. Axsater, "Simple solution
            procedures for a class of two-echelon inventory problems", Operations Research 38 (1990), 64-69.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numba import njit, prange
from numpy.typing import ArrayLike, NDArray

from orderpoint.optimize.collaboration.counts import (
    best_level,
    beyond,
    convolved,
    count_masses,
    left_and_short,
    moments,
    table_length,
    thinned,
)
from orderpoint.tables import checks

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

SHOPS = ("rate", "lead_time", "holding", "penalty", "dispersion")
RATE, LEAD, HOLDING, PENALTY, DISPERSION = range(len(SHOPS))
COST, WAITING, HELD = range(3)


class Method(IntEnum):
    """How the units on order of a shop are counted (see the top of the file)."""

    METRIC = 0
    TWO_MOMENT = 1
    EXACT = 2


@dataclass(frozen=True, eq=False)
class OneWarehouse:
    """n warehouses; the shops of warehouse k are rows `offsets[k]` to `offsets[k + 1]` of the r shops.

    `warehouse_lead_time`, `warehouse_holding` (n,): time, and money per unit held and unit of time. Of the shops (r,):
    `rate` units per unit of time, `lead_time`, `holding` (positive) and `penalty` (money per unit that waits and unit
    of time), `dispersion` the variance of demand over its mean (1: Poisson).
    """

    offsets: IntArray
    warehouse_lead_time: FloatArray
    warehouse_holding: FloatArray
    rate: FloatArray
    lead_time: FloatArray
    holding: FloatArray
    penalty: FloatArray
    dispersion: FloatArray

    def __post_init__(self) -> None:
        tiny = float(np.finfo(np.float64).tiny)
        shops = (int(self.offsets[-1]),)
        for name, least in zip(SHOPS, (0.0, 0.0, tiny, 0.0, 1.0), strict=True):
            checks.shape(f"one warehouse.{name}", getattr(self, name), shops)
            checks.finite(f"one warehouse.{name}", getattr(self, name), least=least)
        for name, least in (("warehouse_lead_time", 0.0), ("warehouse_holding", tiny)):
            checks.shape(f"one warehouse.{name}", getattr(self, name), (len(self.offsets) - 1,))
            checks.finite(f"one warehouse.{name}", getattr(self, name), least=least)

    @classmethod
    def single(cls, warehouse: tuple[float, float], **shops: ArrayLike) -> OneWarehouse:
        """One warehouse of (lead time, holding cost); columns of its shops by name, `rate` one number for each."""
        columns = {"dispersion": 1.0, **shops}
        count = np.asarray(columns["rate"], np.float64).size
        arrays = {name: np.array(np.broadcast_to(np.asarray(columns[name], np.float64), (count,))) for name in SHOPS}
        lead_time, holding = (np.array([float(value)]) for value in warehouse)
        return cls(np.array([0, count], np.int64), lead_time, holding, **arrays)

    def shops(self) -> FloatArray:
        """(r, 5): the columns of `SHOPS`."""
        return np.stack([getattr(self, name) for name in SHOPS], axis=1)

    def warehouses(self) -> FloatArray:
        """(n, 2): lead time and holding cost."""
        return np.stack([self.warehouse_lead_time, self.warehouse_holding], axis=1)

    def _require(self, method: Method) -> None:
        if method is Method.EXACT and (self.dispersion > 1.0).any():
            raise ValueError("one warehouse: expected Poisson demand for EXACT, got dispersion above 1; use TWO_MOMENT")


@dataclass(frozen=True, eq=False)
class WarehouseStocks:
    """Base stocks and what they cost: `warehouse` (n,), `shop` (r,) units; `cost` (n,) money per unit of time.

    `waiting` (n,): mean orders that wait at the warehouse; `held` (n,): its mean stock; `shop_short`, `shop_held` (r,).
    """

    warehouse: FloatArray
    shop: FloatArray
    cost: FloatArray
    waiting: FloatArray
    held: FloatArray
    shop_short: FloatArray
    shop_held: FloatArray


def evaluate(
    system: OneWarehouse, warehouse: ArrayLike, shop: ArrayLike, method: Method = Method.EXACT
) -> WarehouseStocks:
    """What given base stocks cost: `warehouse` one number or (n,), `shop` one number or (r,)."""
    system._require(method)  # noqa: SLF001 - of this file
    stocks = np.array(np.broadcast_to(np.asarray(warehouse, np.float64), (len(system.offsets) - 1,)))
    levels = np.array(np.broadcast_to(np.asarray(shop, np.float64), (int(system.offsets[-1]),)))
    if (stocks < 0.0).any() or (levels < 0.0).any() or (stocks != np.floor(stocks)).any():
        raise ValueError("one warehouse: expected base stocks in whole units of at least 0; round them")
    return _report(system, stocks, levels, method)


def optimal(system: OneWarehouse, method: Method = Method.EXACT, most_levels: int = 1 << 30) -> WarehouseStocks:
    """The base stocks of least cost.

    Given S_0 each shop solves a newsvendor problem; S_0 runs from 0 until its own holding cost alone, with shops that
    never wait, is dearer than the best found, which proves the optimum (for EXACT; for the others among what they
    say). Where more than `most_levels` values of S_0 would be looked at, they are walked in strides and then one by
    one around the best, and the proof is lost.
    """
    system._require(method)  # noqa: SLF001 - of this file
    warehouse = np.zeros(len(system.offsets) - 1)
    shop = np.zeros(int(system.offsets[-1]))
    _optima(system.offsets, system.warehouses(), system.shops(), (int(method), most_levels), warehouse, shop)
    return _report(system, warehouse, shop, method)


def _report(system: OneWarehouse, warehouse: FloatArray, shop: FloatArray, method: Method) -> WarehouseStocks:
    table = np.zeros((len(warehouse), 3))
    ends = np.zeros((len(shop), 2))
    levels = warehouse.astype(np.int64)
    _evaluated(system.offsets, system.warehouses(), system.shops(), int(method), levels, shop, table, ends)
    return WarehouseStocks(warehouse, shop, table[:, COST], table[:, WAITING], table[:, HELD], ends[:, 1], ends[:, 0])


@njit(cache=True)
def _lead_demand(warehouse: FloatArray, shops: FloatArray) -> FloatArray:
    """Probabilities of the demand over the warehouse's lead time."""
    mean = shops[:, RATE].sum() * warehouse[0]
    variance = (shops[:, RATE] * shops[:, DISPERSION]).sum() * warehouse[0]
    return count_masses(mean, variance, table_length(mean, variance))


@njit(cache=True)
def on_order(waiting: FloatArray, shop: FloatArray, share: float, method: int) -> FloatArray:
    """Probabilities of N_i, where `waiting` are those of B_0."""
    rate, dispersion = shop[RATE], shop[DISPERSION]
    mean, variance = rate * shop[LEAD], rate * shop[LEAD] * dispersion
    if method == 2:
        own = count_masses(mean, variance, table_length(mean, variance))
        return convolved(thinned(waiting, share), own)
    wait_mean, wait_variance = moments(waiting)
    mean += share * wait_mean
    variance += share * share * wait_variance + share * (1.0 - share) * wait_mean * dispersion
    variance = mean if method == 0 else max(variance, mean)
    return count_masses(mean, variance, table_length(mean, variance))


@njit(cache=True)
def _shops_cost(waiting: FloatArray, shops: FloatArray, method: int, levels: FloatArray) -> float:
    """Least cost of the shops where `waiting` is B_0; fills their best `levels`."""
    total, rate = 0.0, max(shops[:, RATE].sum(), 1e-300)
    for i in range(len(shops)):
        masses = on_order(waiting, shops[i], shops[i, RATE] / rate, method)
        levels[i] = best_level(masses, shops[i, HOLDING], shops[i, PENALTY])
        left, short = left_and_short(masses, levels[i])
        total += shops[i, HOLDING] * left + shops[i, PENALTY] * short
    return total


@njit(cache=True)
def _walk(
    warehouse: FloatArray, shops: FloatArray, how: tuple[int, int], span: tuple[int, int, int], levels: FloatArray
) -> tuple[float, int]:
    """(least cost, its S_0) of S_0 from span[0] to span[1] in steps of span[2]; fills the shops' `levels`."""
    demand = _lead_demand(warehouse, shops)
    trial = np.empty(len(shops))
    none = np.ones(1)
    floor = _shops_cost(none, shops, how[0], trial)
    best, chosen = np.inf, span[0]
    for level in range(span[0], span[1] + 1, span[2]):
        own = warehouse[1] * left_and_short(demand, level)[0]
        if own + floor >= best:
            break
        cost = own + _shops_cost(beyond(demand, level), shops, how[0], trial)
        if cost < best - 1e-12:
            best, chosen = cost, level
            levels[:] = trial
    return best, chosen


@njit(cache=True, parallel=True)
def _optima(
    offsets: IntArray,
    warehouses: FloatArray,
    shops: FloatArray,
    how: tuple[int, int],
    stock: FloatArray,
    shop_stock: FloatArray,
) -> None:
    for k in prange(len(offsets) - 1):
        own, levels = shops[offsets[k] : offsets[k + 1]], shop_stock[offsets[k] : offsets[k + 1]]
        last = len(_lead_demand(warehouses[k], own)) - 1
        stride = max(last // max(how[1], 1), 1)
        _, chosen = _walk(warehouses[k], own, how, (0, last, stride), levels)
        if stride > 1:
            near = (max(chosen - stride + 1, 0), min(chosen + stride - 1, last), max(stride // max(how[1], 1), 1))
            _, chosen = _walk(warehouses[k], own, how, near, levels)
        stock[k] = chosen


@njit(cache=True, parallel=True)
def _evaluated(  # noqa: PLR0913, PLR0917 - arrays that a parallel loop writes to cannot ride in a tuple
    offsets: IntArray,
    warehouses: FloatArray,
    shops: FloatArray,
    method: int,
    stock: IntArray,
    shop_stock: FloatArray,
    table: FloatArray,
    ends: FloatArray,
) -> None:
    for k in prange(len(offsets) - 1):
        demand = _lead_demand(warehouses[k], shops[offsets[k] : offsets[k + 1]])
        waiting = beyond(demand, stock[k])
        rate = max(shops[offsets[k] : offsets[k + 1], RATE].sum(), 1e-300)
        held, owed = left_and_short(demand, stock[k])
        table[k, COST], table[k, WAITING], table[k, HELD] = warehouses[k, 1] * held, owed, held
        for i in range(offsets[k], offsets[k + 1]):
            masses = on_order(waiting, shops[i], shops[i, RATE] / rate, method)
            left, short = left_and_short(masses, shop_stock[i])
            ends[i, 0], ends[i, 1] = left, short
            table[k, COST] += shops[i, HOLDING] * left + shops[i, PENALTY] * short
