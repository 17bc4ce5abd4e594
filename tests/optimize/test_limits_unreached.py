"""Why nothing is bought, and minimum stocks under shared limits, against every combination of choices."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from orderpoint.optimize.coordination import coordinate
from orderpoint.optimize.limits.problem import Lines, Terms
from orderpoint.optimize.limits.unreached import Outcome, unreached
from orderpoint.optimize.shared_curves import Wanted
from orderpoint.optimize.shared_terms import CONTAINER_FILL
from orderpoint.tables.shared_limits import SharedLimits
from orderpoint.testing.small_shop import SmallShop

WHY = {
    "minimum_out_of_reach": ("minimum",),
    "minimum_above_budget": ("minimum", "budget"),
    "minimum_above_space": ("minimum", "room"),
    "container_out_of_reach": ("container",),
    "container_above_budget": ("container", "budget"),
    "container_above_space": ("container", "room"),
}
"""Code of a remark -> the limits that it says nothing can be bought under."""


def lines_from(seed: int) -> tuple[Lines, Terms]:
    """Three lines of one supplier in two places, under limits that are often too tight."""
    rng = np.random.default_rng(seed)
    units = np.cumsum(rng.integers(1, 4, (3, 4)), axis=1).astype(float)
    units[:, 0] = 0.0
    units = np.maximum.accumulate(units, axis=1)
    price = rng.integers(1, 6, 3).astype(float)
    volume, place = rng.choice([0.0, 1.0, 2.0], 3), rng.integers(0, 2, 3)
    lines = Lines(units, units * price[:, None], units.copy(), volume, place, np.zeros(3, np.int64))
    minimum, container = float(rng.choice([0.0, 20.0, 60.0, 200.0])), float(rng.choice([np.inf, 8.0, 30.0, 90.0]))
    room = rng.choice([np.inf, 3.0, 12.0], 2)
    return lines, Terms(float(rng.choice([15.0, 50.0, np.inf])), room, np.array([minimum]), np.array([container]))


def may_order(lines: Lines, terms: Terms, limits: tuple[str, ...]) -> list[tuple[float, float]]:
    """(money, volume) of every order that keeps the named limits."""
    found = []
    for choice in product(range(4), repeat=3):
        units = lines.quantity[np.arange(3), list(choice)]
        money, volume = lines.money[np.arange(3), list(choice)].sum(), units * lines.unit_volume
        boxes = max(np.ceil(volume.sum() / terms.container[0] - 1e-9), 1.0)
        kept = {
            "minimum": money >= terms.minimum[0],
            "budget": money <= terms.budget,
            "room": (np.bincount(lines.place, volume, 2) <= terms.room).all(),
            "container": volume.sum() >= (boxes - 1.0 + terms.fill) * terms.container[0] - 1e-9,
        }
        if units.any() and all(kept[limit] for limit in limits):
            found.append((float(money), float(volume.sum())))
    return found


@settings(max_examples=200)
@given(st.integers(0, 10**6))
def test_the_limit_that_is_blamed_keeps_every_order_from_being_placed(seed: int) -> None:
    lines, terms = lines_from(seed)
    wanted = lines.quantity[:, -1]
    for remark in unreached(Outcome(lines, terms, wanted, np.zeros(3), ("north", "south"), ("ACME",))):
        if remark.code in WHY:
            assert not may_order(lines, terms, WHY[remark.code]), remark
            without = may_order(lines, terms, WHY[remark.code][:1])
            figures = remark.details
            if remark.code.endswith(("budget", "space")) and without:
                need = float(figures.get("need", figures["limit"]).replace(",", ""))
                at = 0 if remark.code.endswith("budget") else 1
                assert need <= min(order[at] for order in without) + 0.01, "no order takes less than it says"
        elif remark.code == "lot_above_budget":
            assert lines.money[remark.series, 1] > terms.budget


def test_every_reason_is_met_by_some_shop() -> None:
    said = set()
    for seed in range(300):
        lines, terms = lines_from(seed)
        said |= {
            r.code for r in unreached(Outcome(lines, terms, lines.quantity[:, -1], np.zeros(3), ("", ""), ("ACME",)))
        }
    assert set(WHY) <= said


@settings(max_examples=60)
@given(st.integers(0, 10**6))
def test_minimum_stocks_are_kept_where_all_of_them_fit_and_the_gap_stays_certified(seed: int) -> None:
    rng = np.random.default_rng(seed)
    units = np.concatenate([np.zeros((3, 1)), np.cumsum(rng.integers(1, 4, (3, 4)), axis=1)], axis=1).astype(float)
    saving = np.concatenate([np.zeros((3, 1)), rng.integers(-20, 40, (3, 4)).astype(float)], axis=1)
    floor = np.where(rng.random(3) < 0.6, units[np.arange(3), rng.integers(1, 5, 3)], 0.0)
    price = rng.integers(1, 6, 3).astype(float)
    snapshot, _ = SmallShop(mean=(1.0,) * 3, unit_cost=price, min_stock=floor).build()
    snapshot = replace(snapshot, budget=float(rng.integers(5, 60)))
    if seed % 2:
        none = np.zeros(0)
        location_of = np.zeros(3, np.int32)
        room = np.array([float(rng.integers(5, 30))])
        snapshot = replace(snapshot, shared=SharedLimits((), none, none, none, room, location_of, np.ones(3)))
    alone = units[np.arange(3), np.where(units >= floor[:, None], saving, -np.inf).argmax(axis=1)]
    found = coordinate(snapshot, Wanted(alone, np.arange(3), units, saving, np.zeros(3)), CONTAINER_FILL)
    room = np.inf if snapshot.shared is None else float(snapshot.shared.capacity_volume[0])
    possible = []
    for choice in product(range(5), repeat=3):
        ordered = units[np.arange(3), list(choice)]
        if ordered @ price <= (snapshot.budget or 0.0) and ordered.sum() <= room and (ordered >= floor).all():
            possible.append(float(saving[np.arange(3), list(choice)].sum()))
    assert found.quantity @ price <= (snapshot.budget or 0.0) + 1e-9
    assert found.quantity.sum() <= room + 1e-9
    told = {remark.series for remark in found.remarks if remark.code == "min_stock_gave_way"}
    if not possible:
        assert told
        return
    assert (found.quantity >= floor).all()
    assert not told
    columns = (units >= found.quantity[:, None]).argmax(axis=1)
    saved = float(saving[np.arange(3), columns].sum())
    if max(possible) > 0.0:
        assert saved >= max(possible) * (1.0 - found.gap) - 1e-6
