"""Whether reconciliation helps: at held-out origins the coherent forecast stands beside the one it would replace."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from orderpoint.forecast.hierarchy.both import Trust, agree
from orderpoint.forecast.hierarchy.origins import Origin, doubts
from orderpoint.forecast.hierarchy.tree import Tree

Floats = NDArray[np.float64]

BELIEFS = (0.25, 0.0625)
"""How far the groups may move the series. Series of a group err together, which variances alone do not say: at 1 the
groups moved them too far (docs/algorithms/reconciliation.md)."""
LEAST_MEAN = 0.01
"""Units per sum; no forecast is less, lest a single sale decide."""


@dataclass(frozen=True, eq=False)
class Proof:
    """`trust`: what did best at the held-out origins. `acts`: whether that was proved to be better than nothing."""

    trust: Trust
    acts: bool


def prove(tree: Tree, origins: tuple[Origin, ...], span: int) -> Proof:
    """Hold what would have been reconciled at each origin against what came.

    The doubt of each level at an origin is learned from the other origins. A belief is proved where the deviance of the
    series or that of the groups falls by more than its standard error over the origins (`gains`), the groups' does not
    rise by more than theirs, and neither the series' nor the mean of both rises at all. It is the shop as a whole that
    is decided on: to move a part of a group alone would leave the group's forecast to nobody.
    """
    doubt = doubts(tree, origins)
    said = np.stack([[o.said, *_reconciled(tree, o, span, d)] for o, d in zip(origins, doubt, strict=False)])
    came = np.stack([o.came for o in origins])
    found = gains(tree, came, said)
    mean, error = found.mean(axis=0), found.std(axis=0, ddof=1) / np.sqrt(len(found))
    fine = (mean > -error).all(axis=1) & (mean > error).any(axis=1) & (mean[:, 0] >= 0) & (mean.sum(axis=1) > 0)
    best = int(np.where(fine, mean[:, 0], -np.inf).argmax())
    return Proof(Trust(BELIEFS[best], doubt[-1]), bool(fine.any()))


def gains(tree: Tree, came: Floats, said: Floats) -> Floats:
    """Share of deviance saved at each origin by each belief, (O, beliefs, 2): of the series, and of the groups.

    `came` (O, n), `said` (O, 1 + beliefs, n), first the forecast as it is. Of the groups it is the mean over levels;
    each is relative to the forecast as it is over all origins.
    """
    above = [deviance((tree.sums @ c)[None], (tree.sums @ s.T).T) for c, s in zip(came, said, strict=True)]
    by_level = [np.stack([part[:, tree.level == k].mean(axis=1) for part in above]) for k in range(len(tree.levels))]
    series = _saved(deviance(came[:, None], said).mean(axis=2))
    return np.stack((series, np.mean([_saved(part) for part in by_level], axis=0)), axis=2)


def deviance(came: Floats, said: Floats) -> Floats:
    """Deviance of Poisson counts (McCullagh and Nelder 1989, eq. 2.3), which is least at the true mean."""
    mean = np.maximum(said, LEAST_MEAN)
    logs = np.log(np.maximum(came, LEAST_MEAN) / mean)
    return np.asarray(2.0 * (np.where(came > 0, came * logs, 0.0) + mean - came))


def _reconciled(tree: Tree, origin: Origin, span: int, doubt: Floats) -> list[Floats]:
    agreed = [agree(tree, origin.series, origin.groups, span, Trust(belief, doubt)) for belief in BELIEFS]
    return [origin.said * found.factor[:, 0] for found in agreed]


def _saved(loss: Floats) -> Floats:
    """From losses (O, 1 + beliefs) the share that is saved (O, beliefs)."""
    return np.asarray((loss[:, :1] - loss[:, 1:]) / max(float(loss[:, 0].mean()), 1e-9))
