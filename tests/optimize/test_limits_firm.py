"""Firm limits that conflict: the set that is named, against every combination of lots and of limits."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from orderpoint.domain.errors import InfeasibleError
from orderpoint.domain.supply import PriceBreaks
from orderpoint.optimize.irreducible import irreducible
from orderpoint.optimize.limits import possible as asking
from orderpoint.optimize.limits.asked import Asked, asked
from orderpoint.optimize.limits.claim import BUDGET, CONTAINER, FLOOR, MAXIMUM, MINIMUM, SPACE, Claim, Key
from orderpoint.optimize.limits.firm import claim_of, require_possible
from orderpoint.optimize.limits.possible import needed, possible
from orderpoint.optimize.limits.problem import Terms
from orderpoint.optimize.mincost import MinCost
from orderpoint.optimize.sampling import Sampling
from orderpoint.testing.policy_contract import value_of
from orderpoint.testing.small_shop import SmallShop, two_offers, with_receipt


def claim_from(seed: int) -> Claim:
    """Two or three lines of two suppliers and two places, of few lots each, under limits that are often too tight."""
    rng = np.random.default_rng(seed)
    n = int(rng.integers(2, 4))
    pack = rng.choice([1.0, 2.0, 3.0], n)
    lot = pack * rng.integers(1, 3, n)
    held, most = lot + pack * rng.integers(0, 3, n), lot + pack * rng.integers(3, 5, n)
    units = np.where(rng.random(n) < 0.7, np.minimum(lot + pack * rng.integers(0, 2, n), held), 0.0)
    price = rng.integers(1, 6, n).astype(float)
    offers = np.stack([np.arange(n), np.arange(n)], axis=1)
    ask = Asked(units, units * price, lot, pack, most, held, price, price, np.ones(n, np.bool_), offers)
    volume, place, seller = rng.choice([0.0, 1.0, 2.0], n), rng.integers(0, 2, n), rng.integers(0, 2, n)
    room = np.bincount(place, units * volume, 2) * rng.uniform(0.5, 2.5, 2) + 0.5
    terms = Terms(
        budget=float(units @ price * rng.uniform(0.6, 2.0) + 0.25),
        room=np.where(rng.random(2) < 0.6, room, np.inf),
        minimum=np.where(rng.random(2) < 0.6, rng.integers(1, 60, 2).astype(float), 0.0),
        container=np.where(rng.random(2) < 0.5, rng.integers(2, 20, 2).astype(float), np.inf),
        fill=0.8,
    )
    return Claim(ask, terms, volume, place, np.stack([np.arange(n), seller], axis=1))


def orders_of(claim: Claim, kept: frozenset[Key]) -> list[tuple[float, float]]:
    """(money, volume at place 0) of every combination of lots that keeps `kept`, each limit written out plainly."""
    ask, terms, found = claim.asked, claim.terms, []
    most = ask.most_held if (MAXIMUM, 0) in kept else ask.most
    lots = [[0.0, *np.arange(ask.lot[i], most[i] + 0.5, ask.pack[i])] for i in range(len(most))]
    for combination in product(*lots):
        units = np.array(combination)
        money, volume = units * ask.low, units * claim.unit_volume
        kept_all = [
            (FLOOR, 0) not in kept or bool((units >= ask.units).all()),
            (BUDGET, 0) not in kept or money.sum() <= terms.budget,
            *((SPACE, p) not in kept or volume[claim.place == p].sum() <= terms.room[p] + 1e-9 for p in (0, 1)),
        ]
        for s in (0, 1):
            mine = claim.sellers[:, 1] == s
            boxes = volume[mine].sum() / terms.container[s]
            least = max(np.ceil(boxes - 1e-9), 1.0) - 1.0 + terms.fill
            if (units[mine] > 0.0).any():
                kept_all.append((MINIMUM, s) not in kept or money[mine].sum() >= terms.minimum[s])
                kept_all.append((CONTAINER, s) not in kept or boxes >= least - 1e-9)
        if all(kept_all):
            found.append((float(money.sum()), float(volume[claim.place == 0].sum())))
    return found


@settings(max_examples=60)
@example(1127)  # HiGHS gives up on one of its questions unless its presolve is off
@given(st.integers(0, 10**6))
def test_the_set_that_is_named_conflicts_and_without_any_one_of_it_does_not(seed: int) -> None:
    claim = claim_from(seed)
    keys = {str(key): key for key in claim.limits()}
    assert possible(claim, frozenset(claim.limits())) == bool(orders_of(claim, frozenset(claim.limits())))
    named = irreducible(tuple(keys), lambda kept: possible(claim, frozenset(keys[name] for name in kept)))
    conflict = frozenset(keys[name] for name in named)
    if not conflict:
        assert orders_of(claim, frozenset(claim.limits()))
        return
    assert not orders_of(claim, conflict)
    for key in conflict:
        rest = orders_of(claim, conflict - {key})
        assert rest, f"{key} is not to blame"
        if key == (BUDGET, 0):
            assert needed(claim, conflict, key) == pytest.approx(min(money for money, _ in rest))
        if key == (SPACE, 0):
            assert needed(claim, conflict, key) == pytest.approx(min(volume for _, volume in rest))


def test_many_seeds_have_conflicts_of_several_sizes() -> None:
    sizes = []
    for seed in range(40):
        claim = claim_from(seed)
        keys = {str(key): key for key in claim.limits()}
        sizes.append(len(irreducible(tuple(keys), lambda kept: possible(claim, frozenset(keys[k] for k in kept)))))  # noqa: B023
    assert {0, 2, 3} <= set(sizes), "the property above is not empty"


def test_lots_that_may_be_split_only_call_impossible_what_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "MOST_WHOLE", 0)
    refused = 0
    for seed in range(60):
        claim = claim_from(seed)
        every = frozenset(claim.limits())
        if not possible(claim, every):
            refused += 1
            assert not orders_of(claim, every)
    assert refused > 10


def test_what_a_minimum_stock_asks_is_what_is_ordered_for_it() -> None:
    shop = SmallShop(mean=(0.01,) * 6, on_hand=(0, 5, 30, 12, 0, 0), pack=(1, 6, 1, 6, 1, 4), moq=(1, 1, 1, 18, 40, 1))
    shop = replace(shop, max_stock=(np.inf, np.inf, np.inf, np.inf, 30, 19), min_stock=20.0, stockout=0.01)
    snapshot, demand = shop.build()
    ordered = MinCost(Sampling(paths=64)).decide(snapshot, demand).quantity
    ask = asked(snapshot, snapshot.costs.min_stock)
    assert ask.units.tolist() == ordered.tolist() == [20, 18, 0, 18, 0, 0]
    assert ask.money.tolist() == (5.0 * ordered).tolist()
    assert ask.whole.all()
    helped = asked(with_receipt(snapshot, 1, 10), snapshot.costs.min_stock).units
    assert helped.tolist() == [10, 6, 0, 0, 0, 0], "open orders that arrive in time count"


def test_price_steps_and_several_offers_bound_what_is_asked() -> None:
    stepped, _ = SmallShop(mean=(1.0,), price_breaks=PriceBreaks(((25, 2.0),))).build()
    ask = asked(stepped, np.array([20.0]))
    assert (ask.units[0], ask.money[0]) == (20.0, 50.0), "25 at 2 are cheaper than 20 at 5"
    assert not ask.whole[0]
    both = asked(two_offers(SmallShop(mean=(1.0,), pack=12).build()[0], pack=7.0, unit_cost=9.0), np.array([20.0]))
    assert (both.units[0], both.money[0]) == (21.0, 120.0), "the least units of one offer, the least money of another"


def test_a_run_is_refused_only_where_its_floors_cannot_be_kept() -> None:
    snapshot, demand = SmallShop(mean=(10.0, 3.0, 1.0), on_hand=(0, 5, 40), budget=174.0).build()
    require_possible(snapshot, None, None)
    with pytest.raises(InfeasibleError) as raised:
        require_possible(snapshot, 20.0, None)
    assert raised.value.limits == ("--min-stock 20", "budget 174")
    assert [limit.details["need"] for limit in raised.value.told] == ["-", "175"]
    enough = replace(snapshot, budget=175.0, costs=snapshot.costs.bounded(20.0, None))
    require_possible(enough, 20.0, None)
    decided = MinCost(Sampling(paths=64)).decide(enough, demand)
    assert decided.quantity.tolist() == [20, 15, 0]
    assert value_of(enough, decided) == 175.0
    assert 0.0 <= decided.gap <= 1.0
    assert claim_of(enough, 20.0, None).asked.units.tolist() == [20, 15, 0]
