"""The general form: a shopkeeper's numbers for one place, balances for any network, and failures as often as said."""

from __future__ import annotations

from dataclasses import replace

import numba
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orderpoint.stockflow import tally
from orderpoint.stockflow.general import Story, play_general
from orderpoint.stockflow.places import OUTSIDE, Supplied, links, places
from tests.stockflow.plain_shop import PlainRule, shopkeeper

COUNTED = (
    tally.DEMAND, tally.SHORT, tally.SHORT_PERIODS, tally.SHIPPED, tally.HELD_DAYS, tally.WAITED_DAYS, tally.PEAK,
    tally.ORDERS, tally.ORDERED, tally.BOUGHT, tally.WASTE, tally.CYCLES, tally.COVERED, tally.LEFT, tally.OPENED,
)  # fmt: skip


def story(demand: np.ndarray, warm_up: int = 0, receipts: np.ndarray | None = None) -> Story:
    m, _, periods = demand.shape
    given_receipts = np.zeros((m, periods)) if receipts is None else receipts
    return Story(demand.astype(np.float32), given_receipts, np.full((m, periods), 2.0), np.ones(periods), warm_up)


@settings(max_examples=200)
@given(
    st.lists(st.integers(0, 15), min_size=1, max_size=60),
    st.builds(
        PlainRule,
        opening=st.integers(0, 40),
        low=st.integers(-1, 20),
        high=st.integers(21, 50),
        review=st.integers(1, 4),
        leads=st.tuples(st.integers(0, 5)),
        moq=st.integers(1, 12),
        pack=st.integers(1, 6),
        most=st.sampled_from([np.inf, 30, 17]),
        life=st.integers(0, 5),
        backlog=st.booleans(),
    ),
)
def test_one_place_is_what_a_shopkeeper_would_count(demand: list[int], plain: PlainRule) -> None:
    warm_up = len(demand) // 3
    shop = places(
        1, opening=plain.opening, backlog=plain.backlog, reorder_point=plain.low, order_up_to=plain.high,
        review=plain.review, shelf_life=plain.life,
    )  # fmt: skip
    line = links(1, moq=plain.moq, pack=plain.pack, most=plain.most, leads=plain.leads[0])
    table = play_general(Supplied.alone(shop, line), story(np.array([[demand]]), warm_up), 1)[0, 0]
    told = shopkeeper(plain, demand, [plain.leads[0]] * len(demand), warm_up)
    for column in COUNTED:
        assert table[column] == told.get(column, 0), column
    assert table[tally.REVENUE] == 2.0 * table[tally.SHIPPED]


def chain_of_shops(rng: np.random.Generator) -> Supplied:
    """Two suppliers, a warehouse and three shops, with everything that can go wrong."""
    made = places(
        4,
        opening=rng.integers(0, 60, 4),
        backlog=rng.random(4) < 0.5,
        reorder_point=rng.integers(5, 30, 4),
        order_up_to=rng.integers(30, 90, 4),
        review=rng.integers(1, 4, 4),
        shelf_life=rng.integers(0, 9, 4),
        newest_first=rng.random(4) < 0.5,
        return_share=[0.0, *rng.uniform(0.0, 0.3, 3)],
        return_after=rng.integers(1, 5, 4),
    )
    lines = links(
        5,
        source=[OUTSIDE, OUTSIDE, 0, 0, 0],
        target=[0, 0, 1, 2, 3],
        share=[0.6, 0.4, 1.0, 1.0, 1.0],
        moq=rng.integers(1, 9, 5),
        pack=rng.integers(1, 5, 5),
        capacity=rng.choice([7.0, 25.0, np.inf], 5),
        leads=rng.integers(0, 5, (5, 3)),
        crossing=rng.random(5) < 0.5,
        never_share=rng.uniform(0.0, 0.2, 5),
        short_share=rng.uniform(0.0, 0.3, 5),
        short_part=0.5,
        late_share=rng.uniform(0.0, 0.5, 5),
        late_by=rng.integers(0, 4, 5),
    )
    return Supplied.network(made, lines)


@settings(max_examples=60)
@given(st.integers(0, 2**32))
def test_units_are_conserved_at_every_place(seed: int) -> None:
    rng = np.random.default_rng(seed)
    world, demand = chain_of_shops(rng), rng.poisson(4.0, (4, 3, 80))
    table = play_general(world, story(demand, int(rng.integers(0, 40)), rng.integers(0, 2, (4, 80)) * 1.0), seed)
    column = lambda name: table[..., name]  # noqa: E731
    came = column(tally.OPENED) + column(tally.BOUGHT) + column(tally.TAKEN) + column(tally.RETURNED)
    went = column(tally.SHIPPED) + column(tally.WASTE) + column(tally.LEFT) + column(tally.SENT)
    assert np.array_equal(came, went)
    assert (table >= 0.0).all()
    assert (column(tally.SENT)[0] >= column(tally.TAKEN)[1:].sum(axis=0) - world.links.source.size * 200).all()


def test_shops_sell_no_more_than_their_warehouse_sent() -> None:
    rng = np.random.default_rng(2)
    made = places(3, opening=[90, 0, 0], reorder_point=[-np.inf, 9, 9], order_up_to=[0, 10, 10])
    lines = links(3, source=[OUTSIDE, 0, 0], target=[0, 1, 2], leads=[1, 1, 2])
    table = play_general(Supplied.network(made, lines), story(rng.poisson(3.0, (3, 5, 60)) * [[[0]], [[1]], [[1]]]), 1)
    assert (table[0, :, tally.SENT] == 90).all(), "nothing is bought, so all of the 90 are sent and sold"
    assert (table[1:, :, tally.SHIPPED].sum(axis=0) + table[1:, :, tally.LEFT].sum(axis=0) == 90).all()


