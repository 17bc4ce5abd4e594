"""Slow twin of exact stock figures: a shop followed order by order, as a Markov chain of all it holds and awaits.

Nothing here knows of inventory positions, renewals or convolutions: states are explored one by one, and the figures are
averages under the stationary law.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
FIGURES = ("on_hand", "backlog", "orders", "fill_rate", "cycle_service", "period_service", "stockout_share")
# sums kept for each transition: the columns of the rewards
ON_HAND, BACKLOG, ORDERS, SERVED, DEMANDED, ARRIVALS, CALM, PROMPT, EMPTY = range(9)


@dataclass(frozen=True)
class Shop:
    """Demand table of a period, lead times of orders as a Markov chain (values, moves), and a review every R periods.

    `order` maps the inventory position at a review to the units to order. Moves with equal rows are independent lead
    times.
    """

    demand: FloatArray
    order: Callable[[int], int]
    lead_times: tuple[int, ...] = (0,)
    moves: tuple[tuple[float, ...], ...] = ((1.0,),)
    review_periods: int = 1


# phase, net stock, units due in 1, 2, .. periods as (periods, units) in the order placed, law of the last lead time
State = tuple[int, int, tuple[tuple[int, int], ...], int]


def long_run(shop: Shop, start: int) -> dict[str, float]:
    """The figures of the shop that starts with `start` units and nothing on order."""
    states: dict[State, int] = {(0, start, (), 0): 0}
    queue = list(states)
    moves: list[tuple[int, int, float]] = []
    rewards: list[FloatArray] = []
    for state in queue:
        total = np.zeros(9)
        for chance, after, earned in steps(shop, state):
            if after not in states:
                states[after] = len(states)
                queue.append(after)
            moves.append((states[state], states[after], chance))
            total += chance * earned
        rewards.append(total)
    law = stationary(moves, len(states))
    mean = law @ np.array(rewards)
    return {
        "on_hand": mean[ON_HAND],
        "backlog": mean[BACKLOG],
        "orders": mean[ORDERS],
        "fill_rate": mean[SERVED] / mean[DEMANDED],
        "cycle_service": mean[CALM] / mean[ARRIVALS],
        "period_service": mean[PROMPT],
        "stockout_share": mean[EMPTY],
    }


def steps(shop: Shop, state: State) -> list[tuple[float, State, FloatArray]]:
    """One period: receipts, review and order, demand, count."""
    phase, net, due, last = state
    out = []
    kinds = range(len(shop.lead_times)) if phase == 0 else [last]
    for kind, units in product(kinds, range(len(shop.demand))):
        chance = shop.demand[units] * (shop.moves[last][kind] if phase == 0 else 1.0)
        if chance <= 0.0:
            continue
        earned = np.zeros(9)
        waiting = [(left, q) for left, q in due if left > 0]
        stock = receive(net, [q for left, q in due if left == 0], earned)
        if phase == 0:
            wanted = shop.order(stock + sum(q for _, q in waiting))
            if wanted > 0:
                earned[ORDERS] += 1
                if shop.lead_times[kind] == 0:
                    stock = receive(stock, [wanted], earned)
                else:
                    waiting.append((shop.lead_times[kind], wanted))
        served = min(max(stock, 0), units)
        stock -= units
        earned[[ON_HAND, BACKLOG, SERVED, DEMANDED]] += max(stock, 0), max(-stock, 0), served, units
        earned[[PROMPT, EMPTY]] += served == units, stock <= 0
        after = ((phase + 1) % shop.review_periods, stock, tuple((left - 1, q) for left, q in waiting), kind)
        out.append((chance, after, earned))
    return out


def receive(stock: int, units: list[int], earned: FloatArray) -> int:
    """Stock after orders that arrive now, one after another; each ends a cycle, calm where nobody waited before it."""
    for q in units:
        earned[ARRIVALS] += 1
        earned[CALM] += stock >= 0
        stock += q
    return stock


def stationary(moves: list[tuple[int, int, float]], n: int) -> FloatArray:
    """The stationary law of a chain with one closed class."""
    system = -np.eye(n)
    for i, j, chance in moves:
        system[j, i] += chance
    system[-1] = 1.0
    law: FloatArray = np.linalg.solve(system, np.eye(n)[-1])
    return law


def period_costs(levels: NDArray[np.int64], x: FloatArray, h: float, p: float) -> FloatArray:
    """Expected holding and backlog cost at each position, term by term."""
    k = np.arange(len(x))
    over = levels[:, None] - k
    costs: FloatArray = (x * np.where(over > 0, h * over, -p * over)).sum(axis=1)
    return costs


def position_cost(
    order: Callable[[int], int],
    span: tuple[int, int],
    costs: tuple[float, float, float],
    laws: tuple[FloatArray, FloatArray],
) -> float:
    """Long-run cost of a review by the stationary law of the position after ordering, which stays in low..high."""
    fixed, h, p = costs
    f, x = laws
    low, high = span
    levels = np.arange(low, high + 1)
    lift = np.array([order(position) for position in range(low - len(f) + 1, high + 1)])
    before = levels[:, None] - np.arange(len(f))
    ordered = lift[before - low + len(f) - 1]
    system = -np.eye(len(levels))
    rows = np.broadcast_to(np.arange(len(levels))[:, None], before.shape)
    np.add.at(system, (before + ordered - low, rows), np.broadcast_to(f, before.shape))
    system[-1] = 1.0
    law = np.linalg.solve(system, np.eye(len(levels))[-1])
    return float(law @ (period_costs(levels, x, h, p) + fixed * ((ordered > 0) @ f)))


def up_to(point: int, upto: int) -> Callable[[int], int]:
    """The (s, S) rule."""
    return lambda position: upto - position if position <= point else 0


def in_lots(point: int, quantity: int) -> Callable[[int], int]:
    """The (r, Q) rule: as few lots as lift the position above r."""
    return lambda position: max(0, -((position - point - 1) // quantity)) * quantity
