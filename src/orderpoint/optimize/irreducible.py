"""An irreducible set of limits that conflict: all of them together are too much, and any one less is not.

U. Junker, "QuickXplain: preferred explanations and relaxations for over-constrained problems", AAAI 2004, 167-172:
halves are tried before single limits, so that few limits among many are found with few solutions.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence


def irreducible(limits: Sequence[str], feasible: Callable[[frozenset[str]], bool]) -> tuple[str, ...]:
    """Limits that conflict, in their given order; () where all of them can be kept.

    `feasible` says whether a set of limits can be kept together; fewer limits are never harder. Where not even an empty
    set can be kept, the conflict is not among the limits: that gives () too.
    """
    if feasible(frozenset(limits)) or not feasible(frozenset()):
        return ()
    needed = _narrow([], list(limits), feasible)
    return tuple(name for name in limits if name in needed)


def _narrow(given: list[str], candidates: list[str], feasible: Callable[[frozenset[str]], bool]) -> list[str]:
    """The limits among `candidates` that the conflict cannot do without while `given` hold."""
    if not feasible(frozenset(given)):
        return []
    if len(candidates) == 1:
        return candidates
    middle = len(candidates) // 2
    first, second = candidates[:middle], candidates[middle:]
    late = _narrow(given + first, second, feasible)
    early = _narrow(given + late, first, feasible)
    return early + late
