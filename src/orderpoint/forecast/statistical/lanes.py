"""How a form's parameter sets lie in memory: side by side, so that one instruction works on many of them.

A *run* is one form's recursion for up to LANES parameter sets. It has a float32 `memory`: rows of `lanes` numbers,
first the parameters, then the states (row r of lane c is at `r * lanes + c`), and behind the rows what all sets share:
counters, the last periods. A *voice* says something of a run's state; several voices may
share a run, as Croston's method and its correction do. Kernels take any number of lanes: LANES when histories are run,
1 when the sets that a series has chosen are carried on by a period. Both give the same bits, for a lane does not
depend on its neighbours and nothing is contracted to fused operations.
"""

from __future__ import annotations

from enum import IntEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

LANES = 32
"""Parameter sets of a run: two registers of 16 numbers, or four of 8."""
LONGEST_BUCKET = 24
"""The longest bucket of ADIDA and IMAPA, in periods."""
LAG_WINDOWS = (1, 2, 4, 8, 16, 32)
"""Windows of the means that the lag regression reads, at most."""
FEATURES = len(LAG_WINDOWS) + 1
"""What the lag regression reads: a mean for each window, and the season's last value."""

Vector = NDArray[np.float32]


class Kind(IntEnum):
    """The recursion of a run. The order tells what its forecast looks like: see `FLAT_BELOW` and its like."""

    RATIO = 0
    MEAN = 1
    TSB = 2
    CROSTON = 3
    BUCKETS = 4
    TREND = 5
    THETA = 6
    NAIVE = 7
    WINTERS_ADD = 8
    WINTERS_TIMES = 9
    SEASONAL = 10
    LAST_YEAR = 11
    LAGS = 12


FLAT_BELOW, LINE_BELOW, OWN_SEASON_BELOW = int(Kind.TREND), int(Kind.WINTERS_ADD), int(Kind.SEASONAL)
"""Below the first a forecast is a level, below the second a line, below the third a line with a season of its own;
the rest says periods as they came, without the pooled season."""


class Voice(IntEnum):
    """What is said of a run's state."""

    PLAIN = 0
    """The kind's own forecast."""
    CORRECTED = 1
    """Croston's ratio times 1 - alpha / 2 (Syntetos & Boylan 2005)."""
    MEAN_OF_BUCKETS = 2
    """IMAPA in place of ADIDA."""
    POOLED = 3
    """The level times the movement of a group (`pooled`)."""


class Shape(NamedTuple):
    """What a run is: `kind`, its `length` in periods (season, window, lag; else 1), and the `step` of LAST_YEAR."""

    kind: int
    length: int
    step: int


class Size(NamedTuple):
    """Rows of parameters and of states, and shared numbers."""

    params: int
    states: int
    shared: int


def size(shape: Shape) -> Size:
    """How much room a run takes."""
    length = shape.length
    return {
        Kind.RATIO: Size(1, 2, 0),
        Kind.MEAN: Size(1, 0, 3 + 2 * length),
        Kind.TSB: Size(2, 2, 2),
        Kind.CROSTON: Size(2, 2, 2),
        Kind.BUCKETS: Size(2, LONGEST_BUCKET, 2 + 2 * LONGEST_BUCKET),
        Kind.TREND: Size(3, 2, 1),
        Kind.THETA: Size(2, 2, 3),
        Kind.NAIVE: Size(2, 0, 3),
        Kind.WINTERS_ADD: Size(4, 2 + length, 5 + 2 * length),
        Kind.WINTERS_TIMES: Size(4, 2 + length, 5 + 2 * length),
        Kind.SEASONAL: Size(2, length, 1 + length),
        Kind.LAST_YEAR: Size(3, 2, length + shape.step),
        Kind.LAGS: Size(3 * FEATURES, 0, 3 + 2 * LAG_WINDOWS[-1] + length),
    }[Kind(shape.kind)]


SLOTS: tuple[tuple[str, Kind], ...] = (
    ("simple", Kind.RATIO),
    ("pooled", Kind.RATIO),
    ("mean", Kind.MEAN),
    ("tsb", Kind.TSB),
    ("croston", Kind.CROSTON),
    ("buckets", Kind.BUCKETS),
    ("holt", Kind.TREND),
    ("damped", Kind.TREND),
    ("theta", Kind.THETA),
    ("naive", Kind.NAIVE),
    ("winters_add", Kind.WINTERS_ADD),
    ("winters_times", Kind.WINTERS_TIMES),
    ("seasonal", Kind.SEASONAL),
    ("last_year", Kind.LAST_YEAR),
    ("lags", Kind.LAGS),
)
"""The runs that a bank has room for, each at its place, so that the loop over time names them (`history`)."""
