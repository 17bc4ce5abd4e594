"""Least values over lines and over points, kept while they are added one by one: what makes lot sizing near-linear.

Lines y = a + v x, asked for the least at x that only grow. Where each new line is flatter than those before, the
lower envelope is a queue: a new line drops what it covers at the back, and a growing x drops lines at the front, so
T lines and T questions take O(T). Else a Li Chao tree over the T values of x, known ahead, takes O(log T) each.

Points (x, y) with growing x, asked for the least y - u x: the lower convex hull is a stack; where u only grows the
answer moves along it, else it is found by bisection.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@njit(cache=True)
def push_line(queue: IntArray, ends: tuple[int, int], k: int, a: FloatArray, v: FloatArray) -> int:
    """Add line `k` behind `queue[first:last]`, `ends` = (first, last); returns the new last. Slopes never grow."""
    first, last = ends
    while last > first:
        back = queue[last - 1]
        if v[back] == v[k]:
            if a[back] <= a[k]:
                return last
            last -= 1
            continue
        if last - first < 2:
            break
        before = queue[last - 2]
        if (a[k] - a[before]) * (v[before] - v[back]) > (a[back] - a[before]) * (v[before] - v[k]):
            break
        last -= 1
    queue[last] = k
    return last + 1


@njit(cache=True)
def front_line(queue: IntArray, ends: tuple[int, int], x: float, a: FloatArray, v: FloatArray) -> int:
    """The new first of the queue: its line is the least at `x`; earlier ones never are again."""
    first, last = ends
    while first + 1 < last:
        here, there = queue[first], queue[first + 1]
        if a[there] + v[there] * x > a[here] + v[here] * x:
            break
        first += 1
    return first


@njit(cache=True)
def add_to_tree(tree: IntArray, k: int, x: FloatArray, a: FloatArray, v: FloatArray) -> None:
    """Add line `k` to a Li Chao tree over the ascending `x`; -1 marks an empty node."""
    node, low, high = 1, 0, len(x) - 1
    while True:
        other = tree[node]
        if other < 0:
            tree[node] = k
            return
        middle = (low + high) // 2
        if a[k] + v[k] * x[middle] < a[other] + v[other] * x[middle]:
            tree[node], k, other = k, other, k
        if low == high:
            return
        if a[k] + v[k] * x[low] < a[other] + v[other] * x[low]:
            node, high = 2 * node, middle
        elif a[k] + v[k] * x[high] < a[other] + v[other] * x[high]:
            node, low = 2 * node + 1, middle + 1
        else:
            return


@njit(cache=True)
def least_in_tree(tree: IntArray, j: int, x: FloatArray, a: FloatArray, v: FloatArray) -> int:
    """The line that is least at `x[j]`."""
    node, low, high = 1, 0, len(x) - 1
    best = tree[node]
    while low < high:
        middle = (low + high) // 2
        if j <= middle:
            node, high = 2 * node, middle
        else:
            node, low = 2 * node + 1, middle + 1
        other = tree[node]
        if other < 0:
            break
        if a[other] + v[other] * x[j] < a[best] + v[best] * x[j]:
            best = other
    return int(best)


@njit(cache=True)
def push_point(hull: IntArray, size: int, k: int, x: FloatArray, y: FloatArray) -> int:
    """Add point `k`, not left of the others, to the lower convex hull `hull[:size]`; returns its new size."""
    while size > 0:
        back = hull[size - 1]
        if x[back] == x[k]:
            if y[back] <= y[k]:
                return size
            size -= 1
            continue
        if size < 2:
            break
        before = hull[size - 2]
        if (y[k] - y[before]) * (x[back] - x[before]) > (y[back] - y[before]) * (x[k] - x[before]):
            break
        size -= 1
    hull[size] = k
    return size + 1


@njit(cache=True)
def walk_hull(hull: IntArray, span: tuple[int, int], u: float, x: FloatArray, y: FloatArray) -> int:
    """From place `span[0]` of the hull of size `span[1]` on: the place of the least y - u x, for u that never falls."""
    at, size = span
    at = min(at, size - 1)
    while at + 1 < size and y[hull[at + 1]] - u * x[hull[at + 1]] <= y[hull[at]] - u * x[hull[at]]:
        at += 1
    return at


@njit(cache=True)
def search_hull(hull: IntArray, size: int, u: float, x: FloatArray, y: FloatArray) -> int:
    """The place of the least y - u x, by bisection."""
    low, high = 0, size - 1
    while low < high:
        middle = (low + high) // 2
        if y[hull[middle + 1]] - u * x[hull[middle + 1]] <= y[hull[middle]] - u * x[hull[middle]]:
            low = middle + 1
        else:
            high = middle
    return low
