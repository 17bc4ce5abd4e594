"""Joint demand paths: their moments, their agreement with the sums, and their independence of how the work is cut."""

from __future__ import annotations

from datetime import date

import numba
import numpy as np
import pytest
from scipy import stats

from orderpoint.domain.calendar import Period, Timeline
from orderpoint.tables.demand import Demand
from orderpoint.tables.distribution import Family
from orderpoint.tables.families.counter_random import GOLDEN, hashed, key, uniform
from orderpoint.tables.families.paths import fill_levels, fill_paths
from orderpoint.tables.series import SeriesIndex

PATHS = 20_000
KNOTS = [float(stats.expon.ppf((k + 0.5) / 20)) for k in range(20)]


def shop(family: Family, mean: float, *, ratio: float = 1.7, level_cv2: float = 0.1, rows: int = 3) -> Demand:
    weekly = np.array([1.0, 0.5, 0.0, 2.0, 1.0])
    return Demand(
        index=SeriesIndex.of([(f"item{k}", "main") for k in range(rows)]),
        timeline=Timeline(date(2024, 1, 1), Period.DAY, 5),
        mean=np.tile(weekly * mean, (rows, 1)),
        family=np.full(rows, family, np.uint8),
        ratio=np.full(rows, ratio),
        level_cv2=np.full(rows, level_cv2),
        zero=np.full(rows, 0.3 if family is Family.ZERO_INFLATED else 0.0),
        knots=np.tile(KNOTS, (rows, 1)),
    )


def test_the_hash_is_splitmix64() -> None:
    # first outputs of the published generator for seed 0
    assert hashed(GOLDEN) == 0xE220A8397B1DCDAF
    assert hashed(np.uint64((2 * int(GOLDEN)) % 2**64)) == 0x6E789E6AA1B965F4


def test_uniforms_are_uniform_and_unlike_for_each_row_and_stream() -> None:
    keys = [np.uint64(key(np.uint64(7), row, stream)) for row in (0, 1) for stream in (0, 1)]
    draws = np.array([[uniform(k, c) for c in range(4000)] for k in keys])
    assert ((draws > 0) & (draws < 1)).all()
    for line in draws:
        assert stats.kstest(line, "uniform").pvalue > 0.01
    assert np.abs(np.corrcoef(draws) - np.eye(4)).max() < 0.05


# Far below its own spread the residual of a level is cut, and the mixture over levels differs: no small EMPIRICAL mean.
@pytest.mark.parametrize(
    ("family", "mean"),
    [(f, m) for f in Family for m in (0.4, 12.0, 300.0) if not (f is Family.EMPIRICAL and m < 1)],
)
def test_each_period_of_the_paths_follows_its_distribution(family: Family, mean: float) -> None:
    demand = shop(family, mean)
    paths = demand.sample(PATHS, seed=11).astype(np.float64)
    for t in range(5):
        ours = demand.period(t)
        sd = np.sqrt(ours.variances())
        assert np.abs(paths[:, :, t].mean(axis=1) - ours.means()) == pytest.approx(0 * sd, abs=5 * sd[0] / PATHS**0.5)
        assert paths[:, :, t].var(axis=1) == pytest.approx(ours.variances(), rel=0.1, abs=1e-12)
        # the level's mixture is matched by two moments where both ratio and level spread, hence the second term
        for p in (0.1, 0.5, 0.9, 0.99):
            x = ours.quantile(p)[0]
            reached = (paths[0, :, t] <= x * (1 + 1e-6)).mean()
            assert reached == pytest.approx(ours.cdf(x)[0], abs=4 * np.sqrt(0.25 / PATHS) + 0.012)


@pytest.mark.parametrize(("ratio", "cv2"), [(1.0, 0.3), (2.5, 0.0)])
def test_where_the_family_is_exact_paths_and_sums_agree_within_sampling(ratio: float, cv2: float) -> None:
    demand = shop(Family.COUNT, 6.0, ratio=ratio, level_cv2=cv2)
    sums = demand.sample(PATHS, seed=3).sum(axis=2)
    ours = demand.sum_over(0, 4)
    for k in range(0, 70, 7):
        assert (sums <= k).mean(axis=1) == pytest.approx(ours.cdf(k), abs=4 * np.sqrt(0.25 / PATHS))


