"""Any forecaster, one part of the series after another, so that a large shop needs no large memory.

Every part is a cross-section of the shop: whole families of items (all places of an item, and those it replaces) in a
random order that is the same in every run. What a model pools over series (seasons, effects, weights, the
likes of a launch) it learns anew from each part, so a forecast in parts is close to that of the whole, not the same.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

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
    """Where finished parts lie until all are there. What is known ahead belongs to the place: no key tells of it."""

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
    """`base` on as few parts as have about `most` series at most. One part is the base itself, to the bit.

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
        count = -(-len(sales.index) // self.most)
        if count < 2:
            return self.base.fit(sales, known)
        parts = [rows for rows in dealt(sales.index, known.catalog, count) if len(rows)]
        return Fit(self, sales, known, tuple(parts))


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
        found = [self._said(rows, periods, known) for rows in self.parts]
        self.said = together(self.sales.index, self.parts, found)
        return self.said.demand

    def weights(self) -> dict[str, Floats]:
        """Weight (n,) of each model of the base by its label; empty where the base is one model."""
        if self.said is None:
            self.demand(1, self.known)
        return dict(self.said.weights) if self.said is not None else {}

    def _said(self, rows: Rows, periods: int, known: Known) -> Said:
        part, kept = self.sales.take(rows), self.model.kept
        key = _key(self.model.base, part, periods)
        arrays = kept.load(key)
        if arrays is not None:
            return _from_arrays(arrays, part, periods)
        fitted = self.model.base.fit(part, self.known)
        weights = fitted.weights() if isinstance(fitted, Weighted) else {}
        said = Said(fitted.demand(periods, known), weights)
        kept.save(key, _to_arrays(said))
        return said


def dealt(index: SeriesIndex, catalog: Catalog, parts: int) -> list[Rows]:
    """The rows of each part, ascending: whole families, and about as many series in each part."""
    family = _families(index, catalog)[index.item_of]
    order = np.random.default_rng(SHUFFLE).permutation(int(family.max(initial=-1)) + 1)
    place = np.argsort(order)[family]
    size = np.bincount(place, minlength=len(order))
    part = (np.cumsum(size) - size) * parts // max(len(family), 1)
    return [np.flatnonzero(part[place] == k) for k in range(parts)]


def _families(index: SeriesIndex, catalog: Catalog) -> NDArray[np.int64]:
    """Number (m,) of the family of each item of the index: items are related that replace one another."""
    number = {item: k for k, item in enumerate(index.items)}
    family = np.arange(len(index.items))

    def head(k: int) -> int:
        while family[k] != k:
            family[k] = family[family[k]]
            k = int(family[k])
        return k

    for item, old in zip(catalog.items, catalog.replaces, strict=True):
        new, before = number.get(item), number.get(old) if old is not None else None
        if new is not None and before is not None:
            family[head(new)] = head(before)
    return np.unique([head(k) for k in range(len(family))], return_inverse=True)[1].astype(np.int64)


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
    return knots if knots.shape[1] == width else np.zeros((len(knots), width))


def _to_arrays(said: Said) -> Arrays:
    demand = {name: getattr(said.demand, name) for name in FIELDS}
    return demand | {WEIGHT + label: weight for label, weight in said.weights.items()}


def _from_arrays(arrays: Arrays, part: Sales, periods: int) -> Said:
    demand = Demand(part.index, part.timeline.after(periods), **{name: arrays[name] for name in FIELDS})
    return Said(demand, {name.removeprefix(WEIGHT): a for name, a in arrays.items() if name.startswith(WEIGHT)})


def _key(base: Forecaster, part: Sales, periods: int) -> str:
    """A name for what is said of these sales: the same for the same model, series and cells."""
    names = "\n".join(f"{item}\t{place}" for item, place in part.index.pairs())
    told = hashlib.blake2b(f"{base!r} {part.timeline} {periods}\n{names}".encode(), digest_size=16)
    for array in (part.quantity, part.state, part.price, part.promotion):
        told.update(b"-" if array is None else np.ascontiguousarray(array).view(np.uint8).data)
    return told.hexdigest()
