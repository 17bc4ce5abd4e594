"""Settings that a deployment may change, with their defaults, help and units; nothing here is read at import time."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class CostDefaults:
    """What is assumed where the input says nothing (design, section 5); each use is listed in the summary of a plan."""

    unit_cost_share_of_price: float = field(default=0.6, metadata={"help": "unit cost as a share of the median price"})
    unit_cost_without_price: float = field(default=1.0, metadata={"help": "unit cost where no price is known, money"})
    holding_rate_per_year: float = field(default=0.25, metadata={"help": "holding cost, share of unit cost per year"})
    order_cost: float = field(default=0.0, metadata={"help": "fixed cost of an order line, money"})
    lead_time_days: float = field(default=14.0, metadata={"help": "days from order to arrival"})
    review_days: float = field(default=7.0, metadata={"help": "days until the next order can be placed"})


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds that keep bad input from being believed."""

    largest_quantity: float = field(default=1e9, metadata={"help": "units in one row above which it is a fault"})
    set_aside_share: float = field(default=0.2, metadata={"help": "share of a file's rows set aside that ends a run"})
    shortest_horizon_days: int = field(default=28, metadata={"help": "least horizon of a forecast, days"})
