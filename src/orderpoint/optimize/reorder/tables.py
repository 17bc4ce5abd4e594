"""The laws of demand around an order, packed as one argument of a compiled loop."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from orderpoint.tables.families.masses import Masses

FloatArray = NDArray[np.float64]
REVIEW, LEAD, BEFORE, AFTER, DURING = range(5)
LAWS = ("review", "lead", "before", "after", "during")


class ExposureTables(NamedTuple):
    """Table k of row i is `values[offsets[k, i]:offsets[k, i + 1]]`: P(D = 0), P(D = 1), ..

    REVIEW: demand between two reviews. LEAD: from an order until just before it arrives. BEFORE, AFTER: from an order
    to the begin and to the end of a period that it serves, on average over them (or to just before and just after a
    customer). DURING: to the moments at which stock is charged.
    """

    offsets: NDArray[np.int64]
    values: FloatArray


def packed(laws: tuple[Masses, Masses, Masses, Masses, Masses]) -> ExposureTables:
    """The five laws in the order of LAWS; what is given twice is kept once. Raises ValueError for unequal rows."""
    offsets, values = np.empty((len(laws), len(laws[REVIEW].offsets)), np.int64), []
    starts: dict[int, int] = {}
    end = 0
    for k, law in enumerate(laws):
        if len(law.offsets) != offsets.shape[1]:
            raise ValueError(
                f"exposure.{LAWS[k]}: expected as many rows as reviews ({offsets.shape[1] - 1}), got "
                f"{len(law.offsets) - 1}; align them"
            )
        if id(law.values) not in starts:
            starts[id(law.values)] = end
            values.append(law.values)
            end += len(law.values)
        offsets[k] = law.offsets + starts[id(law.values)]
    return ExposureTables(offsets, np.concatenate(values))


@njit(cache=True, error_model="numpy")
def law_of(tables: ExposureTables, law: int, i: int) -> FloatArray:
    """The table of one law of row i."""
    return tables.values[tables.offsets[law, i] : tables.offsets[law, i + 1]]
