"""The sentence of an order line: its numbers, its occasion and what limited it, in both languages."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from string import Formatter

import numpy as np
import pytest

from orderpoint.messages import LANGUAGES, Language
from orderpoint.messages.reasons import REASONS
from orderpoint.optimize.explain import foreseen_reasons, reasons
from orderpoint.optimize.foreseen import foreseen_orders
from orderpoint.optimize.mincost import MinCost
from orderpoint.optimize.sampling import Sampling
from orderpoint.optimize.spoken import chance, money, risk_change, said_day, units
from orderpoint.tables.decisions import Decisions
from orderpoint.tables.demand import Demand
from orderpoint.tables.snapshot import Snapshot
from orderpoint.tables.stock import Stock
from orderpoint.testing.small_shop import SmallShop, with_receipt

NOBODY = np.zeros(0, np.int64)
POLICY = MinCost(Sampling(paths=512), patient=False)


def explained(shop: SmallShop, language: Language = Language.EN) -> tuple[list[str], Decisions]:
    snapshot, demand = shop.build()
    decisions = POLICY.decide(snapshot, demand)
    return told(snapshot, demand, decisions, language), decisions


def told(snapshot: Snapshot, demand: Demand, decisions: Decisions, language: Language = Language.EN) -> list[str]:
    nothing = replace(decisions, quantity=np.zeros_like(decisions.quantity))
    worth = POLICY.evaluate(snapshot, demand, nothing), POLICY.evaluate(snapshot, demand, decisions)
    return reasons(snapshot, demand, decisions, worth, language)


def test_the_sentence_has_the_numbers_of_its_line() -> None:
    snapshot, demand = SmallShop(mean=(10.0,), on_hand=12).build()
    snapshot = with_receipt(snapshot, 1, 7)
    decisions = POLICY.decide(snapshot, demand)
    (sentence,) = told(snapshot, demand, decisions)
    quantity = f"{decisions.quantity[0]:.0f}"
    assert sentence.startswith("You have 12 and 7 coming; 30 are expected to sell before")
    assert "arrives on 23 Jun;" in sentence
    assert f"ordering {quantity} cuts the risk of running out from " in sentence


def test_there_is_one_sentence_for_each_line_that_is_ordered() -> None:
    sentences, decisions = explained(SmallShop(mean=(10.0, 0.0, 3.0, 40.0), on_hand=(0, 5, 100, 3)))
    assert len(sentences) == (decisions.quantity > 0).sum() == 2


@pytest.mark.parametrize(
    ("shop", "words"),
    [
        (SmallShop(mean=(10.0,), on_hand=-4, backlog=True), "Customers wait for 4"),
        (SmallShop(mean=(1.0,), on_hand=40, min_stock=90), "less than the minimum of 90"),
        (SmallShop(mean=(10.0,), on_hand=30, stockout=0.1, service_target=0.99), "service target of 99 %"),
        (SmallShop(mean=(10.0,), moq=40), "40 is the least the supplier sells"),
        (SmallShop(mean=(10.0,), max_quantity=5), "5 is the most one order may have"),
        (SmallShop(mean=(10.0,), max_stock=6), "the maximum stock of 6 is reached"),
        (SmallShop(mean=(10.0, 10.0), budget=20.0), "The budget cut this line"),
    ],
)
def test_what_was_special_is_said(shop: SmallShop, words: str) -> None:
    assert any(words in sentence for sentence in explained(shop)[0])
    chinese = explained(shop, Language.ZH)[0]
    assert chinese
    assert not any("order" in sentence for sentence in chinese)


def test_later_orders_are_foreseen_with_their_day() -> None:
    snapshot, demand = SmallShop(mean=(10.0, 0.0), on_hand=25, horizon=6).build()
    orders = foreseen_orders(snapshot, demand, POLICY.decide(snapshot, demand))
    assert list(orders.series) == [0] * 5
    assert list(orders.order_period) == [1, 2, 3, 4, 5]
    assert list(orders.arrival_period - orders.order_period) == [2] * 5
    assert orders.quantity[-1] == pytest.approx(10)
    assert foreseen_reasons(snapshot, orders, NOBODY)[0].startswith("Foreseen: on 9 Jun you would have about 15 and ")
    assert foreseen_reasons(snapshot, orders, NOBODY, Language.ZH)[0].startswith("预计\uff1a到6月9日")


def test_nothing_is_foreseen_without_stock_or_beyond_the_limits() -> None:
    snapshot, demand = SmallShop(mean=(10.0,), pack=12, moq=24, max_quantity=36, horizon=8).build()
    decisions = POLICY.decide(snapshot, demand)
    orders = foreseen_orders(snapshot, demand, decisions)
    assert len(orders.quantity)
    assert (orders.quantity % 12 == 0).all()
    assert (orders.quantity >= 24).all()
    assert (orders.quantity <= 36).all()
    unknown = replace(snapshot, stock=replace(snapshot.stock, known=False))
    assert len(foreseen_orders(unknown, demand, decisions).quantity) == 0


def test_numbers_are_said_as_a_person_says_them() -> None:
    assert [units(x) for x in (0.4, 3.0, 12.6, 1234.5)] == ["0.4", "3", "13", "1,234"]
    assert [chance(x) for x in (0.0, 0.004, 0.12, 0.9951, 1.0)] == ["0 %", "<1 %", "12 %", ">99 %", "100 %"]
    assert [money(x) for x in (0.594, 12.0, 1234.5)] == ["0.59", "12.00", "1,234"]
    today = date(2025, 6, 2)
    assert said_day(date(2025, 6, 16), today, Language.EN) == "16 Jun"
    assert said_day(date(2026, 1, 5), today, Language.EN) == "5 Jan 2026"
    assert said_day(date(2026, 1, 5), today, Language.ZH) == "2026年1月5日"


def test_every_reason_is_said_in_both_languages_with_the_same_numbers() -> None:
    for key, sentences in REASONS.items():
        assert len(sentences) == len(LANGUAGES)
        blanks = [{name for _, name, _, _ in Formatter().parse(sentence) if name} for sentence in sentences]
        if not key.startswith("day"):  # a month has a name in one language and a number in the other
            assert blanks[0] == blanks[1], key


@pytest.mark.parametrize("language", [Language.EN, Language.ZH])
def test_a_risk_that_stays_is_not_said_to_be_cut(language: Language) -> None:
    (sentence,), _ = explained(SmallShop(mean=(100.0,), max_quantity=5), language)
    assert sentence.count("100 %") == 1
    stays = {
        Language.EN: "leaves the risk of running out at 100 % (with about 5 fewer",
        Language.ZH: "缺货风险仍为 100 %",
    }
    assert stays[language] in sentence


def test_a_risk_that_grows_as_goods_leave_is_said_to_be_higher() -> None:
    snapshot, demand = SmallShop(mean=(10.0,), on_hand=25).build()
    nothing = replace(POLICY.decide(snapshot, demand), quantity=np.zeros(1))
    worth = tuple(POLICY.evaluate(replace(snapshot, stock=stock), demand, nothing) for stock in _stocks(snapshot))
    risk, short = (tuple(float(getattr(w, name)[0]) for w in worth) for name in ("stockout_risk", "short"))
    said = risk_change((risk[0], risk[1]), (short[0], short[1]), Language.EN)
    assert said.startswith("leaves a risk of running out of ")
    assert f"({chance(float(worth[0].stockout_risk[0]))} with nothing ordered and nothing sent away)" in said


def _stocks(snapshot: Snapshot) -> list[Stock]:
    """The stock, and the same with half of it gone."""
    stock = snapshot.stock
    return [stock, replace(stock, on_hand=stock.on_hand / 2)]


@pytest.mark.parametrize(("currency", "one"), [(None, "one more unit of money"), ("EUR", "one more EUR")])
def test_money_is_named_by_the_home_currency_where_it_is_known(currency: str | None, one: str) -> None:
    snapshot, demand = SmallShop(mean=(10.0, 10.0), budget=20.0).build()
    snapshot = replace(snapshot, currency=currency)
    decisions = POLICY.decide(snapshot, demand)
    assert f"The budget cut this line: {one} here would save" in told(snapshot, demand, decisions)[0]
    chinese = told(snapshot, demand, decisions, Language.ZH)[0]
    assert ("1 EUR" if currency else "一个货币单位") in chinese
    assert "元" not in chinese
