"""`orderpoint plan --method NAME`: every named algorithm on the same files."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest

from orderpoint.cli.commands import run
from orderpoint.tables.contract import OUTPUTS
from tests.cli.shops import TODAY, network_shop, small_shop, write

METHODS = ("mincost", "maxserv", "cims", "scollab", "rio")
BUDGET = 60.0


@pytest.fixture(scope="module", params=METHODS)
def planned(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    """The plan of a network of three places by one method, under a budget."""
    box = tmp_path_factory.mktemp(str(request.param))
    words = ["plan", str(network_shop(box / "in")), "--out", str(box / "out"), "--today", str(TODAY)]
    assert run([*words, "--method", str(request.param), "--budget", str(BUDGET)]) == 0
    return str(request.param), box / "out"


def test_orders_keep_the_budget_and_have_their_reasons(planned: tuple[str, Path]) -> None:
    orders = pl.read_csv(planned[1] / "orders.csv")
    assert 0.0 < orders["value"].sum() <= BUDGET
    assert (orders["reason"].str.len_chars() > 30).all()
    assert orders.select("item", "location", "supplier").is_unique().all()


def test_the_summary_names_the_method_its_gap_and_the_price_of_the_budget(planned: tuple[str, Path]) -> None:
    method, out = planned
    summary = json.loads((out / "plan.json").read_text(encoding="utf-8"))
    assert summary["method"] == method
    assert summary["gap"] >= 0.0
    budget = next(limit for limit in summary["limits"] if limit["kind"] == "budget")
    assert budget["limit"] == BUDGET
    assert budget["used"] <= BUDGET
    assert budget["shadow_price"] > 0.0


def test_the_page_shows_what_limits_the_plan(planned: tuple[str, Path]) -> None:
    page = (planned[1] / "report.html").read_text(encoding="utf-8")
    assert 'id="limits"' in page
    assert "Shadow price" in page


def test_every_method_gives_a_level_for_every_place(planned: tuple[str, Path]) -> None:
    levels = pl.read_csv(planned[1] / "levels.csv")
    assert levels.height == 5
    assert (levels["order_up_to"] >= levels["reorder_point"]).all()


def test_maxserv_draws_the_frontier(tmp_path: Path) -> None:
    words = ["plan", str(small_shop(tmp_path / "in")), "--out", str(tmp_path / "out"), "--today", str(TODAY)]
    assert run([*words, "--method", "maxserv", "--budget", "100"]) == 0
    frontier = json.loads((tmp_path / "out" / "plan.json").read_text(encoding="utf-8"))["frontier"]
    assert frontier[0]["money"] == 0.0
    assert frontier[-1]["service"] > frontier[0]["service"]
    assert '<svg class="frontier"' in (tmp_path / "out" / "report.html").read_text(encoding="utf-8")


def test_scollab_asks_for_a_network(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = small_shop(tmp_path / "in")
    assert run(["plan", str(folder), "--out", str(tmp_path / "out"), "--method", "scollab"]) == 2
    assert "network.csv" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_a_cycle_of_the_network_is_named_and_nothing_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = network_shop(tmp_path / "in")
    write(
        folder, "network.csv", "source target", [("hub", "east"), ("east", "west"), ("west", "hub"), ("mill", "lost")]
    )
    assert run(["plan", str(folder), "--out", str(tmp_path / "out"), "--today", str(TODAY)]) == 1
    said = capsys.readouterr().err
    assert "network.csv, line 4" in said or "network.csv:4" in said or "network.csv" in said
    assert "network.csv, row 4, target 'hub'" in said
    assert "west > hub > east > west" in said
    assert not (tmp_path / "out").exists()


RULES = """
- name: nothing for ants
  when: item == "A"
  then:
    hold: true
