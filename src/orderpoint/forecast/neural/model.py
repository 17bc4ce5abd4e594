"""A trained network and the shop it speaks of: means and variances from any origin, in bounded memory."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import torch
from numpy.typing import NDArray

from orderpoint.forecast.boosting.model import CUT_FACTOR, CUT_UNITS, training_rows
from orderpoint.forecast.features.inputs import Recipe
from orderpoint.forecast.features.kernel import Inputs, features
from orderpoint.forecast.features.rows import ahead_of
from orderpoint.forecast.neural import network, training
from orderpoint.forecast.neural.columns import Columns
from orderpoint.forecast.neural.header import Header
from orderpoint.forecast.neural.network import Weights
from orderpoint.forecast.neural.options import Budget
from orderpoint.forecast.neural.reading import Book, Table
from orderpoint.forecast.panel import FloatArray
from orderpoint.tables.sales import Sales

CHUNK_ROWS, PART_ROWS = 200_000, 8192
"""Rows whose features are held at once, and that go through the network at once."""
LEAST_ROWS = 60
"""With fewer rows nothing is learned: every series is forecast at its level."""


@dataclass(frozen=True, eq=False)
class Model:
    """Members of equal shape, averaged; `columns` says how the shop's features are read."""

    header: Header
    members: tuple[Weights, ...]
    recipe: Recipe
    columns: Columns
    device: str

    def means(self, inputs: Inputs, origins: tuple[int, ...], steps: int) -> FloatArray:
        """Means float32 (n, origins, steps) of the periods from each origin on."""
        return np.asarray(self.said(inputs, origins, steps)[0])

    def said(self, inputs: Inputs, origins: tuple[int, ...], steps: int) -> FloatArray:
        """Means and variances float32 (2, n, origins, steps): of the mixture of the members."""
        n = len(inputs.past.demand)
        out = np.zeros((2, n, len(origins) * steps), np.float32)
        book = Book.of(inputs.past, self.header.window, self.device)
        members = [{name: tensor.to(self.device) for name, tensor in member.items()} for member in self.members]
        size = max(1, CHUNK_ROWS // (len(origins) * steps))
        for begin in range(0, n, size):
            series = np.arange(begin, min(begin + size, n), dtype=np.int32)
            rows = ahead_of(series, origins, steps)
            table = Table.of(self.columns.read(features(inputs, rows, self.recipe.layout)), rows)
            out[:, series] = self._spoken(members, table, book).reshape(2, len(series), -1)
        return out.reshape(2, n, len(origins), steps)

    def _spoken(self, members: list[Weights], table: Table, book: Book) -> NDArray[np.float64]:
        """Mean and variance (2, R) of rows."""

        def part(begin: int) -> NDArray[np.float64]:
            with torch.inference_mode():
                batch, level = table.batch(slice(begin, begin + PART_ROWS), book, self.header)
                answers = [network.forward(self.header, member, batch) for member in members]
                mean = torch.stack([level * torch.exp(log_ratio) for log_ratio, _ in answers])
                variance = mean + torch.stack([alpha for _, alpha in answers]) * mean**2
                whole = mean.mean(dim=0)
                said = torch.stack((whole, (variance + (mean - whole) ** 2).mean(dim=0)))
                return np.asarray(said.cpu().numpy())

        jobs = [lambda begin=begin: part(begin) for begin in range(0, len(table.owner), PART_ROWS)]
        return np.concatenate(training.side_by_side(jobs, self.device), axis=1)


def untrained(model: Model, seed: int) -> Model:
    """The model with weights that say: every series at its level."""
    count = len(model.header.numbers)
    plain = {name: torch.full((count,), float(name == "scale")) for name in network.GIVEN}
    members = tuple(
        network.start(model.header, plain, torch.Generator().manual_seed(1000 * seed + k))
        for k in range(model.header.members)
    )
    return replace(model, members=members)


def learn(model: Model, sales: Sales, inputs: Inputs, between: tuple[int, int], how: tuple[Budget, int]) -> Model:
    """The model taught by rows between the first origin and the first period that must not be read.

    A model without members begins from nothing, one that has some goes on from them. `sales` say what was sold, and
    where it was cut short.
    """
    budget, seed = how
    rows = training_rows(inputs.past, between, model.header.horizon, budget.rows)
    begun = model if model.members else untrained(model, seed)
    if len(rows.origin) < LEAST_ROWS:
        return begun
    table = Table.of(model.columns.read(features(inputs, rows, model.recipe.layout)), rows)
    owner, target = rows.owner(), rows.target
    level = inputs.past.level[owner, rows.origin].astype(np.float64)
    sold = np.minimum(sales.quantity[owner, target], CUT_FACTOR * level + CUT_UNITS)
    if not sold.any():
        return begun
    if not model.members:
        measured = training.given(table)
        begun = replace(begun, members=tuple({**member, **measured} for member in begun.members))
    lesson = training.Lesson(
        table,
        Book.of(inputs.past, model.header.window, model.device),
        torch.from_numpy(sold),
        torch.from_numpy(sales.censored()[owner, target]),
    )
    return replace(model, members=training.train(model.header, begun.members, lesson, how))
