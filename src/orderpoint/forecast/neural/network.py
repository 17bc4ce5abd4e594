"""The network: embeddings, one layer in, residual blocks, and two numbers out; functions of a dictionary of tensors.

A row is a series, an origin and a period asked for. It is answered by log(mean / level) and by the dispersion of a
negative binomial count. Both start where nothing is known: at the level, with an ordinary dispersion.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import torch
from torch import Tensor
from torch.nn import functional as F  # noqa: N812 - its name everywhere

from orderpoint.forecast.neural.header import Header

Weights = dict[str, Tensor]

LEAST_ALPHA, FIRST_ALPHA, MOST_ALPHA = 1e-4, 0.5, 50.0
MOST_LOG = 5.0
"""A forecast lies within a factor of e^5 of the level of its series."""
GIVEN = ("mean", "scale", "low", "high")
"""Tensors that are measured and not trained: how the columns of numbers are standardised and cut."""


class Batch(NamedTuple):
    """B rows: `numbers` (B, K), NaN where nothing is said; `codes` int64 (B, C); `window`, `there` (B, L)."""

    numbers: Tensor
    codes: Tensor
    window: Tensor
    there: Tensor


def sizes(header: Header) -> dict[str, tuple[int, ...]]:
    """Shape of every tensor of one member."""
    w, out = header.width, {name: (len(header.numbers),) for name in GIVEN}
    shapes: dict[str, tuple[int, ...]] = {**out, "first.weight": (w, header.inputs), "first.bias": (w,)}
    for v in header.vocabularies:
        shapes[f"embed.{v.column}"] = v.size
    for k in range(header.blocks):
        shapes |= {f"block{k}.norm": (w,), f"block{k}.up.weight": (w, w), f"block{k}.up.bias": (w,)}
        shapes |= {f"block{k}.down.weight": (w, w), f"block{k}.down.bias": (w,)}
    return shapes | {"last.norm": (w,), "last.weight": (2, w), "last.bias": (2,)}


def start(header: Header, given: dict[str, Tensor], generator: torch.Generator) -> Weights:
    """Weights before training: He et al. (2015) for what is followed by a bend, zero for what ends a block."""
    out: Weights = {}
    for name, shape in sizes(header).items():
        if name in GIVEN:
            out[name] = given[name]
        elif name.endswith("norm"):
            out[name] = torch.ones(shape)
        elif name.startswith("embed"):
            out[name] = 0.3 * torch.randn(shape, generator=generator)
        elif name in ("first.weight", *(f"block{k}.up.weight" for k in range(header.blocks))):
            out[name] = torch.randn(shape, generator=generator) * math.sqrt(2.0 / shape[1])
        else:
            out[name] = torch.zeros(shape)
    out["last.bias"][1] = math.log(math.expm1(FIRST_ALPHA))  # softplus makes it FIRST_ALPHA
    return out


def forward(header: Header, weights: Weights, batch: Batch) -> tuple[Tensor, Tensor]:
    """Log of mean over level, and dispersion alpha: the variance of a period is m + alpha m^2; float64 (B,) each."""
    raw = batch.numbers
    known = ~torch.isnan(raw)
    numbers = torch.sign(raw) * torch.log1p(torch.abs(raw))
    numbers = (numbers.clamp(weights["low"], weights["high"]) - weights["mean"]) * weights["scale"]
    numbers = torch.where(known, numbers, torch.zeros_like(numbers))
    parts = [numbers, known.to(numbers.dtype), batch.window, batch.there]
    parts += [F.embedding(batch.codes[:, k], weights[f"embed.{v.column}"]) for k, v in enumerate(header.vocabularies)]
    h = F.linear(torch.cat(parts, dim=1), weights["first.weight"], weights["first.bias"])
    for k in range(header.blocks):
        inside = F.silu(F.rms_norm(h, h.shape[1:], weights[f"block{k}.norm"]))
        inside = F.silu(F.linear(inside, weights[f"block{k}.up.weight"], weights[f"block{k}.up.bias"]))
        h = h + F.linear(inside, weights[f"block{k}.down.weight"], weights[f"block{k}.down.bias"])
    h = F.silu(F.rms_norm(h, h.shape[1:], weights["last.norm"]))
    out = F.linear(h, weights["last.weight"], weights["last.bias"]).double()
    log_ratio = MOST_LOG * torch.tanh(out[:, 0] / MOST_LOG)
    return log_ratio, F.softplus(out[:, 1]).clamp(LEAST_ALPHA, MOST_ALPHA)
