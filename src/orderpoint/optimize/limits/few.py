"""One budget over few lines: where the shares by marginal return leave a gap, prices, exchanges and HiGHS close it.

With many lines one step that does not fit is little beside the budget; with few it may be most of it.
"""

from __future__ import annotations

from dataclasses import replace

from orderpoint.optimize.limits import exact
from orderpoint.optimize.limits.consult import LARGE_GAP, MOST_EXACT, MOST_LINES
from orderpoint.optimize.limits.curves import Allocation, Curves, next_return
from orderpoint.optimize.limits.problem import Lines, Terms, saved
from orderpoint.optimize.limits.search import SMALL_GAP
from orderpoint.optimize.limits.select import select


def closed(lines: Lines, terms: Terms, curves: Curves, shared: Allocation) -> Allocation:
    """The better of `shared` and what `select` finds for the same lines, where the gap of `shared` is worth asking.

    `terms` have a budget alone. The bound is that of `select` only where all lines show every quantity (`Curves.fine`).
    """
    few = shared.gap > SMALL_GAP and int(exact.distinct(lines).sum()) <= MOST_EXACT
    if not few and (shared.gap <= LARGE_GAP or len(lines.quantity) > MOST_LINES):
        return shared
    found = select(lines, terms)
    bound = min(shared.bound, found.bound) if curves.fine.all() else shared.bound
    before = saved(lines, shared.choice)
    saving = max(found.saving, before)
    bound = max(bound, saving)
    gap = (bound - saving) / bound if bound > 0.0 else 0.0
    if found.saving <= before:
        return replace(shared, gap=gap, bound=bound)
    return replace(
        shared,
        choice=found.choice,
        shadow_price=next_return(curves.money, curves.saving, found.choice),
        gap=gap,
        bound=bound,
    )
