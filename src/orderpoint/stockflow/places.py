"""Places that hold stock and the links that supply them: what the general form of the simulator is told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from orderpoint.tables import checks

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

OUTSIDE = -1
"""The source of a link from a supplier, who never runs out."""


(
    OPENING,
    BACKLOG,
    REORDER_POINT,
    ORDER_UP_TO,
    REVIEW,
    FIRST_REVIEW,
    FIRST_ORDER,
    FIRST_LEAD,
    SHELF_LIFE,
    NEWEST_FIRST,
    RETURN_SHARE,
    RETURN_AFTER,
    PLACE_STREAM,
) = range(13)
"""Columns of places as one table for compiled loops, as in `Places`."""

(
    SOURCE,
    TARGET,
    SHARE,
    MOQ,
    PACK,
    MOST,
    CAPACITY,
    CROSSING,
    NEVER_SHARE,
    SHORT_SHARE,
    SHORT_PART,
    LATE_SHARE,
    LATE_BY,
    PER,
    LINK_STREAM,
) = range(15)
"""Columns of links as one table, as in `Links` without its lead times; ends are counted from the group's first."""


class Places(NamedTuple):
    """m places, shape (m,); places of one group stand together, in an order in which goods flow forward.

    `opening` units (below zero: waited for). `reorder_point`, `order_up_to`: where the position is at or below the
    first, order up to the second; `review`: every how many periods, from period `first_review` on. `first_order` units
    are ordered in period 0 instead, from the first link; `first_lead`: its lead time in periods, -1: as any other's.
    `shelf_life` in periods from the receipt (0: it keeps), `newest_first`: customers take the newest (LIFO), else the
    oldest. `return_share` of what is shipped comes back `return_after` periods later (at least 1), as new. `stream`:
    what the place is called where random numbers are drawn; each its own row where nobody says.
    """

    opening: FloatArray
    backlog: BoolArray
    reorder_point: FloatArray
    order_up_to: FloatArray
    review: IntArray
    first_review: IntArray
    first_order: FloatArray
    first_lead: IntArray
    shelf_life: IntArray
    newest_first: BoolArray
    return_share: FloatArray
    return_after: IntArray
    stream: IntArray

    def take(self, rows: IntArray) -> Places:
        """Some of the places."""
        return Places._make(column[rows] for column in self)


class Links(NamedTuple):
    """a links, shape (a,), links of one group together; `source` (OUTSIDE or an earlier place) and `target` are places.

    `share` of the target's orders; `moq`, `pack`, `most` units of an order; `capacity` units per period, what is
    beyond it waits; `leads` (a, q): equally likely lead times in periods; `crossing`: whether a later shipment may
    arrive earlier. Of each shipment: `never_share`, the probability that it never comes (and is known to); else
    `short_share`, that only `short_part` of it comes; and `late_share`, that it comes `late_by` periods later. `per`
    units of an earlier place make one unit of the target. `stream` as in `Places`.
    """

    source: IntArray
    target: IntArray
    share: FloatArray
    moq: FloatArray
    pack: FloatArray
    most: FloatArray
    capacity: FloatArray
    crossing: BoolArray
    never_share: FloatArray
    short_share: FloatArray
    short_part: FloatArray
    late_share: FloatArray
    late_by: IntArray
    per: FloatArray
    stream: IntArray
    leads: IntArray

    def take(self, rows: IntArray) -> Links:
        """Some of the links."""
        return Links._make(column[rows] for column in self)


PLACE_DEFAULTS = {"reorder_point": -1.0, "review": 1, "first_lead": -1, "return_after": 1}
LINK_DEFAULTS = {
    "source": OUTSIDE,
    "share": 1.0,
    "moq": 1.0,
    "pack": 1.0,
    "most": np.inf,
    "capacity": np.inf,
    "short_part": 1.0,
    "per": 1.0,
}
WHOLE = {
    "review",
    "first_review",
    "first_lead",
    "shelf_life",
    "return_after",
    "source",
    "target",
    "late_by",
    "stream",
    "leads",
}
FLAGS = {"backlog", "newest_first", "crossing"}


def places(count: int, **columns: ArrayLike) -> Places:
    """`count` places; each column is a number for all or an array (m,); what is left out has no effect."""
    return Places(**_columns(Places, {**PLACE_DEFAULTS, **columns}, count))


def links(count: int, **columns: ArrayLike) -> Links:
    """`count` links; `leads` is one number, (a,) or (a, q). What is left out has no effect."""
    leads = np.asarray(columns.pop("leads", 0), np.int64)
    leads = np.broadcast_to(
        leads if leads.ndim == 2 else leads.reshape(-1, 1), (count, leads.shape[-1] if leads.ndim == 2 else 1)
    )
    made = _columns(Links, {**LINK_DEFAULTS, **columns}, count)
    return Links(**{**made, "leads": np.ascontiguousarray(leads)})


def _columns(of: type[Places | Links], given: dict[str, Any], count: int) -> dict[str, Any]:
    """Every column as an array of its kind; 0 where nothing is given. Raises ValueError for an unknown name."""
    unknown = set(given) - set(of._fields)
    if unknown:
        raise ValueError(f"{of.__name__.lower()}: expected columns {', '.join(of._fields)}, got {', '.join(unknown)}")
    made: dict[str, Any] = {}
    given = {"stream": np.arange(count), **given}
    for name in of._fields:
        kind = np.int64 if name in WHOLE else np.bool_ if name in FLAGS else np.float64
        made[name] = np.array(np.broadcast_to(np.asarray(given.get(name, 0), kind), (count,)))
    return made


@dataclass(frozen=True, eq=False)
class Supplied:
    """Groups of places that supply each other, each played alone: the whole world of the general form.

    `group_place` (g + 1,), `group_link` (g + 1,): where the places and links of each group begin.
    """

    places: Places
    links: Links
    group_place: IntArray
    group_link: IntArray

    @classmethod
    def alone(cls, made: Places, lines: Links) -> Supplied:
        """Each place a group of its own, with one link."""
        each = np.arange(len(made.opening) + 1, dtype=np.int64)
        return cls(made, lines._replace(target=each[:-1].copy()), each, each)

    @classmethod
    def network(cls, made: Places, lines: Links) -> Supplied:
        """All places in one group."""
        return cls(made, lines, np.array([0, len(made.opening)]), np.array([0, len(lines.source)]))

    def packed(self) -> tuple[FloatArray, FloatArray, IntArray]:
        """Places and links as tables for compiled loops, (m, 13) and (a, 15), and the lead times."""
        first = np.repeat(self.group_place[:-1], np.diff(self.group_link))
        source = np.where(self.links.source == OUTSIDE, OUTSIDE, self.links.source - first)
        lines = self.links._replace(source=source, target=self.links.target - first)
        facts = [
            np.stack([np.asarray(c, np.float64) for c in columns], axis=1) for columns in (self.places, lines[:-1])
        ]
        return facts[0], facts[1], self.links.leads

    def __post_init__(self) -> None:
        m, a = len(self.places.opening), len(self.links.source)
        for name, column in zip(self.places._fields, self.places, strict=True):
            checks.shape(f"places.{name}", column, (m,))
        for name, column in zip(self.links._fields, self.links, strict=True):
            if name != "leads":
                checks.shape(f"links.{name}", column, (a,))
        checks.finite("places.opening", self.places.opening)
        checks.finite("places.review", self.places.review, least=1)
        checks.finite("places.shelf_life", self.places.shelf_life, least=0)
        checks.finite("places.return_after", self.places.return_after, least=1)
        checks.finite("links.leads", self.links.leads, least=0)
        checks.finite("links.pack", self.links.pack, least=1)
        checks.finite("links.late_by", self.links.late_by, least=0)
        checks.finite("links.per", self.links.per, least=float(np.finfo(np.float64).tiny))
        self._check_links()

    def _check_links(self) -> None:
        """Raises ValueError where a link leaves its group or runs against the flow, or a share is none."""
        group_of_place = np.searchsorted(self.group_place, np.arange(len(self.places.opening)), side="right") - 1
        group_of_link = np.searchsorted(self.group_link, np.arange(len(self.links.source)), side="right") - 1
        inner = self.links.source >= 0
        ends = group_of_place[self.links.target]
        if (ends != group_of_link).any() or (group_of_place[self.links.source] != group_of_link)[inner].any():
            raise ValueError("links: expected both ends in the link's own group; sort places and links by group")
        if (self.links.source >= self.links.target).any():
            raise ValueError("links: expected a source before its target; number places from the suppliers' end")
        for name in ("share", "never_share", "short_share", "short_part", "late_share"):
            values = getattr(self.links, name)
            if ((values < 0.0) | (values > 1.0)).any():
                raise ValueError(f"links.{name}: expected shares in 0..1, got {values.min()} to {values.max()}")
