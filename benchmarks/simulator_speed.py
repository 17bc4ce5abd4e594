"""SKU-days per second of the simulator on one core, the machine's limit beside it, and stockpyl's simulator.

usage: python -m benchmarks.simulator_speed [--quick]

A SKU-day is one period of one series on one path: demand drawn, stock served, orders placed and received, sums kept.
Each figure is the median of rounds that alternate all loops, in processor time of one thread, so that other work on
the machine disturbs it little. The limits are the same loops with parts left out: one only draws demand, one only steps
stock under demand that is always 5; the peer of each form is what both after each other could reach. stockpyl plays one
series under a base stock with backlog; ours plays that rule too, and both must hold the textbook's stock, E[(S - D)+],
to within 5 %.
"""

from __future__ import annotations

import statistics
import sys
import time
import warnings
from collections.abc import Callable

import numba
import numpy as np
from numba import njit
from numpy.typing import NDArray

from benchmarks.measurement import Measurement
from benchmarks.table import table_text
from orderpoint.stockflow import lanes, tally
from orderpoint.stockflow.alias import DemandTables
from orderpoint.stockflow.block import Rule
from orderpoint.stockflow.general import Story, play_general
from orderpoint.stockflow.long_run import LANES, Span, play_long, rule
from orderpoint.stockflow.places import Supplied, links, places
from orderpoint.tables.distribution import Distribution, Family

ITEMS, PATHS = 4, 1024
MEAN, LEAD, LEVEL = 5.0, 2, 20
GIGA = 1e9
PLAIN_GOAL, RICH_GOAL = 1.0, 0.2
AGREEMENT = 0.05


def demand_tables() -> DemandTables:
    """Poisson demand of ITEMS items."""
    return DemandTables.of(Distribution.single(Family.COUNT, np.full(ITEMS, MEAN), np.full(ITEMS, MEAN)))


def each(value: float) -> NDArray[np.int64]:
    """The same for every item."""
    return np.full(ITEMS, value, np.int64)


def rules() -> dict[str, Rule]:
    """The forms that are timed."""
    levels = (each(30), each(20))
    random_leads = np.tile([2, 3, 3, 4], (ITEMS, 1))
    base_stock = (each(LEVEL), each(LEVEL - 1))
    return {
        "(R, s, S), lost sales": rule(*levels, each(3)),
        "(R, s, S), backlog": rule(*levels, each(3), backlog=np.ones(ITEMS)),
        "weekly review, lost sales": rule(each(70), each(60), each(3), review=each(7)),
        "random lead time, MOQ, pack, expiry": rule(
            *levels, random_leads, moq=each(8), pack=each(4), shelf_life=each(8)
        ),
        "base stock, backlog": rule(*base_stock, each(LEAD), backlog=np.ones(ITEMS)),
    }


@njit(cache=True)
def only_draw(words: NDArray[np.uint32], periods: int, out: NDArray[np.int32]) -> None:
    """The limit of drawing: demand of LANES paths, thrown away."""
    keys = np.zeros((2, LANES), np.uint32)
    lanes.lane_keys(np.uint64(1), 0, 16, 0, keys[0], keys[1])
    low, high = keys[0], keys[1]
    bits, found, demand = np.zeros(LANES, np.uint32), np.zeros(LANES, np.uint32), np.zeros(LANES, np.int32)
    size = np.uint32(np.round(np.log2(len(words))))
    for t in range(periods):
        lanes.random_bits(t, low, high, bits)
        lanes.look_up(bits, words, np.uint32(np.uint32(32) - size), found)
        lanes.pick(bits, found, size, demand)
    out[:] = demand


@njit(cache=True)
def only_step(periods: int, out: NDArray[np.int32]) -> None:
    """The limit of stepping: (R, s, S) with lost sales under a demand of 5 in every period."""
    state, coming = np.zeros((lanes.COUNTERS, LANES), np.int32), np.zeros((4, LANES), np.int32)
    state[lanes.STOCK][:] = 30
    state[lanes.POSITION][:] = 30
    state[lanes.DEMAND][:] = 5
    position, orders = state[lanes.POSITION], state[lanes.ORDERS]
    levels = (np.int32(20), np.int32(30))
    for t in range(periods):
        lanes.order_up(position, levels, orders, coming[(t + 3) % 4])
        lanes.serve_or_lose(state, coming[t % 4])
    out[:] = state[lanes.HELD]


def general(periods: int) -> Callable[[], object]:
    """The general form, (R, s, S) with lost sales, demand handed in."""
    paths = 64
    made = places(ITEMS, opening=30, reorder_point=20, order_up_to=30)
    world = Supplied.alone(made, links(ITEMS, leads=3))
    demand = np.random.default_rng(1).poisson(MEAN, (ITEMS, paths, periods)).astype(np.float32)
    story = Story(demand, np.zeros((ITEMS, periods)), np.ones((ITEMS, periods)), np.ones(periods))
    return lambda: play_general(world, story, 1)