def test_boxes_are_made_of_pieces_and_leave_whole() -> None:
    made = places(3, opening=[100, 0, 0], reorder_point=[-np.inf, 0, 0], order_up_to=[0, 3, 40])
    lines = links(3, source=[OUTSIDE, 0, 0], target=[0, 1, 2], per=[1, 12, 1], pack=[1, 1, 1])
    table = play_general(Supplied.network(made, lines), story(np.zeros((3, 1, 2))), 1)[:, 0]
    assert table[0, tally.SENT] == 3 * 12 + 40
    assert table[1:, tally.TAKEN].tolist() == [3, 40]
    short = play_general(
        Supplied.network(made._replace(opening=np.array([50.0, 0.0, 0.0])), lines), story(np.zeros((3, 1, 1))), 1
    )
    # 50 pieces for 36 and 40: 0.66 of 3 boxes and of 40 pieces are 1 and 26; of the 12 that are left one box is made
    assert short[1:, 0, tally.TAKEN].tolist() == [2, 26]


def test_what_is_left_goes_out_where_packs_differ() -> None:
    made = places(3, opening=[13, 0, 0], reorder_point=[-np.inf, 0, 0], order_up_to=[0, 20, 20])
    lines = links(3, source=[OUTSIDE, 0, 0], target=[0, 1, 2], pack=[1, 10, 1])
    table = play_general(Supplied.network(made, lines), story(np.zeros((3, 1, 3))), 1)[:, 0]
    assert table[0, tally.SENT] == 13


def test_levels_may_differ_from_review_to_review() -> None:
    shop = places(1, reorder_point=-1, order_up_to=0, review=2)
    levels = np.array([[[0.0, 9.0, 9.0, 9.0]], [[5.0, 99.0, 11.0, 99.0]]])
    told = story(np.zeros((1, 1, 4)))
    table = play_general(Supplied.alone(shop, links(1)), replace(told, levels=levels), 1)[0, 0]
    assert (table[tally.ORDERS], table[tally.LEFT]) == (2, 11), "5 at first, up to 11 two periods later"


def test_the_newest_first_wastes_more() -> None:
    demand = np.random.default_rng(3).poisson(4.0, (1, 60, 200))
    waste = []
    for newest in (False, True):
        shop = places(1, opening=10, reorder_point=21, order_up_to=22, shelf_life=4, newest_first=newest)
        waste.append(play_general(Supplied.alone(shop, links(1, leads=1)), story(demand), 1)[..., tally.WASTE].sum())
    assert waste[1] > 1.2 * waste[0] > 0.0


@pytest.mark.parametrize(
    ("failure", "received"),
    [({"never_share": 0.25}, 0.75), ({"short_share": 0.5, "short_part": 0.5}, 0.75), ({"late_share": 0.5}, 1.0)],
)
def test_suppliers_fail_as_often_as_said(failure: dict[str, float], received: float) -> None:
    shop = places(1, reorder_point=1e6, order_up_to=1e6)
    line = links(1, moq=10, most=10, late_by=3, **failure)
    table = play_general(Supplied.alone(shop, line), story(np.zeros((1, 50, 400))), 5)
    share = table[..., tally.BOUGHT].sum() / table[..., tally.ORDERED].sum()
    assert share == pytest.approx(received, abs=0.02)


def test_what_a_supplier_cannot_make_in_a_period_comes_later() -> None:
    shop = places(1, reorder_point=0, order_up_to=50)
    table = play_general(Supplied.alone(shop, links(1, capacity=20, leads=0)), story(np.zeros((1, 1, 4))), 1)
    assert table[0, 0, tally.HELD_DAYS] == 20 + 40 + 50 + 50
    assert table[0, 0, tally.ORDERS] == 1


def test_a_share_of_what_is_sold_comes_back() -> None:
    shop = places(1, opening=1000, return_share=0.2, return_after=3)
    table = play_general(Supplied.alone(shop, links(1)), story(np.full((1, 40, 60), 5)), 1)
    assert table[..., tally.RETURNED].sum() / (40 * 57 * 5) == pytest.approx(0.2, abs=0.01)


def test_no_thread_and_no_slice_changes_a_bit() -> None:
    rng = np.random.default_rng(6)
    n, demand = 30, rng.poisson(4.0, (30, 4, 50))
    made, lines = places(n, opening=9, reorder_point=9, order_up_to=18), links(n, leads=np.tile([1, 2, 4], (n, 1)))
    whole, before = Supplied.alone(made, lines), numba.get_num_threads()
    try:
        results = []
        for threads in (1, numba.config.NUMBA_NUM_THREADS):
            numba.set_num_threads(threads)
            results.append(play_general(whole, story(demand), 9))
    finally:
        numba.set_num_threads(before)
    assert np.array_equal(*results)
    stream = np.arange(20, 30)
    part = Supplied.alone(
        places(10, opening=9, reorder_point=9, order_up_to=18, stream=stream),
        links(10, leads=np.tile([1, 2, 4], (10, 1)), stream=stream),
    )
    assert np.array_equal(play_general(part, story(demand[20:]), 9), results[0][20:])


def test_what_makes_no_sense_is_refused() -> None:
    with pytest.raises(ValueError, match="expected columns"):
        places(1, shelf=3)
    with pytest.raises(ValueError, match="source before its target"):
        Supplied.network(places(2), links(1, source=1, target=0))
    with pytest.raises(ValueError, match=r"links\.never_share"):
        Supplied.alone(places(1), links(1, never_share=1.5))
    with pytest.raises(ValueError, match="warm_up"):
        play_general(Supplied.alone(places(1), links(1)), story(np.zeros((1, 1, 4)), 4), 1)
