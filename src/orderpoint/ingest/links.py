"""The network table: its arcs as `tables.network`, and arcs that cannot be, each named with its row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import numpy as np
import polars as pl
from numpy.typing import NDArray

from orderpoint.domain.errors import Fault
from orderpoint.ingest.reading import ROW
from orderpoint.tables.network import EVERY_ITEM, Network
from orderpoint.tables.series import SeriesIndex

FloatArray = NDArray[np.float64]

EVERY = ""
"""The item of an arc that carries all of them, as a word."""

Arc = tuple[str, str, int]
"""Source, target and row of the file."""

MOST_STAGES = 12
"""Stages of a cycle that are named."""


def cycles(file: str, network: pl.DataFrame) -> list[Fault]:
    """A fault for the arc that closes each cycle; arcs without an item belong to every item's network."""
    if not {"source", "target"} <= set(network.columns):
        return []
    items = network["item"].fill_null(EVERY).to_list() if "item" in network.columns else [EVERY] * network.height
    ends = (network[c].to_list() for c in ("source", "target", ROW))
    named = [(arc, item) for *arc, item in zip(*ends, items, strict=True) if arc[0] and arc[1]]
    if not _closing((s, t, row) for (s, t, row), _ in named):
        return []
    by_item: dict[str, list[Arc]] = {}
    for (source, target, row), item in named:
        by_item.setdefault(item, []).append((source, target, row))
    general = by_item.get(EVERY, [])
    closing: dict[int, str] = {}
    for item, arcs in by_item.items():
        closing |= _closing(arcs if item == EVERY else [*general, *arcs])
    targets = {row: target for (_, target, row), _ in named}
    return [
        Fault(file, "network_cycle", row, "target", targets[row], {"path": path})
        for row, path in sorted(closing.items())
    ]


def _closing(arcs: Iterable[Arc]) -> dict[int, str]:
    """Row of each arc that leads back to a stage on the way to it -> that cycle in words.

    A walk in depth, in the order of the arcs, which looks at each arc once; without the arcs it names, there is no
    cycle left.
    """
    leads: dict[str, list[tuple[str, int]]] = {}
    for source, target, row in arcs:
        leads.setdefault(source, []).append((target, row))
    found: dict[int, str] = {}
    on_way: dict[str, int] = {}
    seen: set[str] = set()
    for root in leads:
        way: list[str] = []
        waiting: list[tuple[str, Iterator[tuple[str, int]]]] = []
        following: str | None = None if root in seen else root
        while following is not None or waiting:
            if following is not None:
                on_way[following] = len(way)
                seen.add(following)
                way.append(following)
                waiting.append((following, iter(leads.get(following, ()))))
                following = None
            stage, onward = waiting[-1]
            for target, row in onward:
                if target in on_way:
                    found[row] = _in_words(way, on_way[target])
                elif target not in seen:
                    following = target
                    break
            if following is None:
                waiting.pop()
                way.pop()
                del on_way[stage]
    return found


def _in_words(way: list[str], start: int) -> str:
    """The cycle from the last stage of `way` back to its stage `start` and on; long ones are shortened."""
    steps = len(way) - start
    if steps <= MOST_STAGES:
        return " > ".join([way[-1], *way[start:]])
    half = MOST_STAGES // 2
    return " > ".join([way[-1], *way[start : start + half], f"... ({steps - 2 * half})", *way[-half:]])


def dead_ends(file: str, network: pl.DataFrame | None, index: SeriesIndex) -> list[Fault]:
    """A fault for each arc from whose target no place that sells or holds anything can be reached."""
    if network is None:
        return []
    backward: dict[str, list[str]] = {}
    for source, target in network.select("source", "target").iter_rows():
        backward.setdefault(target, []).append(source)
    served = set(index.locations)
    waiting = list(served)
    while waiting:
        for source in backward.get(waiting.pop(), []):
            if source not in served:
                served.add(source)
                waiting.append(source)
    lost = network.filter(~pl.col("target").is_in(list(served))).select(ROW, "source", "target")
    return [
        Fault(file, "network_dead_end", row, "target", target, {"source": source, "target": target})
        for row, source, target in lost.iter_rows()
    ]


def network_of(tables: Mapping[str, pl.DataFrame], index: SeriesIndex) -> Network | None:
    """The network of a shop, None without a table or rows; arcs of items that the index lacks are left out."""
    frame = tables.get("network")
    if frame is None or frame.is_empty():
        return None
    item_row = {name: k for k, name in enumerate(index.items)}
    words = frame["item"].to_list() if "item" in frame.columns else [None] * frame.height
    item = np.array([EVERY_ITEM if not word else item_row.get(word, -2) for word in words], dtype=np.int64)
    kept = item >= EVERY_ITEM
    if not kept.any():
        return None
    outside = sorted({*frame["source"].to_list(), *frame["target"].to_list()} - set(index.locations))
    stages = (*index.locations, *outside)
    row = {name: k for k, name in enumerate(stages)}
    places = tables.get("locations")
    return Network(
        stages=stages,
        source=np.array([row[s] for s in frame["source"].to_list()], dtype=np.int64)[kept],
        target=np.array([row[t] for t in frame["target"].to_list()], dtype=np.int64)[kept],
        item=item[kept],
        quantity_per=_filled(frame, "quantity_per", 1.0)[kept],
        lead_time_days=_filled(frame, "lead_time_days", np.nan)[kept],
        unit_cost=_filled(frame, "unit_cost", 0.0)[kept],
        capacity_per_day=_filled(frame, "capacity_per_day", np.inf)[kept],
        stage_cost=per_place(places, stages, "stage_cost"),
        stage_time_days=per_place(places, stages, "stage_time_days"),
        max_service_time_days=per_place(places, stages, "max_service_time_days"),
    )


def strange_arcs(network: pl.DataFrame | None, index: SeriesIndex) -> int:
    """How many arcs speak of items that are neither sold nor held."""
    if network is None or "item" not in network.columns:
        return 0
    words = network["item"].drop_nulls()
    return int((~words.is_in(list(index.items)) & (words != EVERY)).sum())


def per_place(places: pl.DataFrame | None, names: Iterable[str], column: str) -> FloatArray:
    """A number of the locations table for each of `names`, NaN where unknown."""
    known: Mapping[str, float | None] = {}
    if places is not None and column in places.columns:
        known = dict(zip(places["location"].to_list(), places[column].to_list(), strict=True))
    values = (known.get(name) for name in names)
    return np.array([np.nan if value is None else value for value in values], dtype=np.float64)


def _filled(frame: pl.DataFrame, column: str, default: float) -> FloatArray:
    """A column as numbers, with `default` where it says nothing."""
    if column not in frame.columns:
        return np.full(frame.height, default)
    return frame[column].cast(pl.Float64).fill_null(default).to_numpy().astype(np.float64)
