"""Which series a user means by an item, or several, and a location: checked once for every command that asks."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from orderpoint.domain.errors import UsageError
from orderpoint.tables.series import SeriesIndex


def wanted_series(index: SeriesIndex, items: Sequence[str], location: str | None) -> NDArray[np.bool_]:
    """Series (n,) of the items (none: all) at the location (None: all).

    Raises UsageError where there is no such item or location, or nothing of the item at the location.
    """
    for item in items:
        if item not in index.items:
            raise UsageError("unknown_item", item=item)
    if location is not None and location not in index.locations:
        raise UsageError("unknown_location", location=location, known=", ".join(index.locations))
    rows = index.matching(items, location)
    if not rows.any():
        raise UsageError("item_not_at_location", item=", ".join(items), location=str(location))
    return rows
