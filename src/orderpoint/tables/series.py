"""The row index that all bulk tables share: one series for each item at each location."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class SeriesIndex:
    """Which item and location each of n series speaks of, sorted by item, then location.

    `items` and `locations` are the distinct names in sorted order; `item_of` and `location_of` (int32, shape (n,))
    point into them.
    """

    items: tuple[str, ...]
    locations: tuple[str, ...]
    item_of: NDArray[np.int32]
    location_of: NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.item_of)

    @classmethod
    def of(cls, pairs: Iterable[tuple[str, str]]) -> SeriesIndex:
        """Index of the distinct (item, location) pairs, in sorted order."""
        ordered = sorted(set(pairs))
        items = tuple(sorted({i for i, _ in ordered}))
        locations = tuple(sorted({p for _, p in ordered}))
        item_at = {name: k for k, name in enumerate(items)}
        location_at = {name: k for k, name in enumerate(locations)}
        item_of = np.fromiter((item_at[i] for i, _ in ordered), np.int32, len(ordered))
        location_of = np.fromiter((location_at[p] for _, p in ordered), np.int32, len(ordered))
        return cls(items, locations, item_of, location_of)

    def item_names(self) -> list[str]:
        """Item of each series, length n."""
        return [self.items[k] for k in self.item_of]

    def location_names(self) -> list[str]:
        """Location of each series, length n."""
        return [self.locations[k] for k in self.location_of]

    def pairs(self) -> list[tuple[str, str]]:
        """(item, location) of each series, length n."""
        return list(zip(self.item_names(), self.location_names(), strict=True))

    def row_of(self) -> dict[tuple[str, str], int]:
        """(item, location) -> row."""
        return {pair: row for row, pair in enumerate(self.pairs())}

    def matching(self, items: Collection[str], location: str | None) -> NDArray[np.bool_]:
        """Series (n,) of the items (none: all) at the location (None: all); none of what is not there."""
        rows = np.ones(len(self), np.bool_)
        if items:
            rows &= np.array([item in items for item in self.items], np.bool_)[self.item_of]
        if location is not None:
            rows &= np.array([place == location for place in self.locations], np.bool_)[self.location_of]
        return rows

    def take(self, rows: NDArray[np.intp]) -> SeriesIndex:
        """The index of some of the rows, in the given order; names that are no longer used stay."""
        return SeriesIndex(self.items, self.locations, self.item_of[rows], self.location_of[rows])
