"""Shared limits: one budget beside HiGHS's linear program, several limits beside HiGHS's mixed-integer program.

usage: python -m benchmarks.budget_selection [--quick]

One budget: 10,000 invented lines with 64 concave choices each; ours is timed and its certified gap stated. The peer is
the linear relaxation through HiGHS, on 500 of the lines (its time grows faster than their number); it also holds our
bound: the two may differ by rounding alone.
Several limits: MOQ, packs, fixed costs, budget, space of places, minimums and containers of suppliers, in sizes that
HiGHS's branch and bound closes to 1e-4. Stated is by how much more HiGHS saves, at worst over the instances, in
percent, and both times. Up to 400 choices ours ends with HiGHS itself, above with HiGHS on the 400 choices nearest to
the prices; so its time is not independent of the peer's.
Every answer is checked against all limits before it counts.
"""

from __future__ import annotations

import statistics
import sys
import time

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog
from scipy.sparse import coo_array

from benchmarks.measurement import Measurement
from benchmarks.table import table_text
from orderpoint.optimize.limits import exact
from orderpoint.optimize.limits.budget import allocate
from orderpoint.optimize.limits.curves import Curves
from orderpoint.optimize.limits.feasibility import breaches
from orderpoint.optimize.limits.problem import Lines, Terms, loads_of, saved
from orderpoint.optimize.limits.select import select

FloatArray = NDArray[np.float64]

LINES, LP_LINES, COLUMNS = 10_000, 500, 64
MOST_MILLISECONDS, MOST_GAP_PERCENT = 10.0, 1e-4
MOST_BEHIND_PERCENT = 0.1
SIZES = ((40, 4, 2), (60, 6, 3), (100, 6, 3))
"""Lines, suppliers and places of the instances with several limits."""
CARE = exact.Care(gap=1e-4, nodes=3_000)


def budget_case(lines: int, seed: int = 7) -> tuple[Curves, float]:
    """Concave curves of random items, and four tenths of what all of them could spend."""
    rng = np.random.default_rng(seed)
    mean, price = rng.uniform(2.0, 60.0, lines), rng.uniform(1.0, 40.0, lines)
    units = np.arange(COLUMNS)[None, :] * np.maximum(mean / 30.0, 0.2)[:, None].round(1)
    saving = (price * mean)[:, None] * 0.6 * (1.0 - np.exp(-2.0 * units / mean[:, None]))
    money = units * price[:, None]
    return Curves(money, saving, np.ones(lines, np.bool_)), 0.4 * float(money[:, -1].sum())


def limits_case(size: tuple[int, int, int], seed: int) -> tuple[Lines, Terms]:
    """Lines with MOQ, packs and fixed costs, and limits drawn around what they would order alone."""
    n, suppliers, places = size
    rng = np.random.default_rng(seed)
    price, mean = rng.uniform(1.0, 20.0, n).round(2), rng.uniform(3.0, 40.0, n)
    pack = rng.choice([1, 1, 2, 6], n)
    least = np.ceil(np.where(rng.random(n) < 0.3, rng.integers(2, 10, n), 1) / pack) * pack
    step = np.maximum(np.round(0.2 * mean / pack), 1.0) * pack
    units = np.concatenate([np.zeros((n, 1)), least[:, None] + np.arange(11) * step[:, None]], axis=1)
    money = units * price[:, None]
    fixed = np.where(rng.random(n) < 0.3, rng.uniform(1.0, 15.0, n), 0.0)
    worth = price * rng.uniform(0.3, 1.2, n) * mean
    saving = worth[:, None] * (1.0 - np.exp(-units / mean[:, None])) - 0.12 * money - fixed[:, None] * (units > 0)
    lines = Lines(
        units,
        money,
        saving,
        rng.uniform(0.01, 0.1, n).round(3),
        rng.integers(0, places, n),
        rng.integers(0, suppliers, n),
    )
    free = Terms(np.inf, np.full(places, np.inf), np.zeros(suppliers), np.full(suppliers, np.inf))
    loads = loads_of(lines, free, saving.argmax(axis=1))
    minimum = np.where(rng.random(suppliers) < 0.6, loads.order_money * rng.uniform(0.3, 1.3, suppliers), 0.0)
    box = np.maximum(loads.order_volume * rng.uniform(0.2, 1.4, suppliers), 0.05)
    return lines, Terms(
        budget=0.6 * float(loads.money[0]),
        room=np.where(rng.random(places) < 0.5, loads.room * rng.uniform(0.5, 1.2, places), np.inf),
        minimum=minimum,
        container=np.where(rng.random(suppliers) < 0.5, box, np.inf),
    )


