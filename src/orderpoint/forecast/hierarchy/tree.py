"""Which series a shop adds up to what: total, department, category, location, and items over locations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from orderpoint.tables.catalog import Catalog
from orderpoint.tables.series import SeriesIndex

Ints = NDArray[np.int64]
TOTAL = "total"
CROSS = " x "
"""Between the names of two keys that are crossed, and between their values."""


@dataclass(frozen=True, eq=False)
class Tree:
    """G groups of n series, coarse levels first; the series themselves are the leaves and not among the groups.

    `sums` (G, n), sparse rows of 0 and 1, the matrix C that adds leaves up. `level` int64 (G,): index into `levels`,
    names such as "category x location". `names` (G,): the group's value of that level. No two groups hold the same
    series, and none holds a single one: of equal groups the coarsest level's stays.
    """

    sums: sparse.csr_matrix
    levels: tuple[str, ...]
    level: Ints
    names: tuple[str, ...]

    @property
    def count(self) -> int:
        """Number of groups, G."""
        return len(self.level)

    def rows(self, level: str) -> Ints:
        """The groups of a level, none where it was dropped."""
        return np.flatnonzero(self.level == self.levels.index(level)) if level in self.levels else np.zeros(0, np.int64)

    def members(self, group: int) -> Ints:
        """The series of a group, ascending."""
        begin, end = self.sums.indptr[group : group + 2]
        return np.asarray(self.sums.indices[begin:end], np.int64)


def tree_of(index: SeriesIndex, catalog: Catalog, more: Mapping[str, Sequence[str | None]] | None = None) -> Tree:
    """The groups of a shop; unknown categories and departments form no group.

    `more`: further names for each series, such as its channel or the region of its location, None where unknown.
    Raises ValueError where one of them has not a name for each series.
    """
    at = {item: k for k, item in enumerate(catalog.items)}
    of = [at.get(item) for item in index.items]
    keys: dict[str, Sequence[str | None]] = {}
    for name, values in (("department", catalog.department), ("category", catalog.category)):
        by_item = [None if k is None else values[k] for k in of]
        keys[name] = [by_item[k] for k in index.item_of]
    keys |= {"location": index.location_names()} | dict(more or {})
    for name, told in keys.items():
        if len(told) != len(index):
            raise ValueError(f"tree: expected {len(index)} names of {name}, one for each series, got {len(told)}")
    crossed = [(name, "location") for name in ("department", "category")]
    levels = (
        {TOTAL: [TOTAL] * len(index)}
        | keys
        | {CROSS.join(pair): _crossed(*(keys[k] for k in pair)) for pair in crossed}
    )
    return _tree(levels | {"item": index.item_names()}, len(index))


def _crossed(one: Sequence[str | None], other: Sequence[str | None]) -> list[str | None]:
    return [None if a is None or b is None else f"{a}{CROSS}{b}" for a, b in zip(one, other, strict=True)]


def _tree(levels: Mapping[str, Sequence[str | None]], n: int) -> Tree:
    """The distinct groups of the levels; those with the fewest groups come first."""
    parted = {}
    for name, values in levels.items():
        told = np.array([value is not None for value in values], np.bool_)
        distinct, of = np.unique(np.array([value or "" for value in values], np.str_)[told], return_inverse=True)
        parted[name] = (np.flatnonzero(told), of.ravel(), distinct)
    seen: set[bytes] = set()
    kept: list[tuple[str, str, Ints]] = []
    for name, (rows, of, distinct) in sorted(parted.items(), key=lambda entry: len(entry[1][2])):
        order = np.argsort(of, kind="stable")
        for value, members in zip(distinct, np.split(rows[order], np.cumsum(np.bincount(of))[:-1]), strict=False):
            if len(members) > 1 and members.tobytes() not in seen:
                seen.add(members.tobytes())
                kept.append((name, str(value), members))
    names = tuple(dict.fromkeys(name for name, _, _ in kept))
    begins = np.cumsum([0] + [len(members) for _, _, members in kept])
    columns = np.concatenate([np.zeros(0, np.int64)] + [members for _, _, members in kept])
    sums = sparse.csr_matrix((np.ones(len(columns)), columns, begins), shape=(len(kept), n))
    level = np.array([names.index(name) for name, _, _ in kept], np.int64)
    return Tree(sums, names, level, tuple(value for _, value, _ in kept))
