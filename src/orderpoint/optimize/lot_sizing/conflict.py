"""Which of many limits cannot be kept together: a set from which no member can be left out.

Source: U. Junker (2004), "QuickXplain: preferred explanations and relaxations for over-constrained problems", AAAI 19,
167-172: with k members among n limits it asks O(k log(n / k)) times whether some limits can be kept.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

T = TypeVar("T")


def smallest_conflict(limits: Sequence[T], feasible: Callable[[list[T]], bool]) -> list[T]:
    """Members of `limits` that cannot be kept together, though without any one of them they can, in their order.

    `feasible` says of some limits whether they can be kept together; fewer limits are never harder. Raises ValueError
    where all of them can.
    """
    everything = list(limits)
    if feasible(everything):
        raise ValueError("smallest_conflict: expected limits that conflict, got some that can all be kept")
    if not feasible([]):
        return []
    places = {id(limit): k for k, limit in enumerate(everything)}
    return sorted(_narrowed([], [], everything, feasible), key=lambda limit: places[id(limit)])


def _narrowed(kept: list[T], added: list[T], rest: list[T], feasible: Callable[[list[T]], bool]) -> list[T]:
    """The members of `rest` that conflict together with `kept`; `added` is what `kept` grew by last."""
    if added and not feasible(kept):
        return []
    if len(rest) == 1:
        return rest
    half = len(rest) // 2
    left, right = rest[:half], rest[half:]
    later = _narrowed(kept + left, left, right, feasible)
    earlier = _narrowed(kept + later, later, left, feasible)
    return earlier + later
