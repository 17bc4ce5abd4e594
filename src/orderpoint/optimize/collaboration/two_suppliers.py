"""One item from two suppliers for good: a steady order from the cheap, slow one, and surges from the quick, dear one.

Tailored base surge: every period the slow supplier sends the same quantity Q, and the quick one tops the position up to
S where it lies below. G. Allon and J. Van Mieghem, "Global dual sourcing: tailored base-surge allocation to near- and
offshore production", Management Science 56 (2010), 110-124; it is best as the slow lead time grows: L. Xin and D.
Goldberg, "Asymptotic optimality of tailored base-surge policies in dual-sourcing inventory systems", Management Science
64 (2018), 437-452. Demand is independent from period to period and waits where there is no stock. Legend:

    c_f, c_s, l   cost of a unit from the quick and from the slow supplier; lead time of the quick one, whole periods
    h, p          money per unit held, and per unit waiting, at a period's end
    O             overshoot: the position after ordering is S + O, O' = (O + Q - D)+ (a Lindley recursion)
    cost          c_f (m - Q) + c_s Q + h E[(S + O - X)+] + p E[(X - O - S)+], X the demand over l + 1 periods, m its
                  mean per period; S is a newsvendor's quantity for X - O
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import ArrayLike, NDArray

from orderpoint.optimize.collaboration.counts import best_level, convolved, left_and_short
from orderpoint.tables import checks

FloatArray = NDArray[np.float64]

MOST_STEPS = 100_000
SETTLED = 1e-13
NEGLIGIBLE = 1e-15


@dataclass(frozen=True)
class TwoSuppliers:
    """Money per unit bought, held and waiting (per period), and both lead times in whole periods."""

    quick_cost: float
    slow_cost: float
    quick_lead: int
    slow_lead: int
    holding: float
    penalty: float

    def __post_init__(self) -> None:
        numbers = (self.quick_cost, self.slow_cost, self.quick_lead, self.slow_lead, self.penalty)
        checks.finite("two suppliers", np.array(numbers, np.float64), least=0.0)
        if self.holding <= 0.0:
            raise ValueError(f"two suppliers.holding: expected above 0, got {self.holding}; state what stock costs")


@dataclass(frozen=True)
class Sourcing:
    """`steady` units a period from the slow supplier, `level` up to which the quick one fills; `cost` of a period.

    `kind`: "quick", "slow" (its base stock is `level`, and `steady` is the mean demand) or "both".
    """

    kind: str
    steady: float
    level: float
    cost: float


def base_surge(terms: TwoSuppliers, demand: ArrayLike, steady: int, level: int | None = None) -> Sourcing:
    """What a steady order costs with the best level, or with a given one; `demand` P(D = 0), P(D = 1), .. of a period.

    Raises ValueError unless the steady order is below mean demand: stock would grow without end.
    """
    masses = _masses(demand)
    mean = float(np.arange(len(masses)) @ masses)
    if not 0 <= steady < max(mean, 1e-12):
        raise ValueError(f"base_surge: expected a steady order of 0 up to below {mean:g} units, got {steady}; lower it")
    needed = _minus(_sum(masses, terms.quick_lead + 1), overshoot(masses, steady))
    values, low = needed
    chosen = float(best_level(values, terms.holding, terms.penalty) if level is None else level - low)
    left, short = left_and_short(values, chosen)
    bought = terms.quick_cost * (mean - steady) + terms.slow_cost * steady
    cost = bought + terms.holding * left + terms.penalty * short
    return Sourcing("both" if steady else "quick", float(steady), chosen + low, float(cost))


def slow_alone(terms: TwoSuppliers, demand: ArrayLike, late: ArrayLike = (1.0,)) -> Sourcing:
    """The best base stock from the slow supplier; `late` are the probabilities of 0, 1, .. periods of delay.

    Orders do not cross: the level covers the lead time that each order happens to have.
    """
    masses, chances = _masses(demand), _masses(late)
    mean = float(np.arange(len(masses)) @ masses)
    longest = _sum(masses, terms.slow_lead + len(chances))
    mixed = np.zeros(len(longest))
    for k, chance in enumerate(chances):
        part = _sum(masses, terms.slow_lead + 1 + k)
        mixed[: len(part)] += chance * part
    level = best_level(mixed, terms.holding, terms.penalty)
    left, short = left_and_short(mixed, level)
    return Sourcing("slow", mean, level, terms.slow_cost * mean + terms.holding * left + terms.penalty * short)


def best_sourcing(terms: TwoSuppliers, demand: ArrayLike, late: ArrayLike = (1.0,)) -> tuple[Sourcing, ...]:
    """The quick supplier alone, the slow one alone, and the best of both, cheapest first."""
    masses = _masses(demand)
    mean = float(np.arange(len(masses)) @ masses)
    steady = range(int(np.ceil(mean)) if mean > 0 else 1)
    surges = [base_surge(terms, masses, q) for q in steady]
    found = [surges[0], slow_alone(terms, masses, late)]
    if len(surges) > 1:
        found.append(min(surges[1:], key=lambda s: s.cost))
    return tuple(sorted(found, key=lambda s: s.cost))


@njit(cache=True)
def overshoot(demand: FloatArray, steady: int) -> FloatArray:
    """Probabilities of the stationary overshoot O = (O + Q - D)+, for Q below mean demand."""
    size = 64
    now = np.zeros(size)
    now[0] = 1.0
    for _ in range(MOST_STEPS):
        after = np.zeros(size + steady)
        for o in range(size):
            if now[o] > NEGLIGIBLE:
                for d in range(len(demand)):
                    after[max(o + steady - d, 0)] += now[o] * demand[d]
        while size < len(after) and after[size:].sum() > NEGLIGIBLE:
            size += 1
        kept = after[:size] / after[:size].sum()
        change = np.abs(kept[: len(now)] - now).sum() + kept[len(now) :].sum()
        now = kept
        if change < SETTLED:
            break
    return now


def _masses(values: ArrayLike) -> FloatArray:
    masses = np.asarray(values, np.float64)
    if masses.ndim != 1 or not masses.size or (masses < 0.0).any() or abs(masses.sum() - 1.0) > 1e-9:
        raise ValueError("two suppliers: expected probabilities that sum to 1; divide them by their sum")
    return masses


def _sum(masses: FloatArray, count: int) -> FloatArray:
    """Probabilities of the sum of `count` independent demands."""
    out = np.ones(1)
    for _ in range(count):
        out = convolved(out, masses)
    return out


def _minus(a: FloatArray, b: FloatArray) -> tuple[FloatArray, int]:
    """(probabilities of A - B from its least value on, that value)."""
    return convolved(a, b[::-1].copy()), 1 - len(b)
