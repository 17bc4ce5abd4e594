"""What a unit of each place is worth in units of the others, where an arc needs several units for one.

A shop may sell pieces of what its warehouse holds in boxes, or boxes of what it holds in pieces: an arc then takes
`quantity_per` units of its source for one of its target. All methods see stock in one measure for all places that the
network joins, the smallest unit among them; what is ordered and sent is whole units of each place again. A *parcel* is
the least amount that is whole units wherever it comes to.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import gcd, lcm

import numpy as np
from numpy.typing import NDArray

from orderpoint.domain.errors import Fault, InputFaults

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

MOST_PARTS = 12
"""Units of the target (or of the source, where one makes several) after which both ends of an arc are whole units."""
NEAR = 1e-5
"""Share by which a number such as 0.33333 may differ from the ratio that it means."""


@dataclass(frozen=True, eq=False)
class UnitSizes:
    """Of n series: `size`, one unit in the smallest unit of its group (1: nothing differs); `parcel`, whole units."""

    size: FloatArray
    parcel: IntArray


def alike(n: int) -> UnitSizes:
    """Where one unit of a source makes one of its target everywhere."""
    return UnitSizes(np.ones(n), np.ones(n, np.int64))


def unit_sizes(ends: tuple[IntArray, IntArray], per: FloatArray, part: IntArray, arcs: Sequence[str]) -> UnitSizes:
    """The sizes from arcs (source, target) that take `per` (a,) units of the source; `part` (n,) groups the series.

    Raises InputFaults, naming each of the `arcs` (a,) where its ends are never whole units together, or where two ways
    between the same places say different things.
    """
    n = len(part)
    if (per == 1.0).all():
        return alike(n)
    ratios = [_ratio(value) for value in per.tolist()]
    broken = {arcs[k]: f"{per[k]:g}" for k, ratio in enumerate(ratios) if ratio is None}
    if broken:
        raise InputFaults(tuple(_fault("network_no_whole_units", arc, value) for arc, value in broken.items()))
    known = [Fraction(1) if ratio is None else ratio for ratio in ratios]
    size, astray = _walked(ends, known, n)
    if astray:
        told = {arcs[k]: f"{per[k]:g}" for k in astray}
        raise InputFaults(tuple(_fault("network_ways_disagree", arc, value) for arc, value in told.items()))
    out = alike(n)
    touched = np.unique(part[np.concatenate(ends)[np.tile(per != 1.0, 2)]])
    order = np.argsort(part, kind="stable")
    bounds = np.searchsorted(part[order], np.stack([touched, touched + 1]))
    for first, last in bounds.T.tolist():
        rows = order[first:last].tolist()
        least = min(size[i] for i in rows)
        own = [size[i] / least for i in rows]
        whole = Fraction(lcm(*(f.numerator for f in own)), gcd(*(f.denominator for f in own)))
        out.size[rows] = [float(f) for f in own]
        out.parcel[rows] = [int(whole / f) for f in own]
    return out


def _ratio(per: float) -> Fraction | None:
    """The ratio of small whole numbers that is meant; None where there is none."""
    if not (np.isfinite(per) and per > 0.0):
        return None
    if per < 1.0:
        found = _ratio(1.0 / per)
        return None if found is None else 1 / found
    found = Fraction(per).limit_denominator(MOST_PARTS)
    return found if abs(float(found) - per) <= NEAR * per else None


def _walked(ends: tuple[IntArray, IntArray], per: list[Fraction], n: int) -> tuple[list[Fraction], list[int]]:
    """(a size of each series, first met: 1; the arcs that say something else than the way there)."""
    beside: list[list[tuple[int, int, Fraction]]] = [[] for _ in range(n)]
    for k, (s, t) in enumerate(zip(*(end.tolist() for end in ends), strict=True)):
        beside[s].append((k, t, per[k]))
        beside[t].append((k, s, 1 / per[k]))
    size: list[Fraction | None] = [None] * n
    astray: set[int] = set()
    for start in range(n):
        if size[start] is not None:
            continue
        size[start] = Fraction(1)
        waiting = [start]
        while waiting:
            here = waiting.pop()
            for k, there, ratio in beside[here]:
                worth = (size[here] or Fraction(1)) * ratio
                if size[there] is None:
                    size[there] = worth
                    waiting.append(there)
                elif size[there] != worth:
                    astray.add(k)
    return [Fraction(1) if value is None else value for value in size], sorted(astray)


def _fault(code: str, arc: str, value: str) -> Fault:
    return Fault("network", code, column="quantity_per", value=value, details={"arc": arc})
