"""Series that feed each other as places and links of the simulator."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from orderpoint.stockflow.places import OUTSIDE, Links, links
from orderpoint.tables.upkeep import Feeds

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


class Flow(NamedTuple):
    """`rows`: series in the order of flow, `links`: theirs, both network by network, from `place_start`, `link_start`.

    `source`, `target`: the ends of all links, among `rows`.
    """

    rows: IntArray
    links: IntArray
    place_start: IntArray
    link_start: IntArray
    source: IntArray
    target: IntArray


def from_outside(n: int, feeds: Feeds | None) -> FloatArray:
    """(n,): the part of each series' goods that its own supplier sends."""
    if feeds is None:
        return np.ones(n)
    left = 1.0 - np.bincount(feeds.target, feeds.share, n)
    return np.where(left > 1e-9, left, 0.0)


def moving_cost(n: int, feeds: Feeds | None) -> FloatArray:
    """(n,): money per unit that comes from other places, a mean over the ways on which it comes."""
    if feeds is None:
        return np.zeros(n)
    whole = np.bincount(feeds.target, feeds.share, n)
    return np.bincount(feeds.target, feeds.share * feeds.cost, n) / np.where(whole > 0.0, whole, 1.0)


def with_feeds(outside: Links, feeds: Feeds) -> Links:
    """The links from outside, one for each series, and then those between series, in parcels."""
    n, inner = len(outside.target), len(feeds.source)
    between = links(
        inner,
        source=feeds.source,
        target=feeds.target,
        share=feeds.share,
        moq=feeds.parcel,
        pack=feeds.parcel,
        capacity=feeds.capacity,
        per=feeds.per,
        stream=n + np.arange(inner),
        leads=np.tile(feeds.lead_periods[:, None], (1, outside.leads.shape[1])),
    )
    return Links(*(np.concatenate(pair) for pair in zip(outside, between, strict=True)))


def in_order_of_flow(feeds: Feeds, rows: IntArray) -> Flow:
    """How the series `rows` are played; those that feed each other are all among them."""
    n = len(feeds.order)
    ordered = rows[np.argsort(feeds.place[rows])]
    at = np.full(n, -1, np.int64)
    at[ordered] = np.arange(len(ordered))
    source = np.concatenate([np.full(n, OUTSIDE), at[feeds.source]])
    target = np.concatenate([at, at[feeds.target]])
    mine = np.flatnonzero(target >= 0)
    part = np.concatenate([feeds.part, feeds.part[feeds.target]])
    first_place = np.concatenate([at, at[feeds.source]])  # a link from outside before those to other places
    chosen = mine[np.lexsort((mine >= n, first_place[mine], part[mine]))]
    starts = np.flatnonzero(np.diff(feeds.part[ordered], prepend=-1))
    groups = feeds.part[ordered][starts]
    link_start = np.searchsorted(part[chosen], groups)
    # parts are numbered by their first series, so the chosen links ascend by part as the places do
    return Flow(ordered, chosen, np.append(starts, len(ordered)), np.append(link_start, len(chosen)), source, target)
