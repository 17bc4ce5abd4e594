"""Minimum-trace reconciliation of large shops, and of one that the textbook's dense formula can still do.

usage: python -m benchmarks hierarchy
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from orderpoint.forecast.hierarchy import MinT, Tree, Variances, tree_of
from orderpoint.tables.catalog import Catalog
from orderpoint.tables.series import SeriesIndex

HORIZON = 28
SMALL = (150, 10, 7)
SHOPS = {"as many as M5's": (3049, 10, 7), "many categories": (9_700, 4, 300)}
"""Items, locations, categories."""
Floats = NDArray[np.float64]


def run(quick: bool) -> list[dict[str, object]]:  # noqa: FBT001 - the one argument that every benchmark takes
    """Rows: seconds for means and variances, compiled; beside the dense formula where that fits."""
    del quick  # all of it takes seconds
    small = _case(*SMALL)
    _reconcile(*small)
    ours, theirs = _seconds(lambda: _reconcile(*small)), _seconds(lambda: _dense(*small))
    if not np.allclose(_reconcile(*small), _dense(*small), rtol=1e-6):
        raise AssertionError("the dense formula says something else")
    rows: list[dict[str, object]] = [
        {
            "name": f"reconcile {_nodes(small[0]):,} nodes beside the dense formula",
            "ours": ours,
            "peer": theirs,
            "ratio": theirs / ours,
            "unit": "s",
        }
    ]
    for name, shape in SHOPS.items():
        case = _case(*shape)
        seconds = _seconds(lambda case=case: _reconcile(*case))  # type: ignore[misc]
        rows.append(
            {"name": f"reconcile {_nodes(case[0]):,} nodes, {name}", "ours": seconds, "limit": 5.0, "unit": "s"}
        )
        below = _seconds(lambda case=case: _not_negative(*case))  # type: ignore[misc]
        rows.append({"name": f"the same, {HORIZON} periods without negative values", "ours": below, "unit": "s"})
    return rows


def _case(items: int, locations: int, categories: int) -> tuple[Tree, Variances, Floats, Floats]:
    """A shop whose groups are off by a fifth, with variances in proportion to sums."""
    rng = np.random.default_rng(1)
    index = SeriesIndex.of((f"{i:05d}", f"{p:02d}") for i in range(items) for p in range(locations))
    of = rng.integers(0, categories, items)
    catalog = replace(
        Catalog.bare(index.items),
        category=tuple(f"c{k:03d}" for k in of),
        department=tuple(f"d{k % max(categories // 10, 2):02d}" for k in of),
    )
    tree = tree_of(index, catalog)
    series = rng.gamma(1.0, 3.0, (len(index), HORIZON))
    groups = tree.sums @ series * rng.normal(1.0, 0.2, (tree.count, HORIZON))
    first = series[:, 0]
    return tree, Variances(first + 0.2 * first**2, 0.1 * (tree.sums @ first) ** 2), series, groups


def _nodes(tree: Tree) -> int:
    return int(tree.sums.shape[0] + tree.sums.shape[1])


def _reconcile(tree: Tree, variances: Variances, series: Floats, groups: Floats) -> Floats:
    mint = MinT(tree.sums, variances)
    mint.shares()
    return mint.means(series, groups)


def _not_negative(tree: Tree, variances: Variances, series: Floats, groups: Floats) -> Floats:
    return MinT(tree.sums, variances).not_negative(series, groups)


def _dense(tree: Tree, variances: Variances, series: Floats, groups: Floats) -> Floats:
    """S (S' W^-1 S)^-1 S' W^-1 y of Forecasting: Principles and Practice, and the variances of its errors."""
    s = np.vstack((tree.sums.toarray(), np.eye(tree.sums.shape[1])))
    weighed = s.T / np.concatenate((variances.groups, variances.series))
    covariance = np.linalg.inv(weighed @ s)
    return np.asarray(covariance @ (weighed @ np.vstack((groups, series))))


def _seconds(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun
