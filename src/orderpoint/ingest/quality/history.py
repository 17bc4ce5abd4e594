"""Findings on the history by series: stockouts given and suspected, lasting changes of level, items that ended."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from orderpoint.domain.calendar import Period
from orderpoint.ingest.quality.findings import EXAMPLES_MAX, Finding, Severity
from orderpoint.tables.sales import Sales, State

BLOCK_PERIODS = {Period.DAY: 7, Period.WEEK: 1, Period.MONTH: 1}
SEGMENT_BLOCKS_MIN = {Period.DAY: 8, Period.WEEK: 8, Period.MONTH: 4}
LOOKED_BACK_BLOCKS = {Period.DAY: 52, Period.WEEK: 52, Period.MONTH: 12}
SHOP_SERIES_MIN = 20
CHANGE_Z_MIN = 6.0
CHANGE_RATIO_MIN = 2.0
SELLING_PERIODS_MIN = 8
ENDED_DAYS = 182


def stockouts(sales: Sales) -> list[Finding | None]:
    """Stockouts that the input gives, and those that were inferred."""
    on_sale = max(int((sales.state != State.OFF).sum()), 1)
    found: list[Finding | None] = []
    for code, state, severity in (
        ("given_stockouts", State.STOCKOUT, Severity.INFO),
        ("suspected_stockouts", State.STOCKOUT_INFERRED, Severity.WARNING),
    ):
        cells = sales.state == state
        rows = np.flatnonzero(cells.any(axis=1))
        if len(rows):
            found.append(Finding(code, severity, len(rows), float(cells.sum()) / on_sale, _longest(sales, cells, rows)))
    return found


def _longest(sales: Sales, cells: NDArray[np.bool_], rows: NDArray[np.intp]) -> tuple[str, ...]:
    runs: list[tuple[int, int, int]] = []
    for row in rows:
        edges = np.diff(np.concatenate(([0], cells[row].astype(np.int8), [0])))
        starts, ends = np.flatnonzero(edges == 1), np.flatnonzero(edges == -1)
        k = int(np.argmax(ends - starts))
        runs.append((int(starts[k] - ends[k]), int(row), int(starts[k])))
    return tuple(
        f"{_label(sales, row)}: {sales.timeline.start(start)} – {sales.timeline.start(start - minus_length - 1)}"
        for minus_length, row, start in sorted(runs)[:EXAMPLES_MAX]
    )


def _label(sales: Sales, row: int) -> str:
    """Item of a series, and its location where there are several."""
    index = sales.index
    item = index.items[index.item_of[row]]
    return f"{item} @ {index.locations[index.location_of[row]]}" if len(index.locations) > 1 else item


@dataclass(frozen=True, eq=False)
class _Blocks:
    """Units of each series in blocks of `block` periods from period `start` on, relative to what the shop sold then."""

    units: NDArray[np.float64]
    off: NDArray[np.bool_]
    start: int
    block: int


def changes_of_level(sales: Sales) -> list[Finding | None]:
    """Series that sell lastingly more, or less, than before.

    Units per week (month), relative to what the whole shop sold then, on a square-root scale, on which the variance of
    counts does not depend on their level. Over all splits of the last year into a before and an after, the one with the
    largest two-sample statistic counts; the noise is that of successive differences, which one step hardly moves.
    """
    period = sales.timeline.period
    least = SEGMENT_BLOCKS_MIN[period]
    blocks = _blocks(sales)
    count = blocks.units.shape[1]
    if count < 3 * least:
        return [None]
    level = np.where(blocks.off, np.nan, np.sqrt(blocks.units))
    z, split = _largest_step(level, least, max(count - LOOKED_BACK_BLOCKS[period], least))
    return [_changed(sales, blocks, z, split, up=up) for up in (True, False)]


def _blocks(sales: Sales) -> _Blocks:
    block = BLOCK_PERIODS[sales.timeline.period]
    n, count = len(sales.index), sales.timeline.count // block
    start = sales.timeline.count - count * block
    units = sales.quantity[:, start:].reshape(n, count, block).sum(axis=2, dtype=np.float64)
    on = (sales.state[:, start:] == State.OBSERVED).reshape(n, count, block).sum(axis=2)
    if n >= SHOP_SERIES_MIN:
        total = units.sum(axis=0)
        usual = float(np.median(total[total > 0])) if (total > 0).any() else 1.0
        units /= np.where(total > 0, total / usual, 1.0)[None, :]
    return _Blocks(units, on * 2 < block, start, block)


def _largest_step(
    level: NDArray[np.float64], least: int, first_split: int
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """For each row the signed two-sample statistic of largest size over the splits, and that split."""
    known = ~np.isnan(level)
    filled = np.where(known, level, 0.0)
    n = np.cumsum(known, axis=1)
    s = np.cumsum(filled, axis=1)
    steps = np.diff(level, axis=1)
    noise = np.sqrt(np.nansum(steps**2, axis=1) / np.maximum(2 * (~np.isnan(steps)).sum(axis=1), 1))
    best = np.zeros(len(level))
    where = np.zeros(len(level), np.int64)
    for split in range(first_split, level.shape[1] - least + 1):
        n1, s1 = n[:, split - 1], s[:, split - 1]
        n2, s2 = n[:, -1] - n1, s[:, -1] - s1
        enough = (n1 >= least) & (n2 >= least) & (noise > 0)
        with np.errstate(divide="ignore", invalid="ignore"):
            z = np.where(enough, (s2 / n2 - s1 / n1) / (noise * np.sqrt(1 / n1 + 1 / n2)), 0.0)
        better = np.abs(z) > np.abs(best)
        best[better], where[better] = z[better], split
    return best, where


def _changed(
    sales: Sales, blocks: _Blocks, z: NDArray[np.float64], split: NDArray[np.int64], *, up: bool
) -> Finding | None:
    suspects = np.flatnonzero(z > CHANGE_Z_MIN if up else z < -CHANGE_Z_MIN)
    changed: list[tuple[float, str]] = []
    for row in suspects:
        on, at = ~blocks.off[row], int(split[row])
        before = float(blocks.units[row, :at][on[:at]].mean())
        after = float(blocks.units[row, at:][on[at:]].mean())
        if max(before, after) / max(min(before, after), 1e-9) < CHANGE_RATIO_MIN or max(before, after) < 1.0:
            continue
        day = sales.timeline.start(blocks.start + at * blocks.block)
        changed.append((-abs(after - before), f"{_label(sales, int(row))} ({day}: {before:.3g} → {after:.3g})"))
    if not changed:
        return None
    examples = tuple(text for _, text in sorted(changed)[:EXAMPLES_MAX])
    code = "level_up" if up else "level_down"
    return Finding(code, Severity.INFO, len(changed), len(changed) / len(sales.index), examples)


def sparse_and_ended(sales: Sales) -> list[Finding | None]:
    """Series with too few sales to be forecast on their own, and series that stopped selling."""
    selling = sales.quantity > 0
    count = selling.sum(axis=1)
    few = np.flatnonzero((count > 0) & (count < SELLING_PERIODS_MIN))
    found: list[Finding | None] = []
    if len(few):
        shown = tuple(_label(sales, int(r)) for r in few[:EXAMPLES_MAX])
        found.append(
            Finding(
                "sparse_items",
                Severity.INFO,
                len(few),
                len(few) / len(count),
                shown,
                {"least": str(SELLING_PERIODS_MIN)},
            )
        )
    quiet = max(1, round(ENDED_DAYS / sales.timeline.period.mean_days))
    if sales.timeline.count <= quiet:
        return found
    on_sale = sales.state[:, -quiet:] == State.OBSERVED
    ended = np.flatnonzero((count > 0) & ~selling[:, -quiet:].any(axis=1) & on_sale.any(axis=1))
    if len(ended):
        by_units = ended[np.argsort(-sales.quantity[ended].sum(axis=1), kind="stable")]
        shown = tuple(_label(sales, int(r)) for r in by_units[:EXAMPLES_MAX])
        found.append(
            Finding("ended", Severity.INFO, len(ended), len(ended) / len(count), shown, {"days": str(ENDED_DAYS)})
        )
    return found
