"""Any forecaster, one part of the series after another, so that a large shop needs no large memory.

Every part is a cross-section of the shop: whole families of items (all places of an item, and those it replaces) in a
random order that is the same in every run. What a model pools over series (seasons, effects, weights, the
likes of a launch) it learns anew from each part, so a forecast in parts is close to that of the whole, not the same.
"""

from __future__ import annotations

import hashlib
import heapq
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from orderpoint.forecast.base import Fitted, Forecaster, Weighted
from orderpoint.tables.catalog import Catalog
from orderpoint.tables.demand import Demand
from orderpoint.tables.known import Known
from orderpoint.tables.sales import Sales
from orderpoint.tables.series import SeriesIndex

Floats = NDArray[np.float64]
Rows = NDArray[np.intp]
SHUFFLE = 1
"""Seed of the order in which families are dealt out."""
FIELDS = ("mean", "family", "ratio", "level_cv2", "zero", "knots")
"""Arrays of `Demand`."""
WEIGHT = "weight "


@dataclass(frozen=True, eq=False)
class Said:
    """What was said of one part: its demand, and the weight of each model in it, (n,) each."""

    demand: Demand
    weights: Mapping[str, Floats]


Arrays = Mapping[str, NDArray[Any]]


class Kept(Protocol):
    """Where finished parts lie until all are there; a key tells of all that a part follows from."""

    def load(self, key: str) -> Arrays | None:
        """The arrays that were saved under this key; None where none were, or they cannot be read."""
        ...

    def save(self, key: str, arrays: Arrays) -> None:
        """Keep them, whole or not at all."""
        ...


class Nowhere:
    """Keeps nothing."""

    def load(self, key: str) -> Arrays | None:
        """Nothing was kept."""

    def save(self, key: str, arrays: Arrays) -> None:
        """Forget them."""


@dataclass(frozen=True)
class InParts:
    """`base` on as few parts as have `most` series at most. One part is the base itself, to the bit.

    A part is fitted when it is asked for its demand, and its model is dropped after that: the next one takes its place
    in memory. `kept`: where finished parts lie, so that a run that was interrupted goes on from there.
    """

    base: Forecaster
    most: int
    kept: Kept = field(default_factory=Nowhere)

    def __post_init__(self) -> None:
        """Check the parameters."""
        if self.most < 1:
            raise ValueError(f"most: expected at least 1 series, got {self.most}")

    @property
    def name(self) -> str:
        """The field's name of the method."""
        return self.base.name

    def fit(self, sales: Sales, known: Known) -> Fitted:
        """Deal the series out; the models are fitted as demand is asked for."""
        if len(sales.index) <= self.most:
            return self.base.fit(sales, known)
        return Fit(self, sales, known, tuple(dealt(sales.index, known.catalog, self.most)))


@dataclass(eq=False)
class Fit:
    """Parts of a history, and what was last said of them."""

    model: InParts
    sales: Sales
    known: Known
    parts: tuple[Rows, ...]
    said: Said | None = None

    def demand(self, periods: int, known: Known) -> Demand:
        """Demand of the `periods` periods that follow, with all that `known` has (see `Fitted.demand`)."""
        told = f"{_digest(self.known)} {_digest(known)} {periods} {self.model.base!r}"
        found = [self._said(rows, periods, known, told) for rows in self.parts]
        self.said = together(self.sales.index, self.parts, found)
        return self.said.demand

    def weights(self) -> dict[str, Floats]:
        """Weight (n,) of each model of the base by its label; empty where the base is one model."""
        if self.said is None:
            self.demand(1, self.known)
        return dict(self.said.weights) if self.said is not None else {}

    def _said(self, rows: Rows, periods: int, known: Known, told: str) -> Said:
        part, kept = self.sales.take(rows), self.model.kept
        key = _key(told, part)
        arrays = kept.load(key)
        if arrays is not None:
            return _from_arrays(arrays, part, periods)
        fitted = self.model.base.fit(part, self.known)
        weights = fitted.weights() if isinstance(fitted, Weighted) else {}
        said = Said(fitted.demand(periods, known), weights)
        kept.save(key, _to_arrays(said))
        return said


