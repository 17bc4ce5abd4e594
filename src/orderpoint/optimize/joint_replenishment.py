"""Joint replenishment: items that share the fixed cost of an order, each in every m_i-th order of a common cycle T.

Sources: S. K. Goyal, "Determination of optimum packaging frequency of items jointly replenished", Management Science 21
(1974), for the search over T; R. E. Wildeman, J. B. G. Frenk and R. Dekker, European Journal of Operational Research 99
(1997), for the range in which it may end; P. Jackson, W. Maxwell and J. Muckstadt, "The joint replenishment problem
with a powers-of-two restriction", IIE Transactions 17 (1985), for power-of-two cycles and the bound. Legend:

    K, k_i        fixed cost of an order, and of item i in it;  H_i = h_i lambda_i / 2, holding cost per unit of cycle
    C(T, m)       (K + sum k_i / m_i) / T + T sum H_i m_i  (an order is paid every T)

Exact: for a given T the best m_i is the whole m with m (m - 1) <= k_i / (H_i T^2) <= m (m + 1), so it changes at
T = sqrt(k_i / (H_i m (m + 1))) only. Between two such T the m_i stand still and C has one least point. All of them are
visited from large T to small, until K / T + sum 2 sqrt(k_i H_i), a bound for all smaller T, exceeds the best cost.

Bound: with cycles T_i >= T_0 of any length, K / T_0 + sum (k_i / T_i + H_i T_i); no policy whatever costs less.

Shares: the same bound is the cost of items that are ordered alone once K is shared out as sigma_i = max(H_i T_0^2 -
k_i, 0): those with sigma_i > 0 want the cycle T_0 by themselves, the others a longer one, and the sigma_i add up to K
(D. Atkins and P. Iyogun, "Periodic versus 'can-order' policies for coordinated multi-item inventory systems",
Management Science 34 (1988), 791-796). The cycles T_i, rounded to T_0 times powers of two, are those of Jackson et al.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit, prange
from numpy.typing import ArrayLike, NDArray

from orderpoint.tables import checks

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class JointCycles:
    """`cycle` T (families,) in units of time, `multiple` m_i (items,), `cost` and `bound` (families,) money per time.

    `bound` is the cost below which no policy gets, cyclic or not.
    """

    cycle: FloatArray
    multiple: IntArray
    cost: FloatArray
    bound: FloatArray


@dataclass(frozen=True, eq=False)
class JointReplenishment:
    """Families of items that are ordered together.

    `shared_cost` K (families,) positive money per order; `offsets` int64 (families + 1,): the items of family f are
    offsets[f] to offsets[f + 1] - 1; `item_cost` k_i (items,) money for the item in an order, `holding_cost` (items,)
    money per unit and time, `demand` (items,) units per time, both positive. Raises ValueError otherwise.
    """

    shared_cost: FloatArray
    offsets: IntArray
    item_cost: FloatArray
    holding_cost: FloatArray
    demand: FloatArray

    def __post_init__(self) -> None:
        tiny = float(np.finfo(np.float64).tiny)
        items = len(self.item_cost)
        checks.shape("joint.offsets", self.offsets, (len(self.shared_cost) + 1,))
        if self.offsets[0] != 0 or self.offsets[-1] != items or (np.diff(self.offsets) < 1).any():
            raise ValueError(f"joint.offsets: expected to rise from 0 to {items}; every family needs an item")
        for name, least in (("shared_cost", tiny), ("item_cost", 0.0), ("holding_cost", tiny), ("demand", tiny)):
            checks.finite(f"joint.{name}", getattr(self, name), least=least)
        checks.shape("joint.holding_cost", self.holding_cost, (items,))
        checks.shape("joint.demand", self.demand, (items,))

    @classmethod
    def family(
        cls, shared_cost: float, item_cost: ArrayLike, holding_cost: ArrayLike, demand: ArrayLike
    ) -> JointReplenishment:
        """One family; the arguments of its items broadcast."""
        parts = np.broadcast_arrays(
            *(np.atleast_1d(np.asarray(a, np.float64)) for a in (item_cost, holding_cost, demand))
        )
        return cls(np.array([float(shared_cost)]), np.array([0, len(parts[0])]), *(np.array(a) for a in parts))

    def optimal(self) -> JointCycles:
        """The best cycle and multiples of each family, over all T and all whole m_i."""
        return self._found(powers=False)

    def power_of_two(self) -> JointCycles:
        """The best cycle with multiples 1, 2, 4, ..: easier to run, and at most 2.1 % above the bound."""
        return self._found(powers=True)

    def evaluate(self, cycle: ArrayLike, multiple: ArrayLike) -> FloatArray:
        """(families,): cost of given cycles (positive) and whole multiples of the items (items,), at least 1."""
        T = np.asarray(cycle, np.float64)
        m = np.broadcast_to(np.asarray(multiple, np.float64), self.item_cost.shape)
        if not (T > 0.0).all() or not ((m >= 1.0) & (m % 1.0 == 0.0)).all():
            raise ValueError("joint.evaluate: expected positive cycles and whole multiples of at least 1")
        ordering = self.shared_cost + np.add.reduceat(self.item_cost / m, self.offsets[:-1])
        return np.asarray(ordering / T + T * np.add.reduceat(self._slopes() * m, self.offsets[:-1]))

    def order_quantities(self, cycles: JointCycles) -> FloatArray:
        """(items,): units of each item in an order that has it."""
        return np.asarray(np.repeat(cycles.cycle, np.diff(self.offsets)) * cycles.multiple * self.demand)

    def shares(self) -> FloatArray:
        """(items,): the part of K that each item bears, so that ordered alone it would want its cycle of the bound."""
        return _shares(self.offsets, self.shared_cost, self.item_cost, self._slopes())

    def _slopes(self) -> FloatArray:
        return np.asarray(0.5 * self.holding_cost * self.demand)

    def _found(self, *, powers: bool) -> JointCycles:
        multiple = np.empty(len(self.item_cost), np.int64)
        found = _all(self.offsets, self.shared_cost, (self.item_cost, self._slopes()), powers, multiple)
        return JointCycles(found[:, 0].copy(), multiple, found[:, 1].copy(), found[:, 2].copy())


@njit(cache=True, parallel=True, error_model="numpy")
def _all(
    offsets: IntArray,
    shared: FloatArray,
    items: tuple[FloatArray, FloatArray],
    powers: bool,  # noqa: FBT001 - kernel
    multiple: IntArray,
) -> FloatArray:
    out = np.empty((len(shared), 3))
    for f in prange(len(shared)):
        part = slice(offsets[f], offsets[f + 1])
        k, H = items[0][part], items[1][part]
        out[f, 0], out[f, 1] = _best(shared[f], k, H, powers, multiple[part])
        out[f, 2] = _bound(shared[f], k, H)
    return out


@njit(cache=True, error_model="numpy")
def _next(m: int, powers: bool) -> int:  # noqa: FBT001 - kernel
    return 2 * m if powers else m + 1


@njit(cache=True, error_model="numpy")
def _turn(k: float, H: float, m: int, powers: bool) -> float:  # noqa: FBT001 - kernel
    """The cycle below which the next multiple is better than m: k / (m T) + H m T is the same for both."""
    return float(np.sqrt(k / (H * m * _next(m, powers))))


@njit(cache=True, error_model="numpy")
def _best(K: float, k: FloatArray, H: FloatArray, powers: bool, multiple: IntArray) -> tuple[float, float]:  # noqa: FBT001 - kernel
    """(T, cost) of one family; its multiples into `multiple`."""
    m = np.ones(len(k), np.int64)
    turns = np.array([_turn(k[i], H[i], 1, powers) for i in range(len(k))])
    alone = (2.0 * np.sqrt(k * H)).sum()
    fixed, slope = K + k.sum(), H.sum()
    above, best_T, best = np.inf, 0.0, np.inf
    multiple[:] = 1
    while True:
        i = int(np.argmax(turns))
        below = turns[i]
        T = min(max(np.sqrt(fixed / slope), below), above)
        cost = fixed / T + slope * T
        if cost < best * (1.0 - 1e-15):
            best_T, best = T, cost
            multiple[:] = m
        if below <= 0.0 or K / below + alone >= best:
            return best_T, best
        later = _next(m[i], powers)
        fixed += k[i] * (1.0 / later - 1.0 / m[i])
        slope += H[i] * (later - m[i])
        m[i] = later
        turns[i] = _turn(k[i], H[i], later, powers)
        above = below


@njit(cache=True, error_model="numpy")
def _bound(K: float, k: FloatArray, H: FloatArray) -> float:
    """The least of K / T0 + sum (k_i / T_i + H_i T_i) over T_i >= T0."""
    fixed, slope, rest = _common(K, k, H)
    return float(2.0 * np.sqrt(fixed * slope) + rest)


@njit(cache=True, error_model="numpy")
def _common(K: float, k: FloatArray, H: FloatArray) -> tuple[float, float, float]:
    """(fixed cost, slope) of the items of small sqrt(k / H), which share the cycle T0, and the cost of the others."""
    order = np.argsort(k / H)
    fixed, slope, rest = K, 0.0, 2.0 * np.sqrt(k * H).sum()
    for j in range(len(order)):
        i = order[j]
        if slope > 0.0 and k[i] / H[i] >= fixed / slope:
            break
        fixed += k[i]
        slope += H[i]
        rest -= 2.0 * np.sqrt(k[i] * H[i])
    return fixed, slope, rest


@njit(cache=True, error_model="numpy")
def _shares(offsets: IntArray, shared: FloatArray, k: FloatArray, H: FloatArray) -> FloatArray:
    out = np.empty(len(k))
    for f in range(len(shared)):
        first, last = offsets[f], offsets[f + 1]
        fixed, slope, _ = _common(shared[f], k[first:last], H[first:last])
        for i in range(first, last):
            out[i] = max(H[i] * fixed / slope - k[i], 0.0)
    return out
