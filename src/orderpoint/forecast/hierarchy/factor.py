"""A sparse symmetric system, factored once: L D L' without exchange of rows, in the order of the rows from the last.

Groups are sorted from coarse to fine, and the finest of them do not share a series: eliminated first, they cost a
division each, and what they leave fills the coarse rows alone. That order is as good here as one that is searched.
The algorithm is Davis's (2005, ACM TOMS 31, Algorithm 849: LDL); the entries of the inverse that stand where the
factor does are Takahashi's (Erisman and Tinney 1975, CACM 18).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit, prange
from numpy.typing import NDArray
from scipy import sparse

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Columns = tuple[Ints, Ints, Floats]
"""Begins (G + 1,), rows and values of the entries below the diagonal, column by column, rows ascending."""

RIDGE = 1e-11
"""Added to the diagonal of 1, so that groups that say the same with certainty do no harm."""


@dataclass(frozen=True, eq=False)
class Factor:
    """L and D of a matrix that was scaled to a diagonal of 1 and turned around; `scale` (G,) is 0 for an empty row."""

    columns: Columns
    diagonal: Floats
    scale: Floats

    @classmethod
    def of(cls, matrix: sparse.spmatrix) -> Factor:
        """Factor a symmetric matrix (G, G) without negative eigenvalues; a row of zeros is answered with zero."""
        turned = sparse.csc_matrix(matrix)[::-1, ::-1].tocsc()
        turned.sort_indices()
        diagonal = turned.diagonal()
        scale = np.divide(1.0, np.sqrt(diagonal), out=np.zeros(len(diagonal)), where=diagonal > 0)
        begins, rows = turned.indptr.astype(np.int64), turned.indices.astype(np.int64)
        values = turned.data * scale[rows] * np.repeat(scale, np.diff(begins))
        parent, counts = _shape(begins, rows)
        ends = np.concatenate(([0], np.cumsum(counts))).astype(np.int64)
        lower, values, d = _ldl((begins, rows, values), parent, ends)
        return cls((ends, lower, values), d, scale)

    def solve(self, right: Floats) -> Floats:
        """The solution (G, H) for right sides (G, H)."""
        turned = np.ascontiguousarray(right[::-1] * self.scale[:, None])
        return np.asarray((_solve(self.columns, self.diagonal, turned) * self.scale[:, None])[::-1])

    def quadratic(self, vectors: sparse.csc_matrix) -> Floats:
        """C' M^-1 c for each column c (G, n) of `vectors`; rows that are together in a column must be so in M."""
        inverse, middle = _selected(self.columns, self.diagonal)
        turned = sparse.csc_matrix(vectors)[::-1].tocsc()
        turned.sort_indices()
        begins, rows = turned.indptr.astype(np.int64), turned.indices.astype(np.int64)
        values = np.asarray(turned.data, np.float64) * self.scale[rows]
        return _quadratic((begins, rows, values), (self.columns[0], self.columns[1], inverse), middle)


@njit(cache=True)
def _shape(begins: Ints, rows: Ints) -> tuple[Ints, Ints]:
    """Parent of each column in the elimination tree, and the entries of each column of L."""
    n = len(begins) - 1
    parent, counts, flag = np.full(n, -1, np.int64), np.zeros(n, np.int64), np.zeros(n, np.int64)
    for k in range(n):
        flag[k] = k
        for p in range(begins[k], begins[k + 1]):
            i = rows[p]
            while i < k and flag[i] != k:
                if parent[i] == -1:
                    parent[i] = k
                counts[i] += 1
                flag[i] = k
                i = parent[i]
    return parent, counts


@njit(cache=True)
def _ldl(matrix: Columns, parent: Ints, ends: Ints) -> tuple[Ints, Floats, Floats]:
    begins, rows, entries = matrix
    n = len(begins) - 1
    lower, values, d = np.zeros(ends[n], np.int64), np.zeros(ends[n]), np.zeros(n)
    y, had = np.zeros(n), np.zeros(n, np.int64)
    pattern, flag = np.zeros(n, np.int64), np.full(n, -1, np.int64)
    for k in range(n):
        top = n
        flag[k] = k
        for p in range(begins[k], begins[k + 1]):
            i = rows[p]
            if i > k:
                continue
            y[i] += entries[p]
            length = 0
            while flag[i] != k:
                pattern[length] = i
                length += 1
                flag[i] = k
                i = parent[i]
            while length > 0:
                top -= 1
                length -= 1
                pattern[top] = pattern[length]
        d[k] = (y[k] if y[k] > 0.0 else 1.0) + RIDGE  # an empty row stands alone
        y[k] = 0.0
        for q in range(top, n):
            i = pattern[q]
            now = y[i]
            y[i] = 0.0
            end = ends[i] + had[i]
            for p in range(ends[i], end):
                y[lower[p]] -= values[p] * now
            share = now / d[i]
            d[k] -= share * now
            lower[end], values[end] = k, share
            had[i] += 1
        d[k] = max(d[k], RIDGE)
    return lower, values, d


@njit(cache=True)
def _solve(columns: Columns, d: Floats, right: Floats) -> Floats:
    ends, lower, values = columns
    n, out = len(d), right.copy()
    for k in range(n):
        for p in range(ends[k], ends[k + 1]):
            out[lower[p]] -= values[p] * out[k]
    for k in range(n - 1, -1, -1):
        out[k] /= d[k]
        for p in range(ends[k], ends[k + 1]):
            out[k] -= values[p] * out[lower[p]]
    return out


@njit(cache=True)
def _selected(columns: Columns, d: Floats) -> tuple[Floats, Floats]:
    """Entries of the inverse where L has entries, and on the diagonal; from the last column to the first.

    Z(i, j) = - sum over k of Z(i, k) L(k, j), and Z(j, j) = 1 / d(j) - sum over k of L(k, j) Z(k, j).
    """
    ends, lower, values = columns
    n = len(d)
    out, middle = np.zeros(len(values)), np.zeros(n)
    at = np.full(n, -1, np.int64)
    for j in range(n - 1, -1, -1):
        begin, end = ends[j], ends[j + 1]
        for p in range(begin, end):
            at[lower[p]] = p
        for p in range(begin, end):
            k = lower[p]
            out[p] -= middle[k] * values[p]
            for q in range(ends[k], ends[k + 1]):
                other = at[lower[q]]
                if other >= 0:
                    out[other] -= out[q] * values[p]
                    out[p] -= out[q] * values[other]
        middle[j] = 1.0 / d[j]
        for p in range(begin, end):
            middle[j] -= values[p] * out[p]
            at[lower[p]] = -1
    return out, middle


@njit(cache=True, parallel=True)
def _quadratic(vectors: Columns, inverse: Columns, middle: Floats) -> Floats:
    begins, rows, values = vectors
    ends, lower, entries = inverse
    out = np.zeros(len(begins) - 1)
    for c in prange(len(out)):
        total = 0.0
        for p in range(begins[c], begins[c + 1]):
            total += values[p] ** 2 * middle[rows[p]]
            k = rows[p]
            for q in range(p + 1, begins[c + 1]):
                place = ends[k] + np.searchsorted(lower[ends[k] : ends[k + 1]], rows[q])
                if place == ends[k + 1] or lower[place] != rows[q]:
                    continue
                total += 2.0 * values[p] * values[q] * entries[place]
        out[c] = total
    return out
