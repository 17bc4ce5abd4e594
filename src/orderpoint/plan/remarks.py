"""What there is to say of single items: what rules did and found, and wishes that gave way to limits."""

from __future__ import annotations

import polars as pl

from orderpoint.messages import say
from orderpoint.messages.limits import LIMIT_REMARKS
from orderpoint.messages.rules import RULES
from orderpoint.plan.case import PlanCase
from orderpoint.tables.contract import OUTPUTS
from orderpoint.tables.decisions import Decisions

REMARKS = {**RULES, **LIMIT_REMARKS}
"""Code of a `Remark` -> what is said of it."""


def remarks_table(case: PlanCase, decisions: Decisions) -> pl.DataFrame | None:
    """One row for each remark, in their order; None where there is none."""
    if not decisions.remarks:
        return None
    items, places = case.snapshot.index.item_names(), case.snapshot.index.location_names()
    return pl.DataFrame(
        {
            "item": [items[r.series] for r in decisions.remarks],
            "location": [places[r.series] for r in decisions.remarks],
            "remark": [say(REMARKS, r.code, case.language, **r.details) for r in decisions.remarks],
        },
        schema=dict(OUTPUTS["remarks"]),
    )
