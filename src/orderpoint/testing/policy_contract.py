"""What every policy must keep, as tests to inherit: `class TestMine(PolicyContract)` with a `policy` method.

The suite needs pytest only to be collected; each method is a sentence and asserts it.
"""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from itertools import pairwise

import numpy as np

from orderpoint.domain.calendar import Period
from orderpoint.domain.supply import PriceBreaks
from orderpoint.optimize.base import Policy, evaluations
from orderpoint.tables.decisions import Decisions, Evaluation
from orderpoint.tables.demand import Demand
from orderpoint.tables.snapshot import Snapshot
from orderpoint.testing.small_shop import SmallShop, two_offers, with_receipt

MEANS = (0.0, 0.05, 0.4, 3.0, 10.0, 150.0)


def value_of(snapshot: Snapshot, decisions: Decisions) -> float:
    """Money that the orders cost, price breaks included."""
    supply = snapshot.supply
    bought = zip(decisions.offer, decisions.quantity, strict=True)
    return float(sum(q * supply.price_breaks[o].unit_price(q, supply.unit_cost[o]) for o, q in bought if q > 0))


def same(a: object, b: object) -> bool:
    """Whether two results are equal, bit by bit, with all that they hold."""
    if is_dataclass(a) and is_dataclass(b):
        return type(a) is type(b) and all(same(getattr(a, f.name), getattr(b, f.name)) for f in fields(a))
    if isinstance(a, np.ndarray):
        return np.array_equal(a, b)  # type: ignore[arg-type]
    return a == b


def check_decisions(snapshot: Snapshot, decisions: Decisions) -> None:
    """Asserts shapes, whole units, and that MOQ, pack, maxima, status, order days and offers are kept."""
    n, supply = len(snapshot.index), snapshot.supply
    for name in ("quantity", "offer", "reorder_point", "order_up_to", "shadow_price"):
        assert getattr(decisions, name).shape == (n,), name
    quantity, offer = decisions.quantity, decisions.offer
    assert (quantity == np.floor(quantity)).all()
    assert (quantity >= 0).all()
    assert (offer >= supply.offsets[:-1]).all()
    assert (offer < supply.offsets[1:]).all()
    bought = quantity > 0
    assert snapshot.orderable[bought].all()
    assert supply.takes_orders_today[offer][bought].all()
    assert (quantity >= supply.moq[offer])[bought].all()
    assert (quantity % supply.pack[offer] == 0)[bought].all()
    assert (quantity <= supply.max_quantity[offer])[bought].all()
    assert (decisions.order_up_to <= snapshot.costs.max_stock).all()
    assert (decisions.reorder_point <= decisions.order_up_to).all()
    assert np.isfinite(decisions.order_up_to).all()
    if snapshot.budget is not None:
        assert value_of(snapshot, decisions) <= snapshot.budget + 1e-6


def check_evaluation(snapshot: Snapshot, evaluation: Evaluation) -> None:
    """Asserts shapes, finite numbers of at least 0, and shares between 0 and 1."""
    for field in fields(evaluation):
        values = getattr(evaluation, field.name)
        assert values.shape == (len(snapshot.index),), field.name
        assert np.isfinite(values).all(), field.name
        assert (values >= 0).all(), field.name
    assert (evaluation.fill_rate <= 1).all()
    assert (evaluation.stockout_risk <= 1).all()


