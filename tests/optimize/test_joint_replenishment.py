"""Joint replenishment: the book's example, all multiples of small families, and the bound below every policy."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from orderpoint.optimize.eoq import LotCosts
from orderpoint.optimize.joint_replenishment import JointReplenishment


def test_snyder_and_shen_three_products_silver_s_rule_is_best_here() -> None:
    """K = 600, k = (120, 840, 300), h lambda = (160, 20, 50): T = 3.103, m = (1, 3, 1), 837.85 (stockpyl 1.0.2)."""
    joint = JointReplenishment.family(600.0, [120.0, 840.0, 300.0], [160.0, 20.0, 50.0], 1.0)
    ours = joint.optimal()
    given = joint.evaluate(3.103164454170876, [1, 3, 1])
    assert given[0] == pytest.approx(837.8544026261366, rel=1e-12)
    assert ours.cost[0] == pytest.approx(given[0], rel=1e-12)
    assert ours.multiple.tolist() == [1, 3, 1]
    assert ours.bound[0] < ours.cost[0]
    assert ours.cost[0] == pytest.approx(all_multiples(600.0, np.array([120.0, 840, 300]), np.array([80.0, 10, 25])))


def all_multiples(shared: float, k: np.ndarray, slope: np.ndarray, most: int = 12) -> float:
    """The least cost over all multiples 1..most, each with its best cycle."""
    rows = np.array(list(product(range(1, most + 1), repeat=len(k))))
    return float((2.0 * np.sqrt((shared + (k / rows).sum(axis=1)) * (rows * slope).sum(axis=1))).min())


def random_families(rng: np.random.Generator, n: int) -> JointReplenishment:
    sizes = rng.integers(1, 4, n)
    items = int(sizes.sum())
    return JointReplenishment(
        shared_cost=rng.uniform(5, 60, n),
        offsets=np.append(0, np.cumsum(sizes)),
        item_cost=rng.uniform(0, 40, items) * (rng.random(items) < 0.9),
        holding_cost=rng.uniform(0.2, 4, items),
        demand=rng.uniform(0.5, 30, items),
    )


def test_no_multiples_are_cheaper_in_220_random_families() -> None:
    joint = random_families(np.random.default_rng(77), 220)
    ours, powers = joint.optimal(), joint.power_of_two()
    assert joint.evaluate(ours.cycle, ours.multiple) == pytest.approx(ours.cost, rel=1e-12)
    assert joint.evaluate(powers.cycle, powers.multiple) == pytest.approx(powers.cost, rel=1e-12)
    slope = 0.5 * joint.holding_cost * joint.demand
    for f in range(220):
        part = slice(joint.offsets[f], joint.offsets[f + 1])
        assert ours.multiple[part].max() < 12
        best = all_multiples(joint.shared_cost[f], joint.item_cost[part], slope[part])
        assert ours.cost[f] == pytest.approx(best, rel=1e-12)


def test_powers_of_two_stay_within_their_guarantee_of_the_bound() -> None:
    """Jackson, Maxwell and Muckstadt: 1 / (sqrt(2) log 2), 2.02 %, above the bound; wide families too."""
    rng = np.random.default_rng(3)
    wide = JointReplenishment.family(
        40.0, rng.lognormal(2, 1.5, 400), rng.lognormal(0, 1, 400), rng.lognormal(3, 1.5, 400)
    )
    for joint in (random_families(rng, 300), wide):
        ours, powers = joint.optimal(), joint.power_of_two()
        assert (ours.bound <= ours.cost * (1 + 1e-12)).all()
        assert (ours.cost <= powers.cost * (1 + 1e-12)).all()
        assert (powers.cost <= powers.bound / (np.sqrt(2.0) * np.log(2.0)) * (1 + 1e-12)).all()
        assert ((powers.multiple & (powers.multiple - 1)) == 0).all()


def test_the_bound_is_the_least_of_free_cycles_no_shorter_than_the_common_one() -> None:
    joint = random_families(np.random.default_rng(5), 40)
    slope = 0.5 * joint.holding_cost * joint.demand
    bound = joint.optimal().bound
    for f in range(40):
        part = slice(joint.offsets[f], joint.offsets[f + 1])
        k, held = joint.item_cost[part], slope[part]
        common = np.geomspace(1e-2, 1e2, 40_001)[:, None]
        cycles = np.maximum(common, np.sqrt(k / held))
        trial = joint.shared_cost[f] / common[:, 0] + (k / cycles + held * cycles).sum(axis=1)
        assert bound[f] == pytest.approx(trial.min(), rel=1e-6)
        assert bound[f] <= trial.min() * (1 + 1e-12)


def test_a_single_item_is_the_economic_lot_with_both_fixed_costs() -> None:
    joint = JointReplenishment.family(5.0, 3.0, 0.225, 1300.0)
    ours, lot = joint.optimal(), LotCosts(8.0, 0.225, 1300.0).optimal()
    assert ours.cost[0] == pytest.approx(lot.cost[0], rel=1e-12)
    assert ours.bound[0] == pytest.approx(lot.cost[0], rel=1e-12)
    assert joint.order_quantities(ours)[0] == pytest.approx(lot.quantity[0], rel=1e-12)


def test_families_that_are_none_are_refused() -> None:
    one = np.ones(1)
    with pytest.raises(ValueError, match="every family needs an item"):
        JointReplenishment(np.ones(2), np.array([0, 1, 1]), one, one, one)
    with pytest.raises(ValueError, match="shared_cost"):
        JointReplenishment.family(0.0, 1.0, 1.0, 1.0)
    with pytest.raises(ValueError, match="demand"):
        JointReplenishment.family(1.0, 1.0, 1.0, 0.0)
    with pytest.raises(ValueError, match="positive cycles"):
        JointReplenishment.family(1.0, 1.0, 1.0, 1.0).evaluate(1.0, 0)


def test_shares_add_up_to_the_cost_of_an_order_and_items_alone_with_theirs_cost_the_bound() -> None:
    joint = random_families(np.random.default_rng(11), 60)
    shares, slope = joint.shares(), 0.5 * joint.holding_cost * joint.demand
    assert (shares >= 0.0).all()
    assert np.add.reduceat(shares, joint.offsets[:-1]) == pytest.approx(joint.shared_cost, rel=1e-9)
    alone = 2.0 * np.sqrt((joint.item_cost + shares) * slope)
    assert np.add.reduceat(alone, joint.offsets[:-1]) == pytest.approx(joint.optimal().bound, rel=1e-9)
    cycle = np.sqrt((joint.item_cost + shares) / slope)
    for f in range(60):
        mine = cycle[joint.offsets[f] : joint.offsets[f + 1]]
        bearing = shares[joint.offsets[f] : joint.offsets[f + 1]] > 0.0
        assert mine[bearing] == pytest.approx(np.full(bearing.sum(), mine.min()), rel=1e-9), "one common cycle"
