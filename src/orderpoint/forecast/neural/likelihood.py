"""Negative binomial likelihood of what was sold, and of "at least so much" where stock ran out.

DeepAR's likelihood for counts (Salinas et al. 2020, section 3.1) with mean m and dispersion alpha: variance
m + alpha m^2. With a fixed alpha its mean is right even where the family is not (Gourieroux et al. 1984).
"""

from __future__ import annotations

import torch
from torch import Tensor

MOST_EXACT = 64
"""Units up to which a tail is added up term by term; beyond, the normal tail stands for it."""
LEAST_TAIL = 1e-6


def log_count(y: Tensor, mean: Tensor, alpha: Tensor) -> Tensor:
    """Log probability of y units; y need not be whole. Broadcasts; float64."""
    r = 1.0 / alpha
    # log(r / (r + m)) and log(m / (r + m)) without loss where alpha m is small
    stay = -torch.log1p(alpha * mean)
    go = torch.log(mean) + torch.log(alpha) + stay
    return torch.lgamma(y + r) - torch.lgamma(r) - torch.lgamma(y + 1.0) + r * stay + y * go


def log_at_least(y: Tensor, mean: Tensor, alpha: Tensor) -> Tensor:
    """Log probability (B,) of y units or more; 0 (certainty) where y is 0."""
    normal = torch.special.log_ndtr((mean - y + 0.5) / torch.sqrt(mean + alpha * mean**2))
    exact = (y > 0) & (y <= MOST_EXACT)
    below = torch.zeros_like(normal)
    if exact.any():
        k = torch.arange(int(torch.ceil(y[exact]).max()), dtype=y.dtype, device=y.device)
        chance = torch.exp(log_count(k, mean[exact, None], alpha[exact, None]))
        below[exact] = (chance * (k < y[exact, None])).sum(dim=1)
    tail = 1.0 - below
    told = exact & (tail > LEAST_TAIL)  # further out the difference has lost its digits
    out = torch.where(told, torch.log(torch.where(told, tail, torch.ones_like(tail))), normal)
    return torch.where(y > 0, out, torch.zeros_like(out))


def loss(y: Tensor, censored: Tensor, mean: Tensor, alpha: Tensor) -> Tensor:
    """Mean negative log likelihood of the rows; `censored` bool (B,): demand was at least y."""
    out = log_count(y, mean, alpha)
    if censored.any():
        out = out.clone()
        out[censored] = log_at_least(y[censored], mean[censored], alpha[censored])
    return -out.mean()