def dealt(index: SeriesIndex, catalog: Catalog, most: int) -> list[Rows]:
    """The rows of each part, ascending: no more than `most` series in any, and about as many in each.

    Families stay together; of one that is larger than a part, what is at one place does.
    """
    family = _families(index, catalog)[index.item_of]
    large = np.bincount(family, minlength=1)[family] > most
    unit = np.unique(np.stack([family, np.where(large, index.location_of, -1)]), axis=1, return_inverse=True)[1].ravel()
    size = np.bincount(unit)
    order = np.random.default_rng(SHUFFLE).permutation(len(size))
    count = -(-len(unit) // most)
    while True:
        part = _spread(size, order, count)
        if np.bincount(part[unit]).max() <= most or count >= len(size):
            return [np.flatnonzero(part[unit] == k) for k in range(count)]
        count += 1


def _spread(size: NDArray[np.int64], order: NDArray[np.int64], count: int) -> NDArray[np.int64]:
    """The part of each unit: in their order, each to the part that has the fewest series so far."""
    room = [(0, k) for k in range(count)]
    part = np.zeros(len(size), np.int64)
    for unit in order.tolist():
        filled, part[unit] = heapq.heappop(room)
        heapq.heappush(room, (filled + int(size[unit]), int(part[unit])))
    return part


def _families(index: SeriesIndex, catalog: Catalog) -> NDArray[np.int64]:
    """Number (m,) of the family of each item of the index: items are related that replace one another.

    Those count, too, that are in the catalogue alone and stand between two that have been sold.
    """
    pairs = [(item, old) for item, old in zip(catalog.items, catalog.replaces, strict=True) if old is not None]
    names = dict.fromkeys([*index.items, *(name for pair in pairs for name in pair)])
    number = {item: k for k, item in enumerate(names)}
    links = np.array([(number[new], number[old]) for new, old in pairs], np.int64).reshape(-1, 2)
    graph = csr_array((np.ones(len(links)), (links[:, 0], links[:, 1])), shape=(len(number), len(number)))
    family = connected_components(graph, directed=False)[1]
    return np.asarray(family[: len(index.items)], np.int64)


def together(index: SeriesIndex, parts: tuple[Rows, ...], said: list[Said]) -> Said:
    """What was said of all series, in the order of the index."""
    back = np.argsort(np.concatenate(parts))
    widest = max(s.demand.knots.shape[1] for s in said)
    knots = [_widened(s.demand.knots, widest) for s in said]
    whole = {name: np.concatenate([getattr(s.demand, name) for s in said])[back] for name in FIELDS if name != "knots"}
    demand = Demand(index, said[0].demand.timeline, knots=np.concatenate(knots)[back], **whole)
    labels = dict.fromkeys(label for s in said for label in s.weights)
    weights = {
        label: np.concatenate([s.weights.get(label, np.zeros(len(s.demand.index))) for s in said])[back]
        for label in labels
    }
    return Said(demand, weights)


def _widened(knots: Floats, width: int) -> Floats:
    """Residual quantiles (n, width); a part without any has rows of zeros, which its families do not look at."""
    if knots.shape[1] not in {0, width}:
        raise ValueError(f"parts: expected {width} quantiles of the residual in each, got {knots.shape[1]}")
    return knots if knots.shape[1] else np.zeros((len(knots), width))


def _to_arrays(said: Said) -> Arrays:
    demand = {name: getattr(said.demand, name) for name in FIELDS}
    return demand | {WEIGHT + label: weight for label, weight in said.weights.items()}


def _from_arrays(arrays: Arrays, part: Sales, periods: int) -> Said:
    demand = Demand(part.index, part.timeline.after(periods), **{name: arrays[name] for name in FIELDS})
    return Said(demand, {name.removeprefix(WEIGHT): a for name, a in arrays.items() if name.startswith(WEIGHT)})


def _key(told: str, part: Sales) -> str:
    """A name for what is said of these sales: the same for the same model, knowledge, series and cells."""
    names = "\n".join(f"{item}\t{place}" for item, place in part.index.pairs())
    digest = hashlib.blake2b(f"{told} {part.timeline}\n{names}".encode(), digest_size=16)
    for array in (part.quantity, part.state, part.price, part.promotion, part.in_stock_share):
        digest.update(b"-" if array is None else np.ascontiguousarray(array).view(np.uint8).data)
    return digest.hexdigest()


def _digest(known: Known) -> str:
    """A name for what is known ahead."""
    digest = hashlib.blake2b(f"{known.catalog} {known.calendar} {known.overrides}".encode(), digest_size=16)
    for table in (known.prices, known.drivers):
        digest.update(b"-" if table is None else f"{table.schema}".encode())
        digest.update(b"-" if table is None else table.hash_rows().to_numpy().data)
    return digest.hexdigest()
