"""An irreducible set of limits that conflict: all of them together are too much, and any one less is not.

U. Junker, "QuickXplain: preferred explanations and relaxations for over-constrained problems", AAAI 2004, 167-172: with
k members among n limits it asks O(k log(n / k)) times whether some limits can be kept.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Sequence
from typing import TypeVar

T = TypeVar("T", bound=Hashable)


def irreducible(limits: Sequence[T], feasible: Callable[[frozenset[T]], bool]) -> tuple[T, ...]:
    """Limits that conflict, in their given order; () where all of them can be kept.

    `feasible` says whether a set of limits can be kept together; fewer limits are never harder. Where not even an empty
    set can be kept, the conflict is not among the limits: that gives () too.
    """
    if feasible(frozenset(limits)) or not feasible(frozenset()):
        return ()
    needed = frozenset(_narrow([], [], list(limits), feasible))
    return tuple(limit for limit in limits if limit in needed)


def _narrow(
    given: list[T], added: Collection[T], candidates: list[T], feasible: Callable[[frozenset[T]], bool]
) -> list[T]:
    """The limits among `candidates` that the conflict cannot do without while `given` hold; `added`: new in them."""
    if added and not feasible(frozenset(given)):
        return []
    if len(candidates) == 1:
        return candidates
    middle = len(candidates) // 2
    first, second = candidates[:middle], candidates[middle:]
    late = _narrow(given + first, first, second, feasible)
    early = _narrow(given + late, late, first, feasible)
    return early + late