@pytest.mark.parametrize("family", list(Family))
def test_periods_correlate_through_the_level_alone(family: Family) -> None:
    demand = shop(family, 40.0, level_cv2=0.2)
    paths = demand.sample(PATHS, seed=5)[0].astype(np.float64)
    covariance = np.cov(paths[:, 0], paths[:, 3])[0, 1]
    assert covariance == pytest.approx(0.2 * 40.0 * 80.0, rel=0.06)
    independent = shop(family, 40.0, level_cv2=0.0).sample(PATHS, seed=5)[0]
    assert abs(np.corrcoef(independent[:, 0], independent[:, 3])[0, 1]) < 0.03


@pytest.mark.parametrize("family", list(Family))
def test_quantiles_of_summed_paths_are_those_of_the_sum(family: Family) -> None:
    demand = shop(family, 15.0)
    sums = demand.sample(PATHS, seed=2)[1].sum(axis=1)
    ours = demand.sum_over(0, 4)
    for p in (0.05, 0.25, 0.5, 0.75, 0.95):
        assert ours.quantile(p)[1] == pytest.approx(np.quantile(sums, p), rel=0.03, abs=1.0)


def test_counts_are_whole_and_nothing_is_negative() -> None:
    for family in Family:
        paths = shop(family, 5.0).sample(500, seed=1)
        assert paths.dtype == np.float32
        assert (paths >= 0).all()
        if family <= Family.ZERO_INFLATED:
            assert (paths == np.floor(paths)).all()
        assert (paths[:, :, 2] == 0).all()  # a period without demand


def test_paths_do_not_depend_on_rows_threads_or_calls() -> None:
    demand = shop(Family.COUNT, 8.0, rows=9)
    whole = demand.sample(300, seed=42)
    assert np.array_equal(demand.sample(300, seed=42, rows=slice(4, 9, 2)), whole[4:9:2])
    threads = numba.get_num_threads()
    numba.set_num_threads(1)
    try:
        assert np.array_equal(demand.sample(300, seed=42), whole)
    finally:
        numba.set_num_threads(threads)
    assert not np.array_equal(demand.sample(300, seed=43), whole)
    assert not np.array_equal(whole[0], whole[1])


def test_the_row_sampler_gives_the_same_paths() -> None:
    demand = shop(Family.ZERO_INFLATED, 8.0)
    out = np.empty((100, 5), np.float32)
    fill_paths(demand.arrays(), 2, np.uint64(9), out)
    assert np.array_equal(out, demand.sample(100, seed=9)[2])


def test_levels_hold_one_draw_of_each_stratum_in_an_order_of_the_rows_own() -> None:
    levels = np.empty((2, 400))
    for row in (0, 1):
        fill_levels(0.25, np.uint64(6), row, levels[row])
    strata = np.floor(stats.gamma(4.0, scale=0.25).cdf(levels) * 400).astype(int)
    assert (np.sort(strata, axis=1) == np.arange(400)).all()
    assert abs(np.corrcoef(strata)[0, 1]) < 0.15
    assert levels.mean(axis=1) == pytest.approx([1.0, 1.0], abs=2e-3)


def test_large_counts_keep_their_moments() -> None:
    demand = shop(Family.COUNT, 2e5, ratio=50.0, level_cv2=0.0, rows=1)
    paths = demand.sample(4000, seed=8)[0].astype(np.float64)
    assert paths[:, 0].mean() == pytest.approx(2e5, abs=4 * np.sqrt(1e7 / 4000))
    assert paths[:, 0].var() == pytest.approx(1e7, rel=0.1)
    assert stats.skew(paths[:, 0]) == pytest.approx(0.03, abs=0.12)


def test_a_negative_seed_is_a_seed() -> None:
    demand = shop(Family.COUNT, 3.0)
    assert np.array_equal(demand.sample(50, seed=-1), demand.sample(50, seed=2**64 - 1))
