"""The likelihood of counts, beside SciPy's."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from scipy import stats

from orderpoint.forecast.neural import likelihood

MEANS, ALPHAS = (0.01, 0.7, 5.0, 40.0), (1e-3, 0.3, 4.0)


def peer(mean: float, alpha: float) -> object:
    r = 1.0 / alpha
    return stats.nbinom(r, r / (r + mean))


def tensors(*values: float) -> list[torch.Tensor]:
    return [torch.tensor([value], dtype=torch.float64) for value in values]


@pytest.mark.parametrize("mean", MEANS)
@pytest.mark.parametrize("alpha", ALPHAS)
def test_a_count_is_as_likely_as_scipy_says(mean: float, alpha: float) -> None:
    for y in (0, 1, 7, 64, 200):
        said = likelihood.log_count(*tensors(y, mean, alpha)).item()
        assert said == pytest.approx(peer(mean, alpha).logpmf(y), rel=1e-6, abs=1e-6), y


@pytest.mark.parametrize("mean", MEANS)
@pytest.mark.parametrize("alpha", ALPHAS)
def test_at_least_so_many_is_as_likely_as_scipy_says(mean: float, alpha: float) -> None:
    for y in (0, 1, 3, 20, 64):
        tail = peer(mean, alpha).sf(y - 1)
        if tail > 10 * likelihood.LEAST_TAIL:
            said = likelihood.log_at_least(*tensors(y, mean, alpha)).exp().item()
            assert said == pytest.approx(tail, rel=1e-5), y


def test_far_tails_and_large_amounts_are_near_and_pull_upwards() -> None:
    """Beyond 64 units a normal tail stands in; wherever it is, a higher mean makes it likelier."""
    for y, mean, alpha in ((100, 90.0, 0.02), (2000, 1900.0, 0.01)):
        tail = peer(mean, alpha).sf(y - 1)
        assert likelihood.log_at_least(*tensors(y, mean, alpha)).exp().item() == pytest.approx(tail, rel=0.05)
    for y, mean in ((30.0, 1.0), (64.0, 0.1), (5000.0, 3.0), (1e9, 1e6)):
        sold, at, alpha = tensors(y, mean, 0.1)
        at.requires_grad_()
        likelihood.log_at_least(sold, at, alpha).sum().backward()
        assert torch.isfinite(at.grad).all()
        assert at.grad.item() > 0, y


def test_cut_short_sales_count_as_at_least_and_whole_ones_as_so_many() -> None:
    sold, mean, alpha = (
        torch.tensor(a, dtype=torch.float64) for a in ([0.0, 3.0, 3.0], [2.0, 2.0, 2.0], [0.5, 0.5, 0.5])
    )
    censored = torch.tensor([True, True, False])
    one = peer(2.0, 0.5)
    expected = -np.mean([0.0, one.logsf(2), one.logpmf(3)])
    assert likelihood.loss(sold, censored, mean, alpha).item() == pytest.approx(expected, rel=1e-9)


def test_the_mean_of_much_demand_is_found_by_its_likelihood() -> None:
    """Of counts cut off at 4 in half of the periods, the likelihood finds the mean; taken for demand they do not."""
    rng = np.random.default_rng(2)
    demand = rng.negative_binomial(2.0, 2.0 / (2.0 + 5.0), 4000).astype(float)
    cut = rng.random(4000) < 0.5
    sold = np.where(cut, np.minimum(demand, 4.0), demand)
    y, hidden = torch.from_numpy(sold), torch.from_numpy(cut & (demand >= 4.0))
    grid = torch.linspace(3.0, 7.0, 81, dtype=torch.float64)
    alpha = torch.full((4000,), 0.5, dtype=torch.float64)
    said = [likelihood.loss(y, hidden, m.expand(4000), alpha).item() for m in grid]
    deaf = [likelihood.loss(y, hidden & False, m.expand(4000), alpha).item() for m in grid]
    assert grid[int(np.argmin(said))].item() == pytest.approx(demand.mean(), rel=0.04)
    assert grid[int(np.argmin(deaf))].item() < 0.85 * demand.mean()
