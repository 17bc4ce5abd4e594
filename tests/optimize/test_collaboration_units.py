"""Places that count the same goods in different units: boxes of pieces, pieces of boxes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from orderpoint.domain.errors import InputFaults
from orderpoint.messages import LANGUAGES, say
from orderpoint.messages.faults import FAULTS
from orderpoint.optimize.collaboration.pooled import echelons_of, pooled
from orderpoint.optimize.collaboration.structure import structure_of
from orderpoint.optimize.sampling import Sampling
from orderpoint.optimize.scollab import Scollab
from orderpoint.stockflow.placed import moved
from orderpoint.tables.decisions import Decisions
from orderpoint.testing.policy_contract import check_decisions
from tests.optimize.network_places import DIAMOND, SERIAL, SHOPS, STAR, TREE, Places

POLICY = Scollab(Sampling(paths=64))
CHAIN = (("maker", "hub"), ("hub", "shop"))


def chain(per: float, mean: float, on_hand: tuple[float, float] = (0, 0), cost: float = 5.0) -> Decisions:
    """One warehouse and one shop; the shop's holding and shortage cost are those of as many pieces."""
    shop = {"unit_cost": np.array([cost, cost * per]), "stockout": np.array([1.0, per])}
    shop |= {"holding_per_period": np.array([0.2, 0.2 * per])}
    snapshot, demand = Places({"hub": 0.0, "shop": mean}, CHAIN, on_hand, shop=shop, quantity_per=per).build()
    decisions = POLICY.decide(snapshot, demand)
    check_decisions(snapshot, decisions)
    return decisions


def test_boxes_that_the_shop_sells_are_as_many_pieces_for_the_warehouse() -> None:
    pieces = chain(1.0, 40.0).quantity[0]
    assert chain(4.0, 10.0).quantity[0] == pytest.approx(pieces, rel=0.15)
    assert chain(0.5, 80.0).quantity[0] == pytest.approx(pieces, rel=0.15)


def test_a_box_in_the_shop_counts_as_its_pieces_for_the_order() -> None:
    assert chain(4.0, 10.0, (0, 3)).quantity[0] == chain(4.0, 10.0).quantity[0] - 12.0


def test_the_echelon_counts_in_units_of_its_root() -> None:
    places = Places({"centre": 0.0, "depot": 1.0, "shop": 6.0}, SERIAL, (1, 2, 3), shop={"level_cv2": 0.1})
    snapshot, demand = replace(places, quantity_per={("centre", "depot"): 2.0, ("depot", "shop"): 3.0}).build()
    structure = structure_of(snapshot)
    assert structure is not None
    assert structure.units.size.tolist() == [1.0, 2.0, 6.0]
    assert structure.units.parcel.tolist() == [6, 3, 1]
    view, ahead = pooled(snapshot, demand, echelons_of(structure))
    assert view.stock.on_hand.tolist() == [1.0 + 2 * 2.0 + 6 * 3.0]
    assert ahead.mean[0] == pytest.approx(2 * demand.mean[1] + 6 * demand.mean[2])
    last = demand.timeline.count - 1
    parts = demand.sum_over(0, last).variances()
    assert ahead.sum_over(0, last).variances()[0] == pytest.approx(4 * parts[1] + 36 * parts[2])
    held, sold = snapshot.costs.holding_cost_per_unit_day, demand.mean.sum(axis=1)
    each = (sold * held).sum() / (2 * sold[1] + 6 * sold[2])
    assert view.costs.holding_cost_per_unit_day[0] == pytest.approx(each), "money per unit of the root"


def test_a_shipment_takes_whole_units_at_both_ends() -> None:
    for per, sent in ((4.0, 2.0), (0.5, 18.0), (1.5, 6.0), (1.0 / 3.0, 27.0)):
        snapshot, demand = Places({"hub": 0.0, "shop": 30.0}, CHAIN, (9, 0), quantity_per=per).build()
        decisions = POLICY.decide(snapshot, demand)
        moves = decisions.transfers
        assert moves is not None
        assert moves.quantity.tolist() == [sent]
        assert moves.leaving == pytest.approx(per * moves.quantity)
        assert (moves.leaving == np.round(moves.leaving)).all()
        after = moved(snapshot, replace(decisions, further=None))
        assert after.stock.on_hand[0] == 9.0 - moves.leaving.sum() >= 0.0
        assert after.stock.receipts[1].sum() == sent


@pytest.mark.parametrize("arcs", [STAR, TREE, DIAMOND, SERIAL], ids=["star", "tree", "diamond", "serial"])
def test_every_shape_of_network_takes_units_that_differ(arcs: tuple[tuple[str, str], ...]) -> None:
    names = sorted({name for arc in arcs for name in arc} - {"maker"})
    ends = {target for _, target in arcs} - {source for source, _ in arcs}
    demand_of = {name: {**SHOPS, "shop": 4.0}.get(name, 0.0) for name in names}
    per = {arc: 6.0 for arc in arcs if arc[1] in ends}
    per = {arc: value for arc, value in per.items() if arc[1] != "west"}
    ordered = []
    for sizes in (per, 1.0):
        scale = {name: 6.0 if isinstance(sizes, float) and name in ends - {"west"} else 1.0 for name in names}
        means = {name: demand_of[name] * scale[name] for name in names}
        snapshot, demand = Places(means, arcs, (0,) * len(names), quantity_per=sizes).build()
        costs = {"holding_cost_per_unit_day": 1.0, "stockout_cost_per_unit": 1.0}
        factor = np.array(
            [6.0 if (not isinstance(sizes, float)) and name in ends - {"west"} else 1.0 for name in names]
        )
        costs = {name: getattr(snapshot.costs, name) * factor for name in costs}
        snapshot = replace(snapshot, costs=replace(snapshot.costs, **costs))
        decisions = POLICY.decide(snapshot, demand)
        check_decisions(snapshot, decisions)
        ordered.append(float(decisions.quantity.sum()))
    assert ordered[0] == pytest.approx(ordered[1], rel=0.25), "six pieces to a box are ordered as six pieces"


INNER = {"hub -> north", "hub -> depot", "depot -> south", "depot -> west", "hub -> west"}
RING = {"hub -> depot", "depot -> west", "hub -> west"}


@pytest.mark.parametrize(
    ("per", "code", "arcs"),
    [
        (1.05, "network_no_whole_units", [INNER]),
        ({("hub", "north"): 0.0}, "network_no_whole_units", [{"hub -> north"}]),
        ({("hub", "west"): 2.0}, "network_ways_disagree", [{arc} for arc in RING]),
    ],
)
def test_units_that_cannot_be_kept_are_told_with_their_arcs(per: object, code: str, arcs: list[set[str]]) -> None:
    snapshot, demand = Places({**SHOPS, "depot": 0.0}, DIAMOND, (9,), items=2, quantity_per=per).build()  # type: ignore[arg-type]
    with pytest.raises(InputFaults) as told:
        POLICY.decide(snapshot, demand)
    assert {fault.code for fault in told.value.faults} == {code}
    assert {fault.details["arc"] for fault in told.value.faults} in arcs, "each arc once, whatever it carries"
    for fault in told.value.faults:
        for language in LANGUAGES:
            assert fault.details["arc"] in say(FAULTS, fault.code, language, **fault.details)


def test_an_arc_from_outside_may_say_what_it_likes() -> None:
    places = Places(SHOPS, STAR, (0, 0, 0, 0), quantity_per={("maker", "hub"): 1.05})
    plain = replace(places, quantity_per=1.0)
    assert np.array_equal(POLICY.decide(*places.build()).quantity, POLICY.decide(*plain.build()).quantity)
