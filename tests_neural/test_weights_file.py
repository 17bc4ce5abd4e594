"""Networks on disk: what is saved is what is read, on the same shop or another, and what is damaged is refused."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file

from orderpoint.domain.calendar import Period
from orderpoint.domain.errors import UsageError
from orderpoint.forecast.neural import weights_file
from orderpoint.forecast.neural.forecaster import Fit, Neural
from orderpoint.forecast.neural.options import Budget
from orderpoint.tables.catalog import Catalog
from orderpoint.tables.known import Known
from orderpoint.testing.forecaster_contract import same
from tests.forecast.builders import known_of, sales_of

SMALL = Budget(rows=4000, passes=2, width=16, members=2, rate=4e-3)
WEEK = np.where(np.arange(140) % 7 > 4, 2.0, 0.6)
SHOP = sales_of(np.random.default_rng(0).poisson(np.linspace(2, 9, 24)[:, None] * WEEK), places=("north", "south"))


def network(**words: Any) -> Neural:
    return Neural(**({"span": 7, "horizon": 9, "budget": SMALL, "device": "cpu"} | words))


@pytest.fixture(scope="module")
def fitted() -> Fit:
    return network().fit(SHOP, known_of(SHOP))


@pytest.fixture(scope="module")
def path(fitted: Fit, tmp_path_factory: pytest.TempPathFactory) -> Path:
    where = tmp_path_factory.mktemp("network") / "shop.safetensors"
    fitted.save(where)
    return where


def test_what_is_saved_is_what_is_read_bit_by_bit(fitted: Fit, path: Path, tmp_path: Path) -> None:
    header, members = weights_file.load(path)
    assert header == fitted.model.header
    read = replace(fitted, model=replace(fitted.model, header=header, members=members))
    assert same(read.demand(9, known_of(SHOP)), fitted.demand(9, known_of(SHOP)))
    read.save(tmp_path / "again.safetensors")
    assert (tmp_path / "again.safetensors").read_bytes() == path.read_bytes()


def test_a_file_is_used_without_training_and_tuned_on_demand(fitted: Fit, path: Path) -> None:
    """The same shop: a network that is read stays as it was, one that is tuned does not."""
    read = network(weights=path).fit(SHOP, known_of(SHOP))
    assert _equal(read, fitted)
    tuned = network(weights=path, tune=True).fit(SHOP, known_of(SHOP))
    assert not _equal(tuned, fitted)
    assert tuned.model.header == fitted.model.header


def _equal(a: Fit, b: Fit) -> bool:
    pairs = zip(a.model.members, b.model.members, strict=True)
    return all(torch.equal(one[name], other[name]) for one, other in pairs for name in one)


def test_a_network_knows_the_week_of_a_shop_it_never_saw(path: Path) -> None:
    """Five weeks of a new shop, other places and names: from the file it knows the week better than the mean does."""
    rate = np.linspace(3, 12, 10)[:, None] * WEEK[:42]
    new = sales_of(np.random.default_rng(4).poisson(rate[:, :35]), places=("moon",))
    names = tuple("tools" for _ in new.index.items)
    known = Known(replace(Catalog.bare(new.index.items), category=names))
    mean = network(weights=path, blended=False).fit(new, known).demand(7, known).mean
    true = rate[:, 35:]
    assert np.abs(mean - true).sum() < 0.5 * np.abs(true.mean(axis=1, keepdims=True) - true).sum()


def test_the_header_is_readable_by_others(path: Path) -> None:
    with safe_open(path, framework="numpy") as file:
        text = file.metadata()[weights_file.KEY]
    assert '"format": 1' in text
    assert '"north"' in text


@pytest.mark.parametrize("damage", ["text", "no header", "version", "shape", "missing", "nan", "pickle"])
def test_what_is_damaged_is_refused(damage: str, path: Path, tmp_path: Path) -> None:
    header, _ = weights_file.load(path)
    text, tensors, bad = header.text(), load_file(path), tmp_path / "bad.safetensors"
    metadata = {weights_file.KEY: text}
    if damage == "no header":
        metadata = {}
    elif damage == "version":
        metadata = {weights_file.KEY: text.replace('"format": 1', '"format": 99')}
    elif damage == "shape":
        tensors["0/last.weight"] = tensors["0/last.weight"][:1].contiguous()
    elif damage == "missing":
        del tensors["1/first.bias"]
    elif damage == "nan":
        tensors["0/first.bias"][0] = float("nan")
    save_file(tensors, bad, metadata=metadata)
    if damage == "text":
        bad.write_text("no network", encoding="utf-8")
    elif damage == "pickle":
        torch.save(tensors, bad)
    with pytest.raises(UsageError, match="weights_unreadable"):
        network(weights=bad).fit(SHOP, known_of(SHOP))


def test_a_missing_file_and_other_periods_are_refused(path: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="input_not_found"):
        network(weights=tmp_path / "none.safetensors").fit(SHOP, known_of(SHOP))
    weeks = sales_of(np.ones((3, 60)), period=Period.WEEK)
    with pytest.raises(UsageError, match=r"weights_period.*day.*week"):
        network(weights=path).fit(weeks, known_of(weeks))
