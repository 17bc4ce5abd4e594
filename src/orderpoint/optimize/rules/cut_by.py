"""Which limit cut or raised each order that rules had left, as effects that name limit and rule."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from orderpoint.optimize.coordination import Coordinated
from orderpoint.optimize.rules.claims import Claims
from orderpoint.optimize.rules.effects import Blank, Effect
from orderpoint.optimize.rules.shared_use import SharedUse

FloatArray = NDArray[np.float64]

CODES = {"budget": "budget", "space": "space", "supplier_minimum": "minimum", "container": "container"}
"""Kind of a limit -> the end of the codes in `messages.rules`."""

Cutter = tuple[str, str]
"""Kind of a limit, and whose."""


def cut_effects(use: SharedUse, found: Coordinated, claims: Claims, effects: list[Effect]) -> None:
    """Add what the limits did: one effect for each rule and limit, then what was raised for a supplier."""
    before, after = use.decisions.quantity, found.quantity
    cutters = _cutters(use, found)
    groups: dict[tuple[str, Cutter], list[int]] = {}
    for row in np.flatnonzero(after < before).tolist():
        groups.setdefault((claims.rule[row], cutters[row]), []).append(row)
    for (rule, (kind, of)), members in groups.items():
        rows = np.array(members, np.int64)
        code = f"rule_asked_{CODES[kind]}" if rule else f"rule_{CODES[kind]}"
        effects.append(Effect(rule, kind, code, rows, {"before": before[rows], "after": after[rows], "limit": of}))
    raised = np.flatnonzero(after > before).astype(np.int64)
    if len(raised):
        names = [use.snapshot.supply.supplier[k] for k in use.decisions.offer[raised]]
        blanks: dict[str, Blank] = {"before": before[raised], "after": after[raised], "limit": names}
        effects.append(Effect("", "supplier", "rule_filled", raised, blanks))


def _cutters(use: SharedUse, found: Coordinated) -> list[Cutter]:
    """The limit that weighs most on each line (n,): a supplier that nothing is bought from, else the dearest."""
    snapshot, terms, n = use.snapshot, use.terms, len(found.quantity)
    lines, shared = use.lines, snapshot.shared
    unit_cost = snapshot.supply.unit_cost[use.decisions.offer]
    supplier, place = lines.supplier[:n], lines.place[:n]
    volume = lines.unit_volume[:n]
    weight, out = np.full(n, -1.0), [_first_broken(use)] * n
    row_of = {name: k for k, name in enumerate(snapshot.index.locations)}
    names = () if shared is None else shared.suppliers
    for limit in found.binding:
        if limit.kind == "supplier_minimum":
            continue
        whole = limit.kind == "budget"
        mine = place == row_of[limit.of] if limit.kind == "space" else _is(supplier, names, limit.of)
        price = np.where(whole | mine, limit.shadow_price * (unit_cost if whole else volume), 0.0)
        for row in np.flatnonzero((price > 0.0) & (price > weight)).tolist():
            out[row], weight[row] = (limit.kind, limit.of), price[row]
    bought = np.zeros(len(terms.minimum), np.bool_)
    bought[supplier[(found.quantity > 0.0) & (supplier >= 0)]] = True
    for s in np.flatnonzero(terms.of_suppliers & ~bought).tolist():
        kind = "supplier_minimum" if terms.minimum[s] > 0.0 else "container"
        for row in np.flatnonzero(supplier == s).tolist():
            out[row] = (kind, names[s])
    return out


def _is(supplier: NDArray[np.int64], names: tuple[str, ...], name: str) -> NDArray[np.bool_]:
    """(n,): whether each line is bought from the supplier of a name."""
    return np.asarray(supplier == names.index(name) if name in names else np.zeros(len(supplier), np.bool_))


def _first_broken(use: SharedUse) -> Cutter:
    """The first limit that the orders broke."""
    first, shared = use.broken[0], use.snapshot.shared
    if first.kind == "space":
        return first.kind, use.snapshot.index.locations[first.of]
    return first.kind, "" if shared is None or first.kind == "budget" else shared.suppliers[first.of]
