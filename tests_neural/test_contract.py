"""The neural network keeps the contract that every forecaster is held to."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from orderpoint.forecast.neural.forecaster import Neural
from orderpoint.forecast.neural.options import Budget
from orderpoint.testing.forecaster_contract import ForecasterContract, history, invented

SMALL = Budget(rows=3000, passes=2, width=16, members=2)
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


class TestPretrainedContract(ForecasterContract):
    """The same for a network that was trained on days and is read from a file; weeks and months need their own."""

    test_it_gives_a_distribution_for_every_period_length = None  # type: ignore[assignment]

    @pytest.fixture(autouse=True)
    def _given(self, tmp_path: Path) -> None:
        sales, known = history(*invented(12, 150))
        Neural(span=7, horizon=9, budget=SMALL, device="cpu").fit(sales, known).save(tmp_path / "shop.safetensors")
        self.path = tmp_path / "shop.safetensors"

    def forecaster(self) -> Any:
        return Neural(span=7, weights=self.path, device="cpu")