def relaxed(curves: Curves, budget: float) -> float:
    """The linear relaxation's value through HiGHS."""
    n, columns = curves.money.shape
    each = np.repeat(np.arange(n), columns)
    at = np.arange(n * columns)
    rows = coo_array((np.ones(n * columns), (each, at)), shape=(n, n * columns))
    spent = coo_array((curves.money.ravel(), (np.zeros_like(at), at)), shape=(1, n * columns))
    found = linprog(
        -curves.saving.ravel(), A_ub=spent, b_ub=[budget], A_eq=rows, b_eq=np.ones(n), bounds=(0, None), method="highs"
    )
    return -float(found.fun)


def one_budget(rounds: int) -> list[dict[str, object]]:
    """Time and gap of ours, and HiGHS on fewer lines. Raises ArithmeticError where the bound is not the program's."""
    curves, budget = budget_case(LINES)
    fewer, less = budget_case(LP_LINES)
    allocate(curves, budget)
    ours, small, peer = [], [], []
    for _ in range(rounds):
        begun = time.perf_counter()
        shared = allocate(curves, budget)
        ours.append(time.perf_counter() - begun)
        begun = time.perf_counter()
        part = allocate(fewer, less)
        small.append(time.perf_counter() - begun)
        begun = time.perf_counter()
        value = relaxed(fewer, less)
        peer.append(time.perf_counter() - begun)
        mine = float(fewer.saving[np.arange(LP_LINES), part.choice].sum()) / (1.0 - part.gap)
        if abs(mine - value) > 1e-6 * value:
            raise ArithmeticError(f"one budget: our bound {mine} differs from the linear program's {value}")
    ratio = statistics.median(peer) / statistics.median(small)
    return [
        _row(f"one budget, {LINES:,} lines x {COLUMNS}", 1e3 * statistics.median(ours), MOST_MILLISECONDS, "ms"),
        _row("its certified gap", 100.0 * shared.gap, MOST_GAP_PERCENT, "%"),
        {
            "name": f"one budget, {LP_LINES:,} lines (HiGHS: its linear relaxation)",
            "ours": 1e3 * statistics.median(small),
            "peer": 1e3 * statistics.median(peer),
            "limit": None,
            "ratio": ratio,
            "unit": "ms",
        },
    ]


def several_limits(seeds: range) -> list[dict[str, object]]:
    """Worst shortfall against HiGHS over the instances that it closes, and both times."""
    select(*limits_case(SIZES[0], 99))
    behind, ours, peer, gaps = [], [], [], []
    for size in SIZES:
        for seed in seeds:
            lines, terms = limits_case(size, seed)
            begun = time.perf_counter()
            found = select(lines, terms)
            between = time.perf_counter()
            answer = exact.solve(lines, terms, CARE)
            ended = time.perf_counter()
            if breaches(lines, terms, found.choice):
                raise ArithmeticError(f"several limits: ours breaks a limit in {size}, seed {seed}")
            if answer.choice is None or breaches(lines, terms, answer.choice):
                continue
            value = saved(lines, answer.choice)
            if answer.bound - value > 2.0 * CARE.gap * value:
                continue
            ours.append(between - begun)
            peer.append(ended - between)
            behind.append(100.0 * (value - found.saving) / value)
            gaps.append(100.0 * found.gap)
    sizes = f"{len(behind)} instances of {SIZES[0][0]} to {SIZES[-1][0]} lines"
    name = f"MOQ, pack, budget, space, minimum, container: {sizes}"
    return [
        _row(f"{name}; HiGHS (closed) saves more by, at worst", max(behind), MOST_BEHIND_PERCENT, "%"),
        _row("the same, on average", statistics.mean(behind), None, "%"),
        _row("certified gap, median", statistics.median(gaps), None, "%"),
        {
            "name": "time, median (HiGHS: to 1e-4)",
            "ours": statistics.median(ours),
            "peer": statistics.median(peer),
            "limit": None,
            "ratio": statistics.median(peer) / statistics.median(ours),
            "unit": "s",
        },
    ]


def _row(name: str, ours: float, limit: float | None, unit: str) -> dict[str, object]:
    return {"name": name, "ours": ours, "limit": limit, "unit": unit}


def run(quick: bool) -> list[dict[str, object]]:  # noqa: FBT001 - the driver's contract
    """The rows of the table: name, ours, peer, limit, ratio, unit."""
    return [*one_budget(3 if quick else 9), *several_limits(range(2 if quick else 5))]


if __name__ == "__main__":
    print(table_text([Measurement.of(row) for row in run("--quick" in sys.argv[1:])], []))
