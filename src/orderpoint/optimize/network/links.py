"""The arcs of a network by the stage that they leave and by the stage that they enter, for compiled loops."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

IntArray = NDArray[np.int64]


class Links(NamedTuple):
    """Stages in the order of flow, and the arcs that leave (`out_arc` from `out_first`) and enter each of them."""

    order: IntArray
    source: IntArray
    target: IntArray
    out_first: IntArray
    out_arc: IntArray
    in_first: IntArray
    in_arc: IntArray

    @classmethod
    def of(cls, order: IntArray, source: IntArray, target: IntArray) -> Links:
        """The links of a graph."""
        sorted_ends = []
        for ends in (source, target):
            first = np.concatenate([[0], np.cumsum(np.bincount(ends, minlength=len(order)))]).astype(np.int64)
            sorted_ends += [first, np.argsort(ends, kind="stable").astype(np.int64)]
        return cls(order, source, target, *sorted_ends)