def stockpyl_stock(periods: int) -> float:
    """Mean stock of stockpyl's simulation of the base stock."""
    from stockpyl.sim import simulation
    from stockpyl.supply_chain_network import single_stage_system

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        network = single_stage_system(
            local_holding_cost=1,
            stockout_cost=9,
            shipment_lead_time=LEAD + 1,  # it orders after the period's demand, we before
            demand_type="P",
            mean=MEAN,
            policy_type="BS",
            base_stock_level=LEVEL,
            initial_inventory_level=LEVEL,
        )
        simulation(network, periods, rand_seed=1, progress_bar=False)
    node = network.nodes[0]
    return float(
        np.mean([max(sum(row.inventory_level.values()), 0.0) for row in node.state_vars[periods // 10 : periods]])
    )


def processor_seconds(work: Callable[[], object]) -> float:
    """Processor time of one call."""
    begun = time.process_time()
    work()
    return time.process_time() - begun


def run(quick: bool) -> list[dict[str, object]]:  # noqa: FBT001 - the benchmarks' common signature
    """The rows of the table."""
    before = numba.get_num_threads()
    numba.set_num_threads(1)
    try:
        return _rows(1_000 if quick else 4_000, 5 if quick else 9, 1_000 if quick else 4_000)
    finally:
        numba.set_num_threads(before)


def _rows(periods: int, rounds: int, peer_periods: int) -> list[dict[str, object]]:
    tables, span = demand_tables(), Span(periods, PATHS, periods // 10)
    words, sink = tables.words[0, 0, 0], np.zeros(LANES, np.int32)
    many = 4 * periods
    loops: dict[str, tuple[Callable[[], object], int]] = {
        "limit: only draw": (lambda: only_draw(words, many, sink), many * LANES),
        "limit: only step": (lambda: only_step(many, sink), many * LANES),
        "general form, one place": (general(200), ITEMS * 64 * 200),
    }
    for name, how in rules().items():
        loops[name] = (lambda how=how: play_long(tables, how, span, 1), ITEMS * PATHS * periods)  # type: ignore[misc]
    seconds: dict[str, list[float]] = {name: [] for name in loops}
    for work, _ in loops.values():
        work()  # compiled, or read from the cache, before the clock runs
    for _ in range(rounds):
        for name, (work, _) in loops.items():
            seconds[name].append(processor_seconds(work))
    speed = {name: days / statistics.median(seconds[name]) / GIGA for name, (_, days) in loops.items()}
    return [*_own_rows(speed), _beside_stockpyl(speed["base stock, backlog"], tables, span, peer_periods)]


def _own_rows(speed: dict[str, float]) -> list[dict[str, object]]:
    """Each form, its share of what a loop that draws and then steps could reach."""
    draw, step = speed["limit: only draw"], speed["limit: only step"]
    both = 1.0 / (1.0 / draw + 1.0 / step)
    goals = {"(R, s, S), lost sales": PLAIN_GOAL, "random lead time, MOQ, pack, expiry": RICH_GOAL}
    rows = []
    for name, value in speed.items():
        row: dict[str, object] = {"name": f"simulator: {name}", "ours": value, "unit": "G SKU-days/s/core"}
        if not name.startswith("limit"):
            row |= {"peer": both, "ratio": value / both}
        if name in goals:
            row |= {"limit": goals[name], "goal": "ours>="}
        rows.append(row)
    return rows


def _beside_stockpyl(ours: float, tables: DemandTables, span: Span, periods: int) -> dict[str, object]:
    """Our base stock beside stockpyl's. Raises ArithmeticError where either misses the textbook's stock."""
    spent: list[float] = []
    for _ in range(3):
        begun = time.process_time()
        theirs = stockpyl_stock(periods)
        spent.append(time.process_time() - begun)
    table = play_long(tables, rules()["base stock, backlog"], span, 1)
    mine = float(table[..., tally.HELD_DAYS].mean() / (span.periods - span.warm_up))
    lead_time_demand = MEAN * (LEAD + 1)
    expected = float(Distribution.single(Family.COUNT, lead_time_demand, lead_time_demand).expected_left(LEVEL)[0])
    for who, stock in (("ours", mine), ("stockpyl", theirs)):
        if abs(stock / expected - 1.0) > AGREEMENT:
            raise ArithmeticError(f"base stock, {who}: mean stock {stock}, the textbook says {expected}")
    peer = periods / statistics.median(spent) / GIGA
    return {
        "name": "simulator: base stock, backlog, beside stockpyl",
        "ours": ours,
        "peer": peer,
        "ratio": ours / peer,
        "limit": 150_000.0,
        "goal": "ratio>=",
        "unit": "G SKU-days/s/core",
    }


if __name__ == "__main__":
    print(table_text([Measurement.of(row) for row in run("--quick" in sys.argv)], []))
