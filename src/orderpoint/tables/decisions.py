"""What a policy proposes, and what a proposal is worth."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class OrderLines:
    """Orders of today beside the first of a series, m lines: `series`, `offer` int64 rows; `quantity` whole units."""

    series: IntArray
    offer: IntArray
    quantity: FloatArray


@dataclass(frozen=True, eq=False)
class Transfers:
    """Units that leave one series today for another of the same item, m lines.

    `source`, `target` int64 rows of the index; `quantity` whole units; `arrival_period`, `arrival_day` int64: when they
    are on sale at the target, in periods and days from today; `gain`: expected cost saved, money, as counted when they
    were chosen. `drawn`: whole units that leave the source, None where they are as many (`Network.quantity_per`).
    `cost`: money that each line costs to move, and `extra_cost` what of it the cheapest way would not; None: nothing.
    """

    source: IntArray
    target: IntArray
    quantity: FloatArray
    arrival_period: IntArray
    arrival_day: IntArray
    gain: FloatArray
    drawn: FloatArray | None = None
    cost: FloatArray | None = None
    extra_cost: FloatArray | None = None

    @property
    def leaving(self) -> FloatArray:
        """Units that leave the source, (m,)."""
        return self.quantity if self.drawn is None else self.drawn


@dataclass(frozen=True, slots=True)
class Binding:
    """A limit over many lines and how far it was used.

    `kind`: "budget", "space", "supplier_minimum", "container" or "orders" (their number); `of`: the location or
    supplier, "" for those over all. `limit` and `used` in its own unit (money, volume, orders). `shadow_price`: money
    saved per further unit of the limit (service, where the policy weighs lines by it), 0 where it does not bind.
    """

    kind: str
    of: str
    limit: float
    used: float
    shadow_price: float


@dataclass(frozen=True, slots=True)
class Remark:
    """Something to say of a series: `code` is a key of `messages.rules`, `details` fill its blanks."""

    series: int
    code: str
    details: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Frontier:
    """What can be had for which money: m points of an efficient frontier, both ascending.

    `money` spent on today's orders, `service` between 0 and 1, and `shadow_price`, the service that one more unit of
    money would add there.
    """

    money: FloatArray
    service: FloatArray
    shadow_price: FloatArray

    def thinned(self, most: int) -> tuple[FloatArray, FloatArray, FloatArray]:
        """At most `most` points, evenly over the money, first and last among them."""
        wanted = np.linspace(self.money[0], self.money[-1], min(most, len(self.money)))
        rows = np.unique(np.searchsorted(self.money, wanted, side="left").clip(max=len(self.money) - 1))
        return self.money[rows], self.service[rows], self.shadow_price[rows]


@dataclass(frozen=True, eq=False)
class Decisions:
    """What a policy proposes for n series today, and the levels behind it.

    `quantity` float64 (n,), whole units, 0 where nothing is ordered; `offer` int64 (n,), the row of `Supply` it is
    bought from. `reorder_point`, `order_up_to` float64 (n,): order when the inventory position is at or below the
    first, up to the second. `shadow_price` float64 (n,): gain of one more unit of money for a line that a shared limit
    cut, 0 elsewhere; `cut_reason` is the key of `messages.reasons` that says in what it is counted. `gap`: certified
    relative gap of the choice under shared limits to the best possible (0 where none bound).

    `binding`: the shared limits, with their shadow prices. `further`: a series bought from a second offer. `transfers`
    between series; both are None where there are none. `remarks`: what rules and limits did to single series.
    `frontier`: money against service, None where the policy draws none.
    """

    quantity: FloatArray
    offer: IntArray
    reorder_point: FloatArray
    order_up_to: FloatArray
    shadow_price: FloatArray
    gap: float = 0.0
    binding: tuple[Binding, ...] = ()
    further: OrderLines | None = None
    transfers: Transfers | None = None
    remarks: tuple[Remark, ...] = ()
    frontier: Frontier | None = None
    cut_reason: str = "cut_by_budget"
    network_gain: FloatArray | None = None

    def without_orders(self) -> Decisions:
        """The same levels and offers with no order and no transfer."""
        return replace(self, quantity=np.zeros_like(self.quantity), further=None, transfers=None)


@dataclass(frozen=True, eq=False)
class Evaluation:
    """Expected result of given decisions over each series' protection interval: until the next order's arrival.

    All float64 (n,). Money: `holding_cost`, `ordering_cost` (fixed), `stockout_cost`. Units: `demand`, `short`,
    `average_stock` (mean of period ends), `end_stock` just before the next arrival. `stockout_risk`: probability of any
    stockout after the arrival of today's order (where nothing is ordered: of what would have been) and until the
    next. `fill_rate`: share of the demand served over the same window.
    """

    demand: FloatArray
    short: FloatArray
    average_stock: FloatArray
    end_stock: FloatArray
    holding_cost: FloatArray
    ordering_cost: FloatArray
    stockout_cost: FloatArray
    stockout_risk: FloatArray
    fill_rate: FloatArray

    @property
    def cost(self) -> FloatArray:
        """Expected cost of each series, money: the identity C = holding + ordering + stockout."""
        return self.holding_cost + self.ordering_cost + self.stockout_cost
