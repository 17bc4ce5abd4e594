"""The arrays of a demand as one argument of compiled loops."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]


class Series(NamedTuple):
    """The arrays of a `Demand`: n rows, H periods, K knots."""

    mean: FloatArray
    family: NDArray[np.uint8]
    ratio: FloatArray
    level_cv2: FloatArray
    zero: FloatArray
    knots: FloatArray
