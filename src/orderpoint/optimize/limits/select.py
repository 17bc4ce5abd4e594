"""One choice for each line under all shared limits: prices, repair, other ways for suppliers, and a certified gap.

Few lines are also asked of HiGHS, whose answer is believed only if it keeps every limit and saves more.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from orderpoint.optimize.limits.climb import climbed
from orderpoint.optimize.limits.consult import consult
from orderpoint.optimize.limits.exchange import exchange
from orderpoint.optimize.limits.modes import UNBOUNDED, Modes, best_modes
from orderpoint.optimize.limits.problem import Lines, Loads, Terms, bounds_of, loads_of
from orderpoint.optimize.limits.relaxation import Market, priced
from orderpoint.optimize.limits.response import Prices
from orderpoint.optimize.limits.search import Search, ways_of

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

ROUNDS = 8
"""Rounds between prices and the ways of suppliers."""
HALVINGS = 40
"""Halvings of the price of money where suppliers' orders cost something."""
STEPS = 12
"""Subgradient steps that lower the bound where the gap is not small yet."""


@dataclass(frozen=True, eq=False)
class Selection:
    """The columns chosen, `choice` (n,); `saving` and `bound`, money: no choice that keeps the limits saves more.

    `prices` of the limits: money saved for one more unit of each. `loads`: how far each is used.
    """

    choice: IntArray
    saving: float
    bound: float
    prices: Prices
    loads: Loads

    @property
    def gap(self) -> float:
        """Certified relative distance to the best possible."""
        return max(self.bound - self.saving, 0.0) / self.bound if self.bound > 0.0 else 0.0


def select(lines: Lines, terms: Terms) -> Selection:
    """The choice for each line that saves most in all, within the certified gap. Ordering nothing is always allowed."""
    search = Search(lines, terms, Market.of(lines, terms), np.zeros(len(lines.quantity), np.int64))
    prices, ways = _halved(search, *_iterated(search))
    best = climbed(search, prices, ways)
    prices = _lowered(search, prices)
    _exchanged(search, prices)
    consult(search, best, prices)
    prices, _ = priced(search.market, bounds_of(terms, ways_of(search)), prices)
    bound = max(search.bound, search.saving)
    return Selection(search.choice, search.saving, bound, prices, loads_of(lines, terms, search.choice))


def _iterated(search: Search) -> tuple[Prices, Modes]:
    """Prices for the ways of suppliers, ways for the prices, until they agree; (prices, ways) of the least bound."""
    containers = np.full(len(search.terms.minimum), UNBOUNDED, np.int64)
    free = bounds_of(_without_terms(search.terms), containers)
    prices, _ = priced(search.market, free)
    best = (prices, best_modes(search.market, search.terms, prices))
    seen: set[bytes] = set()
    for _ in range(ROUNDS):
        ways = best_modes(search.market, search.terms, prices)
        if ways.bound < search.bound:
            search.bound, best = ways.bound, (prices, ways)
        if ways.containers.tobytes() in seen or search.small():
            break
        seen.add(ways.containers.tobytes())
        prices = search.settle(ways.containers, prices)
    return best


def _halved(search: Search, prices: Prices, ways: Modes) -> tuple[Prices, Modes]:
    """Where orders cost something and money is short: the price of money at which the suppliers worth it just use it.

    Prices found for settled suppliers and suppliers settled at prices can go round in circles: few suppliers make
    money cheap, cheap money opens all. Here both are asked at once, and the answers on both sides are mended.
    """
    terms, market = search.terms, search.market
    if search.small() or terms.order_cost is None or not terms.order_cost.any() or not np.isfinite(terms.budget):
        return prices, ways
    low, high = 0.0, market.dear
    sides: dict[bool, Modes] = {}
    for _ in range(HALVINGS):
        middle = prices._replace(money=np.array([0.5 * (low + high)]))
        found = best_modes(market, terms, middle)
        if found.bound < search.bound:
            search.bound, prices, ways = found.bound, middle, found
        passed = bool(found.over[0] > 0.0)
        low, high = (0.5 * (low + high), high) if passed else (low, 0.5 * (low + high))
        sides[passed] = found
    for found in sides.values():
        search.settle(found.containers, prices)
    return prices, ways


def _without_terms(terms: Terms) -> Terms:
    """Budget and room alone."""
    suppliers = len(terms.minimum)
    return Terms(terms.budget, terms.room, np.zeros(suppliers), np.full(suppliers, np.inf), terms.fill)


def _lowered(search: Search, prices: Prices) -> Prices:
    """Lower the bound by subgradient steps on the prices of money and room; the prices of the least bound.

    Step length after B. Polyak (1969), "Minimization of unsmooth functionals", USSR Computational Mathematics 9, with
    the best choice found for the unknown least bound.
    """
    best, at = prices, prices
    finite = np.concatenate([[np.isfinite(search.terms.budget)], np.isfinite(search.terms.room)])
    for _ in range(STEPS):
        if search.small() or not search.terms.all_or_nothing.any():
            break
        ways = best_modes(search.market, search.terms, at)
        if ways.bound < search.bound:
            search.bound, best = ways.bound, at
        over = np.where(finite, ways.over, 0.0)
        stuck = np.concatenate([at.money, at.room]) <= 0.0
        over = np.where(stuck & (over < 0.0), 0.0, over)
        norm = float((over**2).sum())
        if norm <= 0.0:
            break
        length = (ways.bound - search.saving) / norm
        moved = np.maximum(np.concatenate([at.money, at.room]) + length * over, 0.0)
        at = at._replace(money=moved[:1], room=moved[1:])
    return best


def _exchanged(search: Search, prices: Prices) -> None:
    """Change two lines of the best answer at once where that saves more."""
    if search.small():
        return
    bounds = bounds_of(search.terms, ways_of(search))
    prices, _ = priced(search.market, bounds, prices)
    choice = search.choice.copy()
    exchange(search.lines, bounds, prices, choice, loads_of(search.lines, search.terms, choice))
    search.offer(choice)