class PolicyContract:
    """Inherit, and give the policy to be tested; `least_cost` False where it does not claim the least expected cost."""

    least_cost = True

    def policy(self) -> Policy:
        """The policy to be tested, made anew."""
        raise NotImplementedError

    def decided(self, snapshot: Snapshot, demand: Demand) -> Decisions:
        """The checked decisions."""
        decisions = self.policy().decide(snapshot, demand)
        check_decisions(snapshot, decisions)
        return decisions

    def cost(
        self, snapshot: Snapshot, demand: Demand, decisions: Decisions
    ) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        """The checked expected cost of decisions."""
        evaluation = self.policy().evaluate(snapshot, demand, decisions)
        check_evaluation(snapshot, evaluation)
        return evaluation.cost

    def test_it_has_a_name(self) -> None:
        """A name in lower case."""
        assert self.policy().name == self.policy().name.lower() != ""

    def test_it_orders_whole_units_for_every_period_length(self) -> None:
        """Days, weeks and months."""
        for period in Period:
            decisions = self.decided(*SmallShop(mean=MEANS, period=period).build())
            assert decisions.quantity[0] == 0, "an item that nobody asks for"
            assert decisions.quantity[-1] > 0, "150 a period and nothing on hand"

    def test_it_keeps_pack_moq_and_maximum(self) -> None:
        """Quantities that the supplier sells."""
        self.decided(*SmallShop(mean=MEANS, pack=12, moq=20, max_quantity=100).build())
        self.decided(*SmallShop(mean=MEANS, price_breaks=PriceBreaks(((50, 4.0),)), order_cost=3).build())

    def test_it_keeps_the_maximum_stock(self) -> None:
        """Stock on hand and on its way never passes it."""
        snapshot, demand = with_receipt(SmallShop(mean=MEANS, on_hand=4, max_stock=9).build()[0], 1, 2), None
        demand = SmallShop(mean=MEANS).build()[1]
        assert (self.decided(snapshot, demand).quantity <= 9 - 6).all()

    def test_frozen_items_and_closed_suppliers_get_no_order(self) -> None:
        """Neither is ever ordered."""
        snapshot, demand = SmallShop(mean=(10, 10, 10)).build()
        frozen = replace(snapshot, orderable=np.array([True, False, True]))
        closed = replace(snapshot.supply, takes_orders_today=np.array([True, True, False]))
        quantity = self.decided(replace(frozen, supply=closed), demand).quantity
        assert quantity[0] > 0
        assert quantity[1] == quantity[2] == 0

    def test_without_stock_there_are_levels_and_no_orders(self) -> None:
        """The levels are the answer then."""
        snapshot, demand = SmallShop(mean=MEANS).build()
        unknown = replace(snapshot, stock=replace(snapshot.stock, known=False))
        decisions = self.decided(unknown, demand)
        assert (decisions.quantity == 0).all()
        assert np.array_equal(decisions.order_up_to, self.decided(snapshot, demand).order_up_to)
        assert decisions.order_up_to[-1] > 150

    def test_the_budget_is_kept(self) -> None:
        """Whatever it is."""
        snapshot, demand = SmallShop(mean=MEANS, pack=3).build()
        whole = value_of(snapshot, self.decided(snapshot, demand))
        for share in (0.0, 0.05, 0.4, 0.9, 1.0, 2.0):
            decisions = self.decided(replace(snapshot, budget=share * whole), demand)
            assert decisions.gap >= 0
            assert (decisions.quantity.sum() > 0) == (share > 0)

    def test_open_orders_help_when_they_come_in_time(self) -> None:
        """One due before the next order could come is counted; one due later is not."""
        snapshot, demand = SmallShop(mean=(10, 3), on_hand=2).build()
        none = self.decided(snapshot, demand).quantity
        soon = self.decided(with_receipt(snapshot, 0, 4), demand).quantity
        inside = self.decided(with_receipt(snapshot, 2, 4), demand).quantity
        late = self.decided(with_receipt(snapshot, 7, 40), demand).quantity
        assert (soon <= none).all()
        assert (inside == none - 4).all()
        assert (late == none).all()

    def test_the_same_input_gives_the_same_bits(self) -> None:
        """Twice the same, and its input is left alone."""
        snapshot, demand = two_offers(SmallShop(mean=MEANS, on_hand=3, level_cv2=0.1).build()[0]), None
        demand = SmallShop(mean=MEANS, level_cv2=0.1).build()[1]
        mean, stock = demand.mean.copy(), snapshot.stock.on_hand.copy()
        first, second = self.decided(snapshot, demand), self.decided(snapshot, demand)
        assert same(first, second)
        policy = self.policy()
        assert same(policy.evaluate(snapshot, demand, first), policy.evaluate(snapshot, demand, first))
        assert np.array_equal(mean, demand.mean)
        assert np.array_equal(stock, snapshot.stock.on_hand)

    def test_several_decisions_are_judged_as_each_is_alone(self) -> None:
        """Together on the same paths, with other stock and other orders, to the bit."""
        snapshot, demand = SmallShop(mean=MEANS, on_hand=5, order_cost=7, level_cv2=0.1).build()
        decisions, policy = self.decided(snapshot, demand), self.policy()
        fuller = replace(snapshot, stock=replace(snapshot.stock, on_hand=snapshot.stock.on_hand + 20.0))
        cases = [(snapshot, decisions), (snapshot, decisions.without_orders()), (fuller, decisions)]
        for case, together in zip(cases, evaluations(policy, demand, cases), strict=True):
            assert same(together, policy.evaluate(case[0], demand, case[1]))

    def test_cost_is_holding_ordering_and_stockout(self) -> None:
        """The cost identity, for any decisions; and nothing is free of demand, stock or shortage."""
        snapshot, demand = SmallShop(mean=MEANS, on_hand=5, order_cost=7).build()
        decisions = self.decided(snapshot, demand)
        for quantity in (decisions.quantity, np.zeros(len(MEANS)), np.full(len(MEANS), 30.0)):
            result = self.policy().evaluate(snapshot, demand, replace(decisions, quantity=quantity))
            check_evaluation(snapshot, result)
            assert np.allclose(result.cost, result.holding_cost + result.ordering_cost + result.stockout_cost)
            assert np.array_equal(result.ordering_cost, np.where(quantity > 0, 7.0, 0.0))
            assert np.allclose(result.stockout_cost, result.short)

    def test_no_neighbour_is_cheaper(self) -> None:
        """One unit more or less costs no less, by the policy's own evaluation."""
        if not self.least_cost:
            return
        for backlog in (False, True):
            snapshot, demand = SmallShop(mean=MEANS, on_hand=3, level_cv2=0.05, backlog=backlog).build()
            decisions = self.decided(snapshot, demand)
            cost = self.cost(snapshot, demand, decisions)
            for change in (-1.0, 1.0):
                other = replace(decisions, quantity=np.maximum(decisions.quantity + change, 0.0))
                assert (self.cost(snapshot, demand, other) >= cost - 1e-9).all()

    def test_money_moves_the_level(self) -> None:
        """A dearer shortage never lowers an order or a level; dearer stock never raises it."""
        if not self.least_cost:
            return
        for shop in (
            SmallShop(mean=MEANS),
            SmallShop(mean=MEANS, backlog=True),
            SmallShop(mean=MEANS, arrival=0, next_arrival=2),
        ):
            by_stockout = [self.decided(*replace(shop, stockout=p).build()) for p in (0.1, 0.3, 1.0, 4.0, 40.0)]
            by_holding = [self.decided(*replace(shop, holding_per_period=h).build()) for h in (2.0, 0.6, 0.2, 0.05)]
            for rising in (by_stockout, by_holding):
                for low, high in pairwise(rising):
                    assert (low.order_up_to <= high.order_up_to).all()
                    assert (low.quantity <= high.quantity).all()
                assert rising[0].order_up_to.sum() < rising[-1].order_up_to.sum()
