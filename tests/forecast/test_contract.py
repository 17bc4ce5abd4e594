"""Every forecaster of the portfolio keeps the contract that strangers' forecasters are held to."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from orderpoint.forecast.baselines import MovingAverage, Naive, SeasonalNaive
from orderpoint.forecast.drift.forgetting import Forgetting
from orderpoint.forecast.intermittent import ADIDA, IMAPA, SBA, TSB
from orderpoint.forecast.portfolio import Portfolio
from orderpoint.forecast.smoothing import DiscountedRatio, Holt, HoltWinters, SimpleSmoothing
from orderpoint.testing.forecaster_contract import ForecasterContract, history, invented

FORECASTERS = (
    Portfolio(),
    Portfolio(span=5),
    Naive(),
    SeasonalNaive(7),
    MovingAverage((7, 28)),
    DiscountedRatio(),
    SimpleSmoothing(0.2),
    Holt(),
    HoltWinters(season=7),
    TSB(),
    SBA(),
    ADIDA(),
    IMAPA(),
)


@pytest.mark.parametrize("forecaster", FORECASTERS, ids=lambda f: f"{f.name}-{getattr(f, 'span', '')}")
class TestContract(ForecasterContract):
    @pytest.fixture(autouse=True)
    def _given(self, forecaster: Any) -> None:
        self.given = forecaster

    def forecaster(self) -> Any:
        return self.given


class TestForgettingNothing(ForecasterContract):
    """A forecaster that forgets what lies further back than the history keeps the contract, too."""

    def forecaster(self) -> Any:
        return Long(Portfolio())


class Long(Forgetting):
    """Half of the series forget what lies 2,000 periods back, whatever series there are."""

    def __init__(self, base: Any) -> None:
        super().__init__(base, np.zeros(0, np.bool_), 2000)

    def fit(self, sales: Any, known: Any) -> Any:
        return Forgetting(self.forecaster, np.arange(len(sales.index)) % 2 == 0, self.window).fit(sales, known)


class TestContractCanFail(ForecasterContract):
    """A forecaster that peeks, forgets what OFF means, or drifts is caught."""

    __test__ = False

    def forecaster(self) -> Any:
        return Peeking()


class Peeking:
    """Reads the array behind the view that the cutoff gave it."""

    name = "peeking"

    def fit(self, sales: Any, known: Any) -> Any:
        base = sales.quantity if sales.quantity.base is None else sales.quantity.base
        whole, _ = history(base, None)
        return MovingAverage(5).fit(whole, known)


def test_a_forecaster_that_reads_the_future_is_caught() -> None:
    with pytest.raises(AssertionError):
        TestContractCanFail().test_it_does_not_read_the_future()


def test_a_forecaster_that_takes_stockouts_for_demand_is_caught() -> Any:
    class Deaf(Peeking):
        def fit(self, sales: Any, known: Any) -> Any:
            _, state = invented()
            deaf, _ = history(sales.quantity, (sales.state * 0 + 1).astype(state.dtype))
            return MovingAverage(5).fit(deaf, known)

    suite = TestContractCanFail()
    suite.forecaster = Deaf
    with pytest.raises(AssertionError):
        suite.test_stockouts_without_sales_do_not_lower_the_forecast()
