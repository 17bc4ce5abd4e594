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
from numpy.typing import ArrayLike, NDArray

from orderpoint.optimize.collaboration.warehouse_search import COST, HELD, WAITING, evaluated, optima
from orderpoint.tables import checks

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

SHOPS = ("rate", "lead_time", "holding", "penalty", "dispersion")


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
    optima(system.offsets, system.warehouses(), system.shops(), (int(method), most_levels), warehouse, shop)
    return _report(system, warehouse, shop, method)


def _report(system: OneWarehouse, warehouse: FloatArray, shop: FloatArray, method: Method) -> WarehouseStocks:
    table = np.zeros((len(warehouse), 3))
    ends = np.zeros((len(shop), 2))
    levels = warehouse.astype(np.int64)
    evaluated(system.offsets, system.warehouses(), system.shops(), int(method), levels, shop, table, ends)
    return WarehouseStocks(warehouse, shop, table[:, COST], table[:, WAITING], table[:, HELD], ends[:, 1], ends[:, 0])
