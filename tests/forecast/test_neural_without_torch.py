"""What of the neural network needs no PyTorch: the remedy where it is missing, and the header of its files."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from orderpoint.cli.commands import run
from orderpoint.domain.calendar import Period
from orderpoint.domain.errors import UsageError
from orderpoint.forecast.neural import extra
from orderpoint.forecast.neural.columns import Columns
from orderpoint.forecast.neural.forecaster import Neural
from orderpoint.forecast.neural.header import Header, Vocabulary
from orderpoint.forecast.neural.options import Budget
from tests.cli.shops import small_shop
from tests.forecast.builders import known_of, sales_of

HEADER = Header(Period.DAY, 14, 28, 7, 32, 2, 3, ("step", "mean_7"), (Vocabulary("weekday", ("0", "1", "2")),))


@pytest.fixture
def _without(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extra, "find_spec", lambda name: None if name in ("torch", "safetensors") else object())


@pytest.mark.usefixtures("_without")
def test_without_pytorch_the_remedy_is_named() -> None:
    sales = sales_of(np.ones((2, 30)))
    with pytest.raises(UsageError, match=r"torch, safetensors.*pip install 'orderpoint\[neural\]'"):
        Neural().fit(sales, known_of(sales))


@pytest.mark.usefixtures("_without")
@pytest.mark.parametrize(("language", "word"), [("en", "Install it"), ("zh", "请安装")])
def test_the_commands_name_it_before_any_work(language: str, word: str, tmp_path: Path, capsys: Any) -> None:
    shop = str(small_shop(tmp_path / "shop", days=40))
    for words in (["forecast", "--model"], ["backtest", "--models"]):
        assert run([words[0], shop, "--out", str(tmp_path / "out"), words[1], "neural", "--lang", language]) == 2
        said = capsys.readouterr().err
        assert word in said
        assert extra.REMEDY in said
    assert not (tmp_path / "out").exists()


def test_naming_the_network_loads_no_pytorch() -> None:
    program = "import orderpoint.app.forecasters, sys; assert not {'torch', 'safetensors'} & set(sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_a_header_is_read_as_it_was_written() -> None:
    assert Header.parse(HEADER.text()) == HEADER
    with pytest.raises(ValueError, match="format 7"):
        Header.parse(HEADER.text().replace('"format": 1', '"format": 7'))
    with pytest.raises(ValueError, match="at least 1"):
        Header.parse(HEADER.text().replace('"blocks": 2', '"blocks": -2'))


def test_columns_of_another_shop_are_found_by_name() -> None:
    """A shop whose columns stand elsewhere, without one of the numbers, and with a name that was never seen."""
    columns = Columns(np.array([2, -1]), ((0, np.array([0, 3, 0])),))
    numbers, codes = columns.read(np.array([[1.0, 9.0, 5.0], [2.0, 9.0, 6.0], [7.0, 9.0, np.nan]], np.float32))
    assert np.array_equal(numbers, np.array([[5, np.nan], [6, np.nan], [np.nan, np.nan]], np.float32), equal_nan=True)
    assert codes.tolist() == [[3], [0], [0]]


def test_wrong_options_are_all_named() -> None:
    with pytest.raises(ValueError, match=r"span.*horizon.*effort.*device.*tune"):
        Neural(span=0, horizon=-1, effort="slow", device="abacus", tune=True)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="budget"):
        Budget(rows=0, passes=1, width=1, members=1)
