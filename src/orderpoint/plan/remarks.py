"""What the rules of a business did and found, item by item."""

from __future__ import annotations

import polars as pl

from orderpoint.messages import say
from orderpoint.messages.rules import RULES
from orderpoint.plan.case import PlanCase
from orderpoint.tables.contract import OUTPUTS
from orderpoint.tables.decisions import Decisions


def remarks_table(case: PlanCase, decisions: Decisions) -> pl.DataFrame | None:
    """One row for each remark, in the order of the rules; None where there is none."""
    if not decisions.remarks:
        return None
    items, places = case.snapshot.index.item_names(), case.snapshot.index.location_names()
    return pl.DataFrame(
        {
            "item": [items[r.series] for r in decisions.remarks],
            "location": [places[r.series] for r in decisions.remarks],
            "remark": [say(RULES, r.code, case.language, **r.details) for r in decisions.remarks],
        },
        schema=dict(OUTPUTS["remarks"]),
    )
