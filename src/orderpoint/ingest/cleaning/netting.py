"""Which sale a return takes back: compiled searches through the sales of one key, first backwards, then forwards.

Rows of one key are consecutive: group k is rows `starts[k]` to `starts[k + 1]`, in order of time, sales before returns
of the same day. `day` is in days, `left` in units (below 0 for returns); `left` is changed in place, and the units that
leave a return leave a sale, so that the sum of `left` never changes. `partner[i]` becomes the last sale that return i
was netted against.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

FOREVER_DAYS = 1_000_000


@dataclass(frozen=True, eq=False)
class Groups:
    """Rows in groups of one key, as above."""

    starts: NDArray[np.int64]
    day: NDArray[np.int32]
    left: NDArray[np.float64]
    partner: NDArray[np.int64]

    def net_equal(self, window_days: int = FOREVER_DAYS) -> None:
        """Nets each return against the most recent sale of exactly its quantity, at most `window_days` earlier."""
        _equal(self.starts, self.day, self.left, self.partner, window_days)

    def net_nearest(self, window_days: int = FOREVER_DAYS) -> None:
        """Nets what is left of each return against the sales before it, the most recent first."""
        _nearest(self.starts, self.day, self.left, self.partner, window_days)

    def net_following(self) -> None:
        """Nets what is left of each return against the sales after it, the next first."""
        _following(self.starts, self.left, self.partner)


@njit(cache=True)
def _equal(
    starts: NDArray[np.int64],
    day: NDArray[np.int32],
    left: NDArray[np.float64],
    partner: NDArray[np.int64],
    window_days: int,
) -> None:
    for group in range(len(starts) - 1):
        for i in range(starts[group], starts[group + 1]):
            if left[i] >= 0.0:
                continue
            for j in range(i - 1, starts[group] - 1, -1):
                if day[i] - day[j] > window_days:
                    break
                if left[j] == -left[i]:
                    left[i] = 0.0
                    left[j] = 0.0
                    partner[i] = j
                    break


@njit(cache=True)
def _nearest(
    starts: NDArray[np.int64],
    day: NDArray[np.int32],
    left: NDArray[np.float64],
    partner: NDArray[np.int64],
    window_days: int,
) -> None:
    for group in range(len(starts) - 1):
        for i in range(starts[group], starts[group + 1]):
            for j in range(i - 1, starts[group] - 1, -1):
                if left[i] >= 0.0 or day[i] - day[j] > window_days:
                    break
                if left[j] > 0.0:
                    units = min(left[j], -left[i])
                    left[i] += units
                    left[j] -= units
                    partner[i] = j


@njit(cache=True)
def _following(starts: NDArray[np.int64], left: NDArray[np.float64], partner: NDArray[np.int64]) -> None:
    for group in range(len(starts) - 1):
        for i in range(starts[group], starts[group + 1]):
            for j in range(i + 1, starts[group + 1]):
                if left[i] >= 0.0:
                    break
                if left[j] > 0.0:
                    units = min(left[j], -left[i])
                    left[i] += units
                    left[j] -= units
                    partner[i] = j
