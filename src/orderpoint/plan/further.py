"""Orders of a series from a second supplier, beside its first one."""

from __future__ import annotations

import numpy as np
import polars as pl

from orderpoint.messages import say
from orderpoint.messages.reasons import REASONS
from orderpoint.optimize.spoken import units
from orderpoint.plan.case import PlanCase
from orderpoint.plan.purchase_orders import order_lines
from orderpoint.tables.contract import OUTPUTS
from orderpoint.tables.decisions import Decisions

PLACE = ("item", "location")
LINE = (*PLACE, "supplier")


def with_further(case: PlanCase, decisions: Decisions, orders: pl.DataFrame) -> pl.DataFrame:
    """`orders` with the lines of `decisions.further`; the gain of a series is shared by its lines in units.

    Sorted by item, location and supplier.
    """
    further = decisions.further
    if further is None or not len(further.series):
        return orders
    count = len(further.series)
    lines = order_lines(case, further.series, further.offer, np.zeros(count, np.int64), further.quantity)
    sentence = [
        say(REASONS, "split", case.language, quantity=units(quantity), days=units(days))
        for quantity, days in zip(
            further.quantity, case.snapshot.supply.lead_time_days[further.offer].tolist(), strict=True
        )
    ]
    more = pl.DataFrame({**lines, "reason": sentence}).join(
        orders.select(*PLACE, "expected_gain", "stockout_risk_before", "stockout_risk_after"), on=PLACE, how="left"
    )
    both = pl.concat([orders, more.select(orders.columns).cast(dict(OUTPUTS["orders"]))])  # type: ignore[arg-type]
    share = pl.col("quantity") / pl.col("quantity").sum().over(PLACE)
    split = pl.len().over(PLACE) > 1
    gain = pl.when(split).then((pl.col("expected_gain") * share).round(4)).otherwise(pl.col("expected_gain"))
    return both.with_columns(gain.alias("expected_gain")).sort(LINE, maintain_order=True)
