"""The network from the command line."""

from __future__ import annotations

import json
from pathlib import Path

from orderpoint.cli.commands import run
from tests.cli.shops import small_shop


def test_it_is_backtested_and_forecasts_by_its_name(tmp_path: Path) -> None:
    shop, out = str(small_shop(tmp_path / "shop")), tmp_path / "out"
    assert run(["backtest", shop, "--out", str(out), "--models", "neural", "--origins", "1"]) == 0
    assert "neural" in json.loads((out / "backtest.json").read_text(encoding="utf-8"))["models"]
    assert run(["forecast", shop, "--out", str(out), "--model", "neural"]) == 0
    assert json.loads((out / "forecast.json").read_text(encoding="utf-8"))["model"] == "neural"