"""


def test_rules_guard_any_method_and_say_what_they_did(tmp_path: Path) -> None:
    folder, rules = small_shop(tmp_path / "in"), tmp_path / "rules.yaml"
    rules.write_text(RULES, encoding="utf-8")
    words = ["plan", str(folder), "--out", str(tmp_path / "out"), "--today", str(TODAY), "--rules", str(rules)]
    assert run([*words, "--method", "mincost"]) == 0
    orders = pl.read_csv(tmp_path / "out" / "orders.csv")
    assert orders["item"].to_list() == ["B"]
    remarks = pl.read_csv(tmp_path / "out" / "remarks.csv")
    assert remarks["item"].unique().to_list() == ["A"]
    assert "nothing for ants" in remarks["remark"][0]
    assert json.loads((tmp_path / "out" / "plan.json").read_text(encoding="utf-8"))["method"] == "mincost"
    assert "nothing for ants" in (tmp_path / "out" / "report.html").read_text(encoding="utf-8")


def test_all_faults_of_a_rule_file_are_told_with_row_and_column(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, rules = small_shop(tmp_path / "in"), tmp_path / "rules.yaml"
    rules.write_text(RULES.replace("item ==", "itme ==").replace("hold", "hodl"), encoding="utf-8")
    assert run(["plan", str(folder), "--out", str(tmp_path / "out"), "--rules", str(rules)]) == 1
    said = capsys.readouterr().err
    assert "rules.yaml, row 3" in said
    assert "itme" in said
    assert "rules.yaml, row 5" in said
    assert "hodl" in said
    assert not (tmp_path / "out").exists()


def test_a_rule_file_that_is_no_text_is_a_fault(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder, rules = small_shop(tmp_path / "in"), tmp_path / "rules.yaml"
    rules.write_bytes(b"- name: \xff\xfe\x00")
    assert run(["plan", str(folder), "--out", str(tmp_path / "out"), "--rules", str(rules)]) == 1
    assert "rules.yaml" in capsys.readouterr().err


def test_scollab_moves_stock_between_places(tmp_path: Path) -> None:
    words = ["plan", str(network_shop(tmp_path / "in")), "--out", str(tmp_path / "out"), "--today", str(TODAY)]
    assert run([*words, "--method", "scollab"]) == 0
    moves = pl.read_csv(tmp_path / "out" / "transfers.csv")
    assert moves.columns == list(OUTPUTS["transfers"])
    assert (moves["quantity"] > 0).all()
    assert (moves["expected_gain"] > 0).all()
    sent = moves.filter((pl.col("item") == "A") & (pl.col("source") == "hub"))["quantity"].sum()
    assert 0 < sent <= 30
    assert 'id="transfers"' in (tmp_path / "out" / "report.html").read_text(encoding="utf-8")


def test_maxserv_keeps_a_number_of_orders_and_reaches_targets_first(tmp_path: Path) -> None:
    words = ["plan", str(small_shop(tmp_path / "in")), "--today", str(TODAY), "--method", "maxserv"]
    assert run([*words, "--out", str(tmp_path / "free")]) == 0
    assert run([*words, "--out", str(tmp_path / "one"), "--orders", "1"]) == 0
    assert run([*words, "--out", str(tmp_path / "high"), "--target", "0.999", "--measure", "cycle"]) == 0
    free, one, high = (pl.read_csv(tmp_path / name / "orders.csv") for name in ("free", "one", "high"))
    assert (free.height, one.height) == (2, 1)
    assert high["quantity"].sum() > free["quantity"].sum()


def test_all_that_is_wrong_with_words_of_service_is_said_at_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["plan", str(small_shop(tmp_path / "in")), "--out", str(tmp_path / "out"), "--today", str(TODAY)]
    wrong = ["--target", "shoes=0.9", "--target", "all=1.5", "--orders", "none"]
    assert run([*words, "--method", "maxserv", *wrong]) == 2
    said = capsys.readouterr().err
    assert all(word in said for word in ("shoes=0.9", "all=1.5", "none", "3"))
    assert run([*words, "--method", "maxserv", "--target", "category:boots=0.9"]) == 2
    assert "boots" in capsys.readouterr().err
    assert run([*words, "--target", "0.9"]) == 2
    assert "--method maxserv" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
