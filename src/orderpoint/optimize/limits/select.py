"""One choice for each line under all shared limits: prices, repair, other ways for suppliers, and a certified gap.

Few lines are also asked of HiGHS, whose answer is believed only if it keeps every limit and saves more.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from orderpoint.optimize.limits import exact
from orderpoint.optimize.limits.exchange import exchange
from orderpoint.optimize.limits.feasibility import breaches
from orderpoint.optimize.limits.modes import UNBOUNDED, Modes, best_modes
from orderpoint.optimize.limits.problem import Lines, Loads, Terms, bounds_of, loads_of, net_saving
from orderpoint.optimize.limits.relaxation import Market, priced
from orderpoint.optimize.limits.repair import repair
from orderpoint.optimize.limits.response import Prices

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

ROUNDS = 8
"""Rounds between prices and the ways of suppliers."""
HALVINGS = 40
"""Halvings of the price of money where suppliers' orders cost something."""
STEPS = 12
"""Subgradient steps that lower the bound where the gap is not small yet."""
TRIED, EVALUATIONS, MENDED = 24, 40_000, 6
"""Ways of suppliers that are priced: at least TRIED, and EVALUATIONS over the number of lines. How many are mended."""
SMALL_GAP = 1e-5
"""Relative gap at which the search ends."""
MOST_EXACT = 400
"""Choices in all up to which HiGHS is asked for the best of all."""
MOST_LINES, CORE, CORES = 4000, 400, 2
"""Lines up to which HiGHS is asked for the best among the choices near the prices, how many of these, and
near the prices of how many ways of suppliers."""
EXACT_CARE = exact.Care(gap=1e-6, nodes=1000)
CORE_CARE = exact.Care(gap=1e-4, nodes=100)


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


@dataclass(eq=False)
class _Search:
    """The best that was found so far."""

    lines: Lines
    terms: Terms
    market: Market
    choice: IntArray
    saving: float = 0.0
    bound: float = np.inf

    def small(self) -> bool:
        """Whether the gap is small enough."""
        return self.bound - self.saving <= SMALL_GAP * max(self.bound, 1e-12)

    def settle(self, containers: IntArray, prices: Prices | None) -> Prices:
        """Price and repair one way for all suppliers, and keep it where it saves more."""
        bounds = bounds_of(self.terms, containers)
        prices, _ = priced(self.market, bounds, prices)
        choice = self.market.choice.copy()
        repair(self.lines, bounds, prices, choice, loads_of(self.lines, self.terms, choice))
        self.offer(choice)
        return prices

    def offer(self, choice: IntArray) -> None:
        """Keep `choice` where it saves more and keeps all limits."""
        saving = net_saving(self.lines, self.terms, choice)
        if saving > self.saving and not breaches(self.lines, self.terms, choice):
            self.choice, self.saving = choice, saving


def select(lines: Lines, terms: Terms) -> Selection:
    """The choice for each line that saves most in all, within the certified gap. Ordering nothing is always allowed."""
    search = _Search(lines, terms, Market.of(lines, terms), np.zeros(len(lines.quantity), np.int64))
    prices, ways = _halved(search, *_iterated(search))
    best = _climbed(search, prices, ways)
    prices = _lowered(search, prices)
    _exchanged(search, prices)
    _asked(search, [*best[:CORES], _ways_of(search)], prices)
    prices, _ = priced(search.market, bounds_of(terms, _ways_of(search)), prices)
    bound = max(search.bound, search.saving)
    return Selection(search.choice, search.saving, bound, prices, loads_of(lines, terms, search.choice))


def _iterated(search: _Search) -> tuple[Prices, Modes]:
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


def _halved(search: _Search, prices: Prices, ways: Modes) -> tuple[Prices, Modes]:
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


