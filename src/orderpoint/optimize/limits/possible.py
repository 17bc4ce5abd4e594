"""Whether some limits can be kept together with what a minimum stock asks, and what each would have to be.

Where no supplier's terms are among them, just what is asked answers. Else HiGHS is asked: lots and orders are whole for
few lines; for many they, and containers, may be split. Price steps and several offers of a line only bound its money.
So what is called impossible is so.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, OptimizeResult, linprog, milp
from scipy.sparse import csr_array, vstack

from orderpoint.optimize.limits.claim import BUDGET, CONTAINER, FLOOR, MINIMUM, SPACE, Claim, Key
from orderpoint.optimize.limits.exact import unheard
from orderpoint.optimize.limits.program import Program

FloatArray = NDArray[np.float64]

MOST_WHOLE = 400
"""Lines up to which lots are whole."""
NODES = 5000
"""Nodes of a search; one that needs more is taken to have an answer."""
ROUNDING = 1e-9
"""Share of a limit by which sums may pass it."""
IMPOSSIBLE = 2
"""HiGHS: there is no answer."""
OF_SUPPLIERS = (MINIMUM, CONTAINER)


def possible(claim: Claim, kept: frozenset[Key]) -> bool:
    """Whether some orders keep the limits `kept`; without what is asked, ordering nothing does."""
    if (FLOOR, 0) not in kept:
        return True
    if any(kind in OF_SUPPLIERS for kind, _ in kept):
        return _solved(claim, kept, (FLOOR, 0)) is not None
    return all(just_asked(claim, key) <= claim.size(key) * (1.0 + ROUNDING) for key in kept)


def needed(claim: Claim, kept: frozenset[Key], key: Key) -> float:
    """What `key` would have to be while the others of `kept` hold: the least budget, space or the most of an order.

    NaN where nothing helps.
    """
    rest = kept - {key}
    if not any(kind in OF_SUPPLIERS for kind, _ in (*rest, key)):
        return just_asked(claim, key)
    found = _solved(claim, rest, key)
    return np.nan if found is None else abs(found)


def just_asked(claim: Claim, key: Key) -> float:
    """Money in all, or volume at a place, of just what is asked: the least where suppliers ask for no more."""
    kind, of = key
    if kind == BUDGET:
        return float(claim.asked.money.sum())
    volume = claim.asked.units * claim.unit_volume
    return float(volume[claim.place == of].sum()) if kind == SPACE else 0.0


def _solved(claim: Claim, kept: frozenset[Key], aim: Key) -> float | None:
    """What `aim` comes to at its best under `kept`, 0 for what has no figure; None where that is impossible.

    Where there is no answer HiGHS is asked again without its presolve, which has been seen to give up; without a
    word that it is impossible, it is not.
    """
    program = Program.of(claim, kept, MOST_WHOLE)
    for presolve in (True, False):
        with unheard():
            found = (_whole if program.whole else _split)(program, kept, aim, presolve=presolve)
        if found.x is not None:
            return float(found.fun)
        if found.status == IMPOSSIBLE:
            return None
    return 0.0


def _whole(program: Program, kept: frozenset[Key], aim: Key, *, presolve: bool) -> OptimizeResult:
    """Whole lots, orders and containers."""
    return milp(
        program.towards(aim),
        constraints=[LinearConstraint(*row) for row in program.rows(kept)],
        integrality=program.integral(),
        bounds=Bounds(*program.bounds()),
        options={"node_limit": NODES, "mip_rel_gap": 1e-6, "presolve": presolve},
    )


def _split(program: Program, kept: frozenset[Key], aim: Key, *, presolve: bool) -> OptimizeResult:
    """Lots, orders and containers that may be split: a linear program, which `milp` is slow at."""
    sides: list[tuple[csr_array, FloatArray]] = []
    for matrix, low, high in program.rows(kept):
        height = matrix.shape[0]
        sides += [(matrix, np.full(height, high))] if np.isfinite(high).all() else []
        sides += [(-matrix, np.full(height, -low))] if np.isfinite(low).all() else []
    return linprog(
        program.towards(aim),
        A_ub=vstack([matrix for matrix, _ in sides]),
        b_ub=np.concatenate([limit for _, limit in sides]),
        bounds=np.stack(program.bounds(), axis=1),
        method="highs-ds",
        options={"presolve": presolve},
    )
