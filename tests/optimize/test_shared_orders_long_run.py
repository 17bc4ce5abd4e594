"""Orders whose fixed cost two lines share, for ever: MINCOST beside the optimum of the Markov decision process."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import product

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import poisson

from orderpoint.optimize.mincost import MinCost
from orderpoint.optimize.sampling import Sampling
from orderpoint.tables.shared_limits import SharedLimits
from orderpoint.testing.small_shop import SmallShop

FloatArray = NDArray[np.float64]
POLICY = MinCost(Sampling(paths=512), patient=False)
MOST_DEMAND = 80


@dataclass(frozen=True)
class Pair:
    """Two lines (2,) with lost sales and no lead time, stock 0..top of each; `shared` is what an order costs."""

    mean: FloatArray
    holding: FloatArray
    stockout: FloatArray
    order_cost: FloatArray
    shared: float
    top: int

    def windows(self) -> FloatArray:
        """(top + 1, top + 1): expected cost of a period that begins with these stocks."""
        demand, parts = np.arange(MOST_DEMAND), []
        for mean, holding, stockout in zip(self.mean, self.holding, self.stockout, strict=True):
            left = np.arange(self.top + 1)[:, None] - demand
            parts.append((holding * np.maximum(left, 0) + stockout * np.maximum(-left, 0)) @ poisson.pmf(demand, mean))
        return parts[0][:, None] + parts[1][None, :]

    def moves(self) -> list[FloatArray]:
        """Chances of the stock after a period, for each line (top + 1, top + 1)."""
        found = []
        for mean in self.mean:
            chances = np.zeros((self.top + 1, self.top + 1))
            for y in range(self.top + 1):
                demand = np.arange(y)
                chances[y, y - demand] = poisson.pmf(demand, mean)
                chances[y, 0] += 1.0 - chances[y].sum()
            found.append(chances)
        return found


def long_run(pair: Pair, order: NDArray[np.int64] | None) -> float:
    """Cost of a period in the long run, by value iteration: of `order` (states, 2), or of the best orders (None)."""
    size, windows, (first, second) = pair.top + 1, pair.windows(), pair.moves()
    value = np.zeros((size, size))
    if order is not None:
        stock = np.stack(np.meshgrid(np.arange(size), np.arange(size), indexing="ij"), axis=2)
        units = order.reshape(size, size, 2)
        after = np.minimum(stock + units, pair.top)
        fixed = ((units > 0) * pair.order_cost).sum(axis=2) + pair.shared * (units > 0).any(axis=2)
    for _ in range(20_000):
        ahead = windows + first @ value @ second.T
        if order is None:
            one = np.minimum(ahead, np.minimum.accumulate(ahead[::-1], 0)[::-1] + pair.order_cost[0])
            both = np.minimum(one, np.minimum.accumulate(one[:, ::-1], 1)[:, ::-1] + pair.order_cost[1])
            new = np.minimum(ahead, both + pair.shared)
        else:
            new = fixed + ahead[after[..., 0], after[..., 1]]
        change = new - value
        value = new - new[0, 0]
        if change.max() - change.min() < 1e-6:
            return float(change.mean())
    raise AssertionError("value iteration did not settle")


def orders_of(pair: Pair, *, charged: bool) -> NDArray[np.int64]:
    """(states, 2): what MINCOST orders from every pair of stocks, each pair a shop with a supplier of its own."""
    stock = np.array(list(product(range(pair.top + 1), repeat=2)), np.float64)
    count = len(stock)

    def each(values: FloatArray) -> FloatArray:
        return np.tile(values, count)

    shop = SmallShop(
        mean=each(pair.mean),
        on_hand=stock.ravel(),
        arrival=0,
        next_arrival=1,
        horizon=4,
        holding_per_period=each(pair.holding),
        stockout=each(pair.stockout),
        order_cost=each(pair.order_cost),
        unit_cost=1e6,
    )
    snapshot, demand = shop.build()
    names, none = tuple(f"{k:05d}" for k in range(count)), np.zeros(count)
    shared = SharedLimits(
        names,
        none,
        none + np.inf,
        none + np.nan,
        np.array([np.inf]),
        np.zeros(2 * count, np.int32),
        np.zeros(2 * count),
        none + pair.shared,
    )
    supplier = tuple(name for name in names for _ in range(2))
    snapshot = replace(snapshot, supply=replace(snapshot.supply, supplier=supplier), shared=shared if charged else None)
    return POLICY.decide(snapshot, demand).quantity.reshape(count, 2).astype(np.int64)


def random_pair(rng: np.random.Generator, costs: tuple[float, ...]) -> Pair:
    """Slow lines, shortages four to twenty times as dear as holding."""
    holding = rng.uniform(0.5, 2.0, 2).round(2)
    mean, stockout = rng.uniform(0.3, 3.0, 2).round(2), holding * rng.uniform(4.0, 20.0, 2).round(1)
    own, shared = rng.choice([0.0, 0.0, 1.0, 5.0], 2), float(rng.choice(costs))
    level = 4.0 * mean.max() + 2.0 * np.sqrt(2.0 * (shared + own.max()) * mean.max() / holding.min()) + 8.0
    return Pair(mean, holding, stockout, own, shared, int(np.clip(level, 22, 45)))


def test_a_shared_order_costs_little_more_than_the_optimum_and_less_than_if_its_cost_were_ignored() -> None:
    pair = Pair(np.array([1.4, 0.8]), np.array([0.7, 1.4]), np.array([8.0, 14.0]), np.zeros(2), 8.0, 24)
    best = long_run(pair, None)
    ours, ignoring = (long_run(pair, orders_of(pair, charged=charged)) for charged in (True, False))
    assert best - 1e-5 <= ours <= 1.02 * best
    assert ours < 0.9 * ignoring


@pytest.mark.proof
def test_twenty_shared_orders_cost_half_a_percent_more_than_the_optimum_on_average() -> None:
    rng, gaps, saved = np.random.default_rng(0), [], []
    for _ in range(20):
        pair = random_pair(rng, (2.0, 5.0, 15.0, 40.0))
        best = long_run(pair, None)
        ours, ignoring = (long_run(pair, orders_of(pair, charged=charged)) for charged in (True, False))
        gaps.append(ours / best - 1.0)
        assert -1e-5 <= gaps[-1] <= 0.025
        saved.append(1.0 - ours / ignoring)
    assert np.mean(gaps) <= 0.006
    assert min(saved) >= -0.003, (
        "values of lines apart are not exact: where little is to be saved, a little may be lost"
    )
    assert sum(share > 0.0 for share in saved) >= 18
