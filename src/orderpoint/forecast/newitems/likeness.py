"""How alike two items are: by the words of their names, by category and department, and by price."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from orderpoint.tables.known import Known
from orderpoint.tables.sales import Sales

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

DEPARTMENT_SHARE = 0.5
"""What the same department says of likeness, in units of what the same category says."""
PRICE_SCALE = 0.5
"""Difference of log prices at which likeness by price falls to 1/e."""
UNKNOWN_PRICE = 0.5
_WORDS = re.compile(r"\w+")
_HAN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")

ASPECTS = ("name", "group", "price")


@dataclass(frozen=True, eq=False)
class Attributes:
    """Of m items: `words` sparse (m, V), rows of length 1; `category`, `department` int64 (m,), -1 where unknown;
    `log_price` (m,), NaN where unknown.
    """  # noqa: D205 - one sentence

    words: csr_matrix
    category: Ints
    department: Ints
    log_price: Floats

    def between(self, left: Ints, right: Ints) -> Floats:
        """Likeness (3, left, right) in [0, 1] by each of `ASPECTS`."""
        names = np.asarray((self.words[left] @ self.words[right].T).toarray())
        same = _same(self.category, left, right) + DEPARTMENT_SHARE * _same(self.department, left, right)
        apart = np.abs(self.log_price[left][:, None] - self.log_price[right][None])
        price = np.where(np.isnan(apart), UNKNOWN_PRICE, np.exp(-apart / PRICE_SCALE))
        return np.stack((names, same / (1.0 + DEPARTMENT_SHARE), price))


def attributes_of(sales: Sales, known: Known) -> Attributes:
    """Attributes of the items of `sales.index`; an item without a name is known by the words of its code."""
    items, catalog = sales.index.items, known.catalog
    rows = catalog.rows_of(items)
    names = [item if k is None else catalog.name[k] or item for item, k in zip(items, rows, strict=True)]
    category = _codes([None if k is None else catalog.category[k] for k in rows])
    department = _codes([None if k is None else catalog.department[k] for k in rows])
    return Attributes(word_vectors(names), category, department, _log_prices(sales, known))


def words_of(name: str) -> list[str]:
    """The distinct words of a name in lower case; of Chinese, Japanese and Korean text every two characters."""
    found: set[str] = set()
    for word in _WORDS.findall(name.lower().replace("_", " ")):
        if _HAN.search(word):
            found |= {word[k : k + 2] for k in range(max(1, len(word) - 1))}
        elif not word.isdigit():
            found.add(word)
    return sorted(found)


def word_vectors(names: list[str]) -> csr_matrix:
    """Rows of length 1 over the words, each by its log(names / names that have it) + 1 (Sparck Jones 1972)."""
    at: dict[str, int] = {}
    row, column = [], []
    for k, name in enumerate(names):
        for word in words_of(name):
            row.append(k)
            column.append(at.setdefault(word, len(at)))
    size = (len(names), max(1, len(at)))
    rarity = np.log(len(names) / np.maximum(np.bincount(column, minlength=size[1]), 1)) + 1.0
    values = rarity[column] if column else np.zeros(0)
    length = np.sqrt(np.bincount(row, values**2, len(names))) if row else np.zeros(len(names))
    scaled = values / length[row] if row else values
    return csr_matrix((scaled, (np.array(row, np.int64), np.array(column, np.int64))), shape=size)


def _same(code: Ints, left: Ints, right: Ints) -> Floats:
    return np.asarray((code[left][:, None] == code[right][None]) & (code[left] >= 0)[:, None], np.float64)


def _codes(names: list[str | None]) -> Ints:
    rank = {name: k for k, name in enumerate(sorted({name for name in names if name is not None}))}
    return np.array([-1 if name is None else rank[name] for name in names], np.int64)


def _log_prices(sales: Sales, known: Known) -> Floats:
    """Log of each item's mean price: as sold, else as planned."""
    total, count = np.zeros(len(sales.index.items)), np.zeros(len(sales.index.items))
    if sales.price is not None:
        fine = np.isfinite(sales.price) & (sales.price > 0)
        np.add.at(total, sales.index.item_of, np.where(fine, sales.price, 0.0).sum(axis=1, dtype=np.float64))
        np.add.at(count, sales.index.item_of, fine.sum(axis=1))
    if known.prices is not None and {"item", "price"} <= set(known.prices.columns):
        at = {item: k for k, item in enumerate(sales.index.items)}
        planned = known.prices.select("item", "price").drop_nulls().group_by("item", maintain_order=True).mean()
        for item, price in planned.iter_rows():
            k = at.get(item)
            if k is not None and count[k] == 0 and price > 0:
                total[k], count[k] = price, 1
    mean = np.divide(total, count, out=np.full(len(total), np.nan), where=count > 0)
    return np.asarray(np.log(mean))