def _climbed(search: _Search, prices: Prices, ways: Modes) -> list[IntArray]:
    """Ways for the suppliers, best first, found by changing one or two at a time while their own bound rises.

    The bound of settled suppliers is close to what can be saved with them, and much cheaper than to mend an answer;
    only the best ways are mended.
    """
    if search.small() or not search.terms.all_or_nothing.any():
        return []
    known: dict[bytes, float] = {}
    left = max(EVALUATIONS // len(search.choice), TRIED)

    def worth(containers: IntArray) -> float:
        key = containers.tobytes()
        if key not in known:
            most = priced(search.market, bounds_of(search.terms, containers), prices)[1]
            known[key] = most - float(search.terms.charge[containers != 0].sum())
        return known[key]

    for start in (ways.containers, _ways_of(search)):
        current, rises = start, True
        while rises and len(known) < left:
            here, rises = worth(current), False
            for changed in _neighbours(search.terms, current, ways):
                if len(known) >= left:
                    break
                if worth(changed) > here + SMALL_GAP * abs(here):
                    current, rises = changed, True
                    break
    ranked = sorted(known, key=lambda key: -known[key])
    best = [np.frombuffer(key, np.int64) for key in ranked if known[key] > search.saving]
    for containers in best[:MENDED]:
        search.settle(containers.copy(), prices)
    return [containers.copy() for containers in best]


def _neighbours(terms: Terms, current: IntArray, ways: Modes) -> Iterator[IntArray]:
    """Ways in which one supplier differs from `current`, then those in which one closes and another opens."""
    close = np.argsort(np.where(terms.all_or_nothing, np.abs(ways.worth), np.inf), kind="stable")
    asking = close[: int(terms.all_or_nothing.sum())].tolist()
    boxed = np.isfinite(terms.container)
    for s in asking:
        options = {0, max(current[s] - 1, 0), current[s] + 1} if boxed[s] else {0, UNBOUNDED}
        for way in sorted(options - {int(current[s])}):
            changed = current.copy()
            changed[s] = way
            yield changed
    for closing in [s for s in asking if current[s] != 0]:
        for opening in [s for s in asking if current[s] == 0]:
            changed = current.copy()
            changed[closing], changed[opening] = 0, 1 if boxed[opening] else UNBOUNDED
            yield changed


def _ways_of(search: _Search) -> IntArray:
    """The containers of each supplier in the best choice so far."""
    loads = loads_of(search.lines, search.terms, search.choice)
    boxed = np.isfinite(search.terms.container)
    size = np.where(boxed, search.terms.container, 1.0)
    count = np.maximum(np.ceil(loads.order_volume / size - 1e-7), 1.0)
    ordered = (loads.order_money > 0.0) | ~search.terms.all_or_nothing
    return np.where(ordered, np.where(boxed, count, UNBOUNDED), 0).astype(np.int64)


def _lowered(search: _Search, prices: Prices) -> Prices:
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


def _exchanged(search: _Search, prices: Prices) -> None:
    """Change two lines of the best answer at once where that saves more."""
    if search.small():
        return
    bounds = bounds_of(search.terms, _ways_of(search))
    prices, _ = priced(search.market, bounds, prices)
    choice = search.choice.copy()
    exchange(search.lines, bounds, prices, choice, loads_of(search.lines, search.terms, choice))
    search.offer(choice)


def _asked(search: _Search, ways: list[IntArray], prices: Prices) -> None:
    """Ask HiGHS where the gap is not small and lines are few: for all choices, or near the prices of some ways."""
    lines, terms = search.lines, search.terms
    offered = exact.distinct(lines)
    if search.small() or len(offered) > MOST_LINES:
        return
    if int(offered.sum()) <= MOST_EXACT:
        answer = exact.solve(lines, terms, EXACT_CARE)
        if answer.choice is not None:
            search.offer(answer.choice)
        if answer.bound >= search.saving:
            search.bound = min(search.bound, answer.bound)
        return
    for containers in ways:
        at, most = priced(search.market, bounds_of(terms, containers), prices)
        if most - float(terms.charge[containers != 0].sum()) <= search.saving * (1.0 + SMALL_GAP):
            continue
        answer = exact.solve(lines, terms, CORE_CARE, _near(search, at) & offered)
        if answer.choice is not None:
            search.offer(answer.choice)


def _near(search: _Search, prices: Prices) -> NDArray[np.bool_]:
    """(n, P): the choices of the best answer, and CORE more that lose least at the prices."""
    lines, rows = search.lines, np.arange(len(search.choice))
    money, volume = np.broadcast_to(prices.money, rows.shape), prices.room[lines.place]
    known = np.where(lines.supplier >= 0, lines.supplier, 0)
    if len(prices.minimum):
        money = money - np.where(lines.supplier >= 0, prices.minimum[known], 0.0)
        volume = volume + np.where(lines.supplier >= 0, prices.volume[known], 0.0)
    net = lines.saving - money[:, None] * lines.money - (volume * lines.unit_volume)[:, None] * lines.quantity
    loss = net.max(axis=1, keepdims=True) - net
    rank = min(CORE + len(rows), loss.size - 1)
    near: NDArray[np.bool_] = np.asarray(loss <= np.partition(loss.ravel(), rank)[rank], np.bool_)
    near[rows, search.choice] = True
    return near
