"""Members of a network are trained side by side, each on one core, so that cores change the time and not a bit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import torch
from numba import get_num_threads
from torch import Tensor

from orderpoint.forecast.neural import likelihood, network
from orderpoint.forecast.neural.header import STATIC, Header
from orderpoint.forecast.neural.network import GIVEN, Weights
from orderpoint.forecast.neural.options import Budget, Device
from orderpoint.forecast.neural.reading import Book, Table

T = TypeVar("T")

BATCH = 1024
WARM_SHARE = 0.1
"""Share of the steps over which the rate rises; then it falls along a cosine (Loshchilov & Hutter 2017)."""
UNNAMED = 0.1
"""Share of the names of places, departments and categories that are hidden, for names never seen to mean something."""
DECAY, MOST_NORM = 0.01, 1.0
EDGE = 0.002
"""Share of the rows on each side beyond whose numbers a number is cut: a network says nothing of where it never was."""


@dataclass(frozen=True, eq=False)
class Lesson:
    """Rows and what came of them: `sold` float64 (R,), `censored` bool (R,): demand was at least that."""

    table: Table
    book: Book
    sold: Tensor
    censored: Tensor


def given(table: Table) -> dict[str, Tensor]:
    """How numbers are standardised: mean, scale and cuts of each column over the rows, NaN left out."""
    x = table.numbers.numpy()
    x = np.sign(x) * np.log1p(np.abs(x))
    out = np.zeros((4, x.shape[1]), np.float32)
    out[1] = 1.0
    for k in range(x.shape[1]):
        known = x[np.isfinite(x[:, k]), k]
        if len(known):
            low, high = np.quantile(known, (EDGE, 1.0 - EDGE))
            inside = np.clip(known, low, high)
            spread = float(inside.std())
            out[:, k] = inside.mean(), 1.0 / spread if spread > 1e-6 else 0.0, low, high
    return {name: torch.from_numpy(out[k].copy()) for k, name in enumerate(GIVEN)}


def train(header: Header, begun: Sequence[Weights], lesson: Lesson, how: tuple[Budget, int]) -> tuple[Weights, ...]:
    """All members from where they begin, on a budget and a seed; their starting weights are left alone."""
    budget, seed = how
    device = str(lesson.book.level.device)
    jobs = [lambda k=k, w=w: _member(header, w, lesson, (budget, 1000 * seed + k)) for k, w in enumerate(begun)]
    return tuple(side_by_side(jobs, device))


def side_by_side(jobs: Sequence[Callable[[], T]], device: str) -> list[T]:
    """Results of the jobs in their order. On the processor each has one thread to itself; an accelerator: in turn."""
    if device != "cpu":
        return [job() for job in jobs]
    before = torch.get_num_threads()
    try:
        torch.set_num_threads(1)
        with ThreadPoolExecutor(get_num_threads(), initializer=torch.set_num_threads, initargs=(1,)) as pool:
            return list(pool.map(lambda job: job(), jobs))
    finally:
        torch.set_num_threads(before)


def _member(header: Header, begun: Weights, lesson: Lesson, how: tuple[Budget, int]) -> Weights:
    """Adam with decoupled decay (Loshchilov & Hutter 2019) over shuffled rows."""
    budget, seed = how
    device = lesson.book.level.device
    generator = torch.Generator().manual_seed(seed)
    weights = {name: tensor.detach().clone().to(device) for name, tensor in begun.items()}
    trained = [tensor.requires_grad_() for name, tensor in weights.items() if name not in GIVEN]
    optimizer = torch.optim.AdamW(trained, lr=budget.rate, weight_decay=DECAY)
    rows = len(lesson.sold)
    size = min(BATCH, max(32, rows // 16))
    steps = max(1, round(budget.passes * rows / size))
    static = [k for k, v in enumerate(header.vocabularies) if v.column in STATIC]
    order, at = torch.randperm(rows, generator=generator), 0
    for step in range(steps):
        if at + size > rows:
            order, at = torch.randperm(rows, generator=generator), 0
        which, at = order[at : at + size], at + size
        for group in optimizer.param_groups:
            group["lr"] = budget.rate * _share(step, steps)
        batch, level = lesson.table.batch(which, lesson.book, header)
        hidden = torch.rand((len(which), len(static)), generator=generator) < UNNAMED
        codes = batch.codes.clone()
        codes[:, static] *= (~hidden).to(device)
        log_ratio, alpha = network.forward(header, weights, batch._replace(codes=codes))
        mean = level * torch.exp(log_ratio)
        cost = likelihood.loss(lesson.sold[which].to(device), lesson.censored[which].to(device), mean, alpha)
        optimizer.zero_grad()
        cost.backward()
        torch.nn.utils.clip_grad_norm_(trained, MOST_NORM)
        optimizer.step()
    return {name: tensor.detach().cpu() for name, tensor in weights.items()}


def _share(step: int, steps: int) -> float:
    """Share of the highest rate at a step."""
    warm = max(1, int(WARM_SHARE * steps))
    if step < warm:
        return (step + 1) / warm
    return 0.5 * (1.0 + float(np.cos(np.pi * (step - warm) / max(steps - warm, 1))))


def device_named(device: Device) -> str:
    """The processor, or an accelerator where one is asked for or found."""
    if device == "auto":
        return "cuda" if torch.cuda.is_available() else "cpu"
    return device
