"""What the lost-sales benchmark says of a policy that reads all it is given, against a plain loop."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest

from benchmarks.long_lead_times import Gap, cases
from benchmarks.lost_sales import OPTIMAL_COST, Asked
from orderpoint.optimize.lost_sales import LostSales, evaluate, optimum
from orderpoint.optimize.mincost import MinCost
from orderpoint.optimize.sampling import Sampling
from orderpoint.tables.decisions import Decisions, Evaluation
from orderpoint.tables.demand import Demand
from orderpoint.tables.distribution import Distribution, Family
from orderpoint.tables.snapshot import Snapshot

PERIODS = 20_000


@dataclass(frozen=True)
class UpTo:
    """Orders up to a level of the position, in which what is due last counts half."""

    level: float
    name: str = "up to"

    def decide(self, snapshot: Snapshot, demand: Demand) -> Decisions:
        assert (demand.mean == 5.0).all()
        assert (snapshot.supply.arrival_period == snapshot.timeline.count - 1).all()
        receipts = snapshot.stock.receipts
        order = wanted(self.level, snapshot.stock.on_hand, receipts[:, 1:-1])
        none = np.zeros_like(order)
        return Decisions(order, np.arange(len(order)), none, none, none)

    def evaluate(self, snapshot: Snapshot, demand: Demand, decisions: Decisions) -> Evaluation:
        raise NotImplementedError


def wanted(level: float, on_hand: np.ndarray, due: np.ndarray) -> np.ndarray:
    last = due[:, -1] if due.shape[1] else np.zeros(len(on_hand))
    return np.maximum(level - on_hand - due.sum(axis=1) + np.floor(last / 2.0), 0.0)


@pytest.mark.parametrize("lead_time", [1, 2, 3])
def test_a_policy_of_the_contract_costs_what_a_plain_loop_says(lead_time: int) -> None:
    poisson = Distribution.single(Family.COUNT, 5.0, 5.0).masses().values
    system = LostSales(poisson, lead_time, 1.0, 7.0)
    demand = np.random.default_rng(lead_time).poisson(5.0, PERIODS)
    on_hand, due, costs = 5, [5] * (lead_time - 1), []
    for units in demand:
        due.append(int(wanted(12.0, np.array([on_hand]), np.array([due]))[0]))
        left, short = max(on_hand - units, 0), max(units - on_hand, 0)
        costs.append(left + 7 * short)
        on_hand = left + due.pop(0)
    batches = np.array(costs).reshape(50, -1).mean(axis=1)
    exact = evaluate(system, Asked(UpTo(12.0), system)).cost
    assert abs(exact - np.mean(costs)) < 4.0 * batches.std() / np.sqrt(50)


@pytest.mark.parametrize(
    ("lead_time", "fields", "most"),
    [
        (1, {}, 0.5),
        (2, {}, 0.5),
        (1, {"order_cost": 20.0}, 0.5),
        (2, {"order_cost": 20.0}, 1.0),
        (1, {"pack": 4}, 0.5),
        (2, {"pack": 4}, 2.5),
        (1, {"least": 10, "pack": 10}, 0.5),
    ],
)
def test_mincost_comes_near_the_exact_optimum_with_lots_and_fixed_costs_too(
    lead_time: int, fields: dict[str, float], most: float
) -> None:
    poisson = Distribution.single(Family.COUNT, 5.0, 5.0).masses().values
    system = LostSales(poisson, lead_time, 1.0, 9.0, **fields)
    cost = evaluate(system, Asked(MinCost(Sampling(paths=1024)), system), 1e-4).cost
    assert 100.0 * (cost / optimum(system, 1e-4).lower - 1.0) <= most


def test_the_optimal_costs_rise_with_lead_time_and_with_the_cost_of_a_lost_unit() -> None:
    costs = np.array([[OPTIMAL_COST[lead_time, p] for p in (4, 9, 19, 39)] for lead_time in (1, 2, 3, 4)])
    assert (np.diff(costs, axis=0) > 0).all()
    assert (np.diff(costs, axis=1) > 0).all()


def test_long_lead_times_meet_every_cost_and_only_what_counts_and_is_no_chance_is_dearer() -> None:
    grid = cases()
    assert len(set(grid)) == len(grid) == 96
    assert len({(case.lead_time, case.lost) for case in grid}) == 36
    assert Gap(0.5, 0.2).is_dearer
    assert not Gap(0.5, 0.3).is_dearer
    assert not Gap(0.05, 0.0).is_dearer
