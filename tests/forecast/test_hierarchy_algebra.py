"""Trees, sums and minimum-trace reconciliation, against the dense formula of the textbook."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse
from scipy.optimize import lsq_linear

from orderpoint.forecast.hierarchy.mint import MinT, Variances
from orderpoint.forecast.hierarchy.tree import tree_of
from orderpoint.tables.catalog import Catalog
from orderpoint.tables.series import SeriesIndex

TEXTBOOK = np.array(  # Hyndman and Athanasopoulos, Forecasting: Principles and Practice, 3rd ed., figure 11.1
    [[1, 1, 1, 1, 1], [1, 1, 1, 0, 0], [0, 0, 0, 1, 1]]
)


def dense(sums: Any, variances: Any, series: Any, groups: Any) -> Any:
    """S (S' W^-1 S)^-1 S' W^-1 y, the textbook's section 11.3, its last rows: the series."""
    s = np.vstack((sums, np.eye(sums.shape[1])))
    inverse = np.diag(1.0 / np.concatenate((variances.groups, variances.series)))
    every = s @ np.linalg.solve(s.T @ inverse @ s, s.T @ inverse @ np.vstack((groups, series)))
    return every[len(sums) :]


@st.composite
def hierarchies(draw: Any) -> Any:
    """Sums of random groups, with variances over six orders of magnitude and forecasts of two periods."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    n, g = draw(st.integers(1, 12)), draw(st.integers(1, 9))
    sums = (rng.random((g, n)) < draw(st.floats(0.1, 0.9))).astype(float)
    sums[0] = 1.0
    variances = Variances(10.0 ** rng.uniform(-3, 3, n), 10.0 ** rng.uniform(-3, 3, g))
    series = rng.gamma(0.5, 10.0, (n, 2))
    return sums, variances, series, sums @ series * rng.gamma(5.0, 0.2, (g, 2))


def test_the_textbooks_formula_on_the_textbooks_hierarchy() -> None:
    series = np.array([[10.0], [20.0], [5.0], [8.0], [2.0]])
    groups = np.array([[50.0], [30.0], [14.0]])
    variances = Variances.structural(sparse.csr_matrix(TEXTBOOK))
    assert variances.groups.tolist() == [5, 3, 2]
    found = MinT(sparse.csr_matrix(TEXTBOOK, dtype=float), variances).means(series, groups)
    assert found == pytest.approx(dense(TEXTBOOK, variances, series, groups), abs=1e-9)


def test_three_equal_witnesses_share_their_quarrel() -> None:
    """OLS by hand: total 100, parts 40 and 50; a third of the gap of 10 each."""
    mint = MinT(sparse.csr_matrix([[1.0, 1.0]]), Variances(np.ones(2), np.ones(1)))
    assert mint.means(np.array([[40.0], [50.0]]), np.array([[100.0]])) == pytest.approx(
        np.array([[40 + 10 / 3], [50 + 10 / 3]])
    )
    assert mint.shares() == pytest.approx([2 / 3, 2 / 3])


@given(hierarchies())
@settings(deadline=None)
def test_it_is_the_dense_formula(case: Any) -> None:
    sums, variances, series, groups = case
    found = MinT(sparse.csr_matrix(sums), variances).means(series, groups)
    size = np.abs(groups).max() + series.max()
    assert found == pytest.approx(dense(sums, variances, series, groups), rel=1e-6, abs=1e-6 * size)


@given(hierarchies())
@settings(deadline=None)
def test_coherent_forecasts_are_left_alone(case: Any) -> None:
    sums, variances, series, _ = case
    found = MinT(sparse.csr_matrix(sums), variances).means(series, sums @ series)
    assert found == pytest.approx(series, rel=1e-9, abs=1e-9)


@given(hierarchies())
@settings(deadline=None)
def test_the_variance_that_is_left_is_that_of_the_dense_covariance(case: Any) -> None:
    sums, variances, _, _ = case
    v = np.diag(variances.series)
    middle = np.linalg.inv(sums @ v @ sums.T + np.diag(variances.groups))
    left = np.diag(v - v @ sums.T @ middle @ sums @ v)
    shares = MinT(sparse.csr_matrix(sums), variances).shares()
    assert shares == pytest.approx(left / variances.series, rel=1e-5, abs=1e-6)


@given(hierarchies())
@settings(deadline=None, max_examples=50)
def test_without_negative_values_it_is_the_bounded_least_squares(case: Any) -> None:
    sums, variances, series, groups = case
    groups = 0.1 * groups
    found = MinT(sparse.csr_matrix(sums), variances).not_negative(series, groups)
    assert (found >= 0).all()
    root_v, root_w = np.sqrt(variances.series), np.sqrt(variances.groups)
    matrix = np.vstack((np.diag(1 / root_v), sums / root_w[:, None]))
    for h in range(2):
        right = np.concatenate((series[:, h] / root_v, groups[:, h] / root_w))
        best = lsq_linear(matrix, right, (0, np.inf), method="bvls", tol=1e-14)
        ours = 0.5 * float(((matrix @ found[:, h] - right) ** 2).sum())
        assert ours <= best.cost * (1 + 1e-6) + 1e-9


def test_a_series_without_variance_stays_and_the_others_give_way() -> None:
    mint = MinT(sparse.csr_matrix([[1.0, 1.0, 1.0]]), Variances(np.array([0.0, 1.0, 1.0]), np.zeros(1)))
    found = mint.means(np.array([[5.0], [1.0], [1.0]]), np.array([[9.0]]))
    assert found[:, 0] == pytest.approx([5, 2, 2])
    assert mint.shares() == pytest.approx([1.0, 0.5, 0.5])  # two unknowns, one certain sum


def test_where_nothing_is_in_doubt_nothing_moves() -> None:
    mint = MinT(sparse.csr_matrix([[1.0, 1.0], [1.0, 1.0]]), Variances(np.zeros(2), np.zeros(2)))
    series = np.array([[1.0], [2.0]])
    assert np.array_equal(mint.means(series, np.array([[9.0], [9.0]])), series)
    assert mint.shares().tolist() == [1, 1]


@pytest.mark.parametrize("variance", [0.0, 4.0])
def test_an_empty_group_moves_nothing(variance: float) -> None:
    sums = sparse.csr_matrix([[0.0, 0.0], [1.0, 1.0]])
    mint = MinT(sums, Variances(np.ones(2), np.array([variance, 1.0])))
    found = mint.not_negative(np.array([[40.0], [50.0]]), np.array([[7.0], [100.0]]))
    assert found[:, 0] == pytest.approx([40 + 10 / 3, 50 + 10 / 3])


def test_two_certain_groups_that_say_the_same_are_one() -> None:
    sums = sparse.csr_matrix([[1.0, 1.0], [1.0, 1.0]])
    mint = MinT(sums, Variances(np.ones(2), np.zeros(2)))
    found = mint.means(np.array([[1.0], [2.0]]), np.array([[5.0], [5.0]]))
    assert found[:, 0] == pytest.approx([2, 3], abs=1e-4)


def test_a_group_may_be_a_billion_times_another() -> None:
    sums = np.array([[1.0, 1, 0, 0], [0, 0, 1, 1], [1, 1, 1, 1]])
    series = np.array([[6e8], [4e8], [0.3], [0.2]])
    variances = Variances((0.1 * series[:, 0]) ** 2, np.array([1e15, 0.01, 1e15]))
    groups = np.array([[1.1e9], [1.0], [1.1e9]])
    found = MinT(sparse.csr_matrix(sums), variances).means(series, groups)
    assert found[2:] == pytest.approx(dense(sums, variances, series, groups)[2:], rel=1e-4)
    assert found[2:].sum() > 0.52  # the small group's word is heard


@pytest.mark.parametrize("wrong", [np.ones(3), np.array([1.0, -1.0]), np.array([1.0, np.nan])])
def test_variances_that_do_not_fit_are_refused(wrong: Any) -> None:
    with pytest.raises(ValueError, match=r"variances\.series"):
        MinT(sparse.csr_matrix([[1.0, 1.0]]), Variances(wrong, np.ones(1)))


def shop(pairs: Any, category: Any = None, department: Any = None) -> Any:
    index = SeriesIndex.of(pairs)
    catalog = Catalog.bare(index.items)
    if category:
        catalog = replace(catalog, category=tuple(category.get(item) for item in index.items))
    if department:
        catalog = replace(catalog, department=tuple(department.get(item) for item in index.items))
    return index, catalog


def groups_of(tree: Any) -> Any:
    return {(tree.levels[tree.level[g]], tree.names[g]): tree.members(g).tolist() for g in range(tree.count)}


def test_a_shop_adds_up_by_department_category_location_and_item() -> None:
    pairs = [(item, place) for item in "abcd" for place in ("north", "south")]
    tree = tree_of(*shop(pairs, {"a": "x", "b": "x", "c": "y"}, dict.fromkeys("abc", "food")))
    assert groups_of(tree) == {
        ("total", "total"): [0, 1, 2, 3, 4, 5, 6, 7],
        ("department", "food"): [0, 1, 2, 3, 4, 5],
        ("category", "x"): [0, 1, 2, 3],
        ("category", "y"): [4, 5],
        ("location", "north"): [0, 2, 4, 6],
        ("location", "south"): [1, 3, 5, 7],
        ("department x location", "food x north"): [0, 2, 4],
        ("department x location", "food x south"): [1, 3, 5],
        ("category x location", "x x north"): [0, 2],
        ("category x location", "x x south"): [1, 3],
        ("item", "a"): [0, 1],
        ("item", "b"): [2, 3],
        ("item", "d"): [6, 7],
    }
    assert tree.levels[0] == "total"
    assert tree.rows("category x location").tolist() == [
        g for g, n in enumerate(tree.names) if " x " in n and n[0] == "x"
    ]
    assert (np.diff(tree.level) >= 0).all()


def test_channels_and_regions_are_further_levels() -> None:
    index, catalog = shop([("a", "berlin"), ("a", "bonn"), ("a", "paris"), ("b", "paris")])
    tree = tree_of(index, catalog, {"region": ["de", "de", "fr", "fr"], "channel": ["web", None, None, "web"]})
    found = groups_of(tree)
    assert found["region", "de"] == [0, 1]
    assert found["channel", "web"] == [0, 3]
    assert ("location", "paris") not in found  # the same series as region fr, which is coarser
    with pytest.raises(ValueError, match="names of region"):
        tree_of(index, catalog, {"region": ["de"]})


def test_small_shops_have_few_groups_or_none() -> None:
    assert tree_of(*shop([])).count == 0
    assert tree_of(*shop([("a", "main")])).count == 0
    assert groups_of(tree_of(*shop([("a", "main"), ("b", "main")]))) == {("total", "total"): [0, 1]}


def test_a_tree_without_groups_changes_nothing() -> None:
    mint = MinT(tree_of(*shop([("a", "main")])).sums, Variances(np.ones(1), np.zeros(0)))
    assert mint.means(np.array([[3.0]]), np.zeros((0, 1))).tolist() == [[3.0]]
    assert mint.shares().tolist() == [1.0]
