"""The neural network keeps the contract that every forecaster is held to."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from orderpoint.forecast.neural.forecaster import Neural
from orderpoint.forecast.neural.options import Budget
from orderpoint.testing.forecaster_contract import ForecasterContract, history, invented

SMALL = Budget(rows=1500, passes=1, width=16, members=2)
KINDS = {
    "blended": Neural(span=7, horizon=9, budget=SMALL, device="cpu"),
    "alone": Neural(span=5, budget=SMALL, blended=False, device="cpu"),
}


@pytest.mark.parametrize("kind", KINDS)
class TestContract(ForecasterContract):
    @pytest.fixture(autouse=True)
    def _given(self, kind: str) -> None:
        self.given = KINDS[kind]

    def forecaster(self) -> Any:
        return self.given


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A network that was trained on another shop of days."""
    path = tmp_path_factory.mktemp("network") / "shop.safetensors"
    sales, known = history(*invented(12, 150))
    Neural(span=7, horizon=9, budget=SMALL, device="cpu").fit(sales, known).save(path)
    return path


class TestPretrainedContract(ForecasterContract):
    """The same for a network that is read from a file; it was trained on days, and weeks need one of their own."""

    test_it_gives_a_distribution_for_every_period_length = None  # type: ignore[assignment]

    @pytest.fixture(autouse=True)
    def _given(self, trained: Path) -> None:
        self.given = Neural(span=7, weights=trained, device="cpu")

    def forecaster(self) -> Any:
        return self.given
