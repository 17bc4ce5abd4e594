"""The fields that the conditions and the numbers of a rule may speak of (docs/algorithms/rio.md explains each)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from orderpoint.domain.catalog import Status
from orderpoint.domain.supply import WEEKDAYS
from orderpoint.optimize.classes import abc_classes, xyz_classes
from orderpoint.optimize.rules.scene import Scene

Column = NDArray[Any]
"""One value for each series: float64, str or bool, (n,)."""


class Kind(StrEnum):
    """What a value is."""

    NUMBER = "number"
    TEXT = "text"
    FLAG = "flag"


@dataclass(frozen=True)
class Field:
    """A field: what it is, and how it is read. `choices`: the only words it can be; `proposed`: known once orders are.

    An unknown number is NaN, an unknown text is empty.
    """

    kind: Kind
    column: Callable[[Scene], Column]
    choices: tuple[str, ...] = ()
    proposed: bool = False


def _number(column: Callable[[Scene], Column], *, proposed: bool = False) -> Field:
    return Field(Kind.NUMBER, column, proposed=proposed)


def _text(column: Callable[[Scene], Column], choices: tuple[str, ...] = ()) -> Field:
    return Field(Kind.TEXT, column, choices)


def _same(scene: Scene, value: float | str) -> Column:
    return np.full(len(scene.snapshot.index), value)


def _cost(name: str) -> Field:
    return _number(lambda scene: np.asarray(getattr(scene.snapshot.costs, name), dtype=np.float64))


def _offered(name: str) -> Field:
    return _number(lambda scene: np.asarray(getattr(scene.snapshot.supply, name)[scene.offer], dtype=np.float64))


def _quantiles(of: str) -> dict[str, Field]:
    def quantile(share: float) -> Field:
        return _number(lambda scene: getattr(scene, of).quantile(share))

    return {f"{of}_p{percent}": quantile(percent / 100.0) for percent in (50, 80, 90, 95, 99)}


def _value(scene: Scene) -> Column:
    return scene.quantity * scene.snapshot.supply.unit_cost[scene.offer]


def _supplier(scene: Scene) -> Column:
    return np.array([scene.snapshot.supply.supplier[k] for k in scene.offer], dtype=np.str_)


FIELDS: Mapping[str, Field] = {
    # the item
    "item": _text(lambda scene: np.array(scene.snapshot.index.item_names(), dtype=np.str_)),
    "location": _text(lambda scene: np.array(scene.snapshot.index.location_names(), dtype=np.str_)),
    "name": _text(lambda scene: scene.words("name")),
    "category": _text(lambda scene: scene.words("category")),
    "department": _text(lambda scene: scene.words("department")),
    "status": _text(lambda scene: scene.words("status"), tuple(Status)),
    "orderable": Field(Kind.FLAG, lambda scene: scene.snapshot.orderable),
    "volume": _number(lambda scene: scene.numbers("volume")),
    "shelf_life_days": _number(lambda scene: scene.numbers("shelf_life_days")),
    "launch_age_days": _number(lambda scene: -scene.days_until("launch")),
    "days_to_end_of_life": _number(lambda scene: scene.days_until("end_of_life")),
    "abc": _text(lambda scene: abc_classes(scene.snapshot, scene.demand), ("A", "B", "C")),
    "xyz": _text(lambda scene: xyz_classes(scene.demand), ("X", "Y", "Z")),
    # stock
    "on_hand": _number(lambda scene: scene.snapshot.stock.on_hand),
    "coming_soon": _number(lambda scene: scene.coming_soon),
    "coming": _number(lambda scene: scene.snapshot.stock.receipts.sum(axis=1) + scene.snapshot.stock.receipts_beyond),
    "position": _number(lambda scene: scene.position),
    "days_of_cover": _number(lambda scene: scene.days_of_cover),
    "stockout_risk": _number(lambda scene: scene.stockout_risk),
    # money and limits
    "price": _cost("price"),
    "unit_cost": _cost("unit_cost"),
    "margin": _number(lambda scene: scene.snapshot.costs.price - scene.snapshot.costs.unit_cost),
    "holding_cost": _cost("holding_cost_per_unit_day"),
    "stockout_cost": _cost("stockout_cost_per_unit"),
    "backlog": Field(Kind.FLAG, lambda scene: scene.snapshot.costs.backlog),
    "service_target": _cost("service_target"),
    "min_stock": _cost("min_stock"),
    "max_stock": _cost("max_stock"),
    # the supplier
    "supplier": _text(_supplier),
    "offers": _number(lambda scene: np.diff(scene.snapshot.supply.offsets).astype(np.float64)),
    "lead_time_days": _offered("lead_time_days"),
    "review_days": _offered("review_days"),
    "order_cost": _offered("order_cost"),
    "moq": _offered("moq"),
    "pack": _offered("pack"),
    "max_quantity": _offered("max_quantity"),
    # demand
    "demand_per_day": _number(lambda scene: scene.demand_per_day),
    "lead_demand": _number(lambda scene: scene.lead_demand.means()),
    **_quantiles("lead_demand"),
    "cycle_demand": _number(lambda scene: scene.cycle_demand.means()),
    **_quantiles("cycle_demand"),
    # today
    "weekday": _text(lambda scene: _same(scene, WEEKDAYS[scene.snapshot.timeline.first.weekday()]), WEEKDAYS),
    "month": _number(lambda scene: _same(scene, float(scene.snapshot.timeline.first.month))),
    "day_of_month": _number(lambda scene: _same(scene, float(scene.snapshot.timeline.first.day))),
    # the order that is proposed
    "quantity": _number(lambda scene: scene.quantity, proposed=True),
    "value": _number(_value, proposed=True),
}
"""Every field by its name."""
