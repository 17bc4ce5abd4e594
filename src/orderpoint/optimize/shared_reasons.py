"""What an order line owes to limits that many lines share, in a sentence: who cut it, or what it was raised for."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from orderpoint.messages import Language, say
from orderpoint.messages.reasons import REASONS
from orderpoint.tables.decisions import Binding, Decisions
from orderpoint.tables.snapshot import Snapshot

FULL = 0.98
"""Share of a container from which it counts as full."""


def shared_reasons(
    snapshot: Snapshot, decisions: Decisions, money: Callable[[float], str], language: Language
) -> dict[int, str]:
    """Row -> sentence, for the lines that a limit other than the budget cut or raised."""
    shared = snapshot.shared
    priced = [limit for limit in decisions.binding if limit.shadow_price > 0.0]
    if shared is None or all(limit.kind == "budget" for limit in priced):
        return {}
    offer = decisions.offer
    budget = next((limit.shadow_price for limit in priced if limit.kind == "budget"), 0.0)
    dearest = budget * snapshot.supply.unit_cost[offer]
    supplier = np.array(snapshot.supply.supplier, dtype=object)[offer]
    places = {name: k for k, name in enumerate(snapshot.index.locations)}
    told: dict[int, str] = {}
    for limit in priced:
        if limit.kind == "supplier_minimum":
            lines = (supplier == limit.of) & (decisions.quantity > 0)
            _tell(told, lines, say(REASONS, "raised_for_minimum", language, minimum=money(limit.limit), limit=limit.of))
        if limit.kind not in {"space", "container"}:
            continue
        mine = shared.location_of == places[limit.of] if limit.kind == "space" else supplier == limit.of
        price = limit.shadow_price * shared.unit_volume
        if limit.kind == "container" and not _is_full(limit):
            _tell(told, mine & (decisions.quantity > 0), say(REASONS, "raised_for_container", language, limit=limit.of))
            continue
        lines = mine & (decisions.shadow_price > 0.0) & (decisions.quantity > 0) & (price > dearest)
        dearest = np.where(lines, price, dearest)
        for row in np.flatnonzero(lines).tolist():
            told[row] = say(REASONS, f"cut_by_{limit.kind}", language, limit=limit.of, shadow=money(price[row]))
    return told


def _tell(told: dict[int, str], lines: NDArray[np.bool_], sentence: str) -> None:
    """The same sentence for each of `lines` (n,)."""
    told.update(dict.fromkeys(np.flatnonzero(lines).tolist(), sentence))


def _is_full(limit: Binding) -> bool:
    """Whether the last container of an order is nearly full, so that more was wanted; else it was raised to fill it."""
    last = limit.used / limit.limit % 1.0
    return last > FULL or last < 1e-6
