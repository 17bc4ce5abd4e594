"""`orderpoint plan` as a user meets it: files, sentences, exit statuses."""

from __future__ import annotations

import errno
import json
from pathlib import Path
from typing import Never

import polars as pl
import pytest

from orderpoint.app import plan_folder
from orderpoint.cli.commands import run
from orderpoint.tables.contract import OUTPUTS
from tests.cli.shops import TODAY, small_shop, write

FILES = {
    "orders.csv",
    "schedule.csv",
    "levels.csv",
    "forecast.parquet",
    "risks.csv",
    "set_aside.csv",
    "report.html",
    "plan.json",
}


@pytest.fixture(scope="module")
def planned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    box = tmp_path_factory.mktemp("plan")
    assert run(["plan", str(small_shop(box / "in")), "--out", str(box / "out"), "--today", str(TODAY)]) == 0
    return box / "out"


def test_a_plan_writes_the_files_of_the_contract(planned: Path) -> None:
    assert {p.name for p in planned.iterdir()} == FILES
    for table in ("orders", "schedule", "levels", "risks", "set_aside"):
        header = (planned / f"{table}.csv").read_text(encoding="utf-8").splitlines()[0].split(",")
        assert header == list(OUTPUTS[table]), table


def test_every_order_has_its_reason_its_money_and_its_risks(planned: Path) -> None:
    orders = pl.read_csv(planned / "orders.csv")
    assert orders["item"].to_list() == ["A", "B"][: orders.height]
    assert (orders["reason"].str.len_chars() > 30).all()
    assert (orders["expected_gain"] > 0).all()
    assert (orders["stockout_risk_after"] < orders["stockout_risk_before"]).all()
    assert (orders["value"] == orders["unit_cost"] * orders["quantity"]).all()


def test_later_orders_are_foreseen(planned: Path) -> None:
    schedule = pl.read_csv(planned / "schedule.csv", try_parse_dates=True)
    assert schedule.height > 0
    assert (schedule["order_date"] > TODAY).all()


def test_the_page_is_self_contained_and_names_the_orders(planned: Path) -> None:
    page = (planned / "report.html").read_text(encoding="utf-8")
    assert "<svg" in page
    assert "http://" not in page.replace("http://www.w3.org", "")
    assert "https://" not in page
    for item in pl.read_csv(planned / "orders.csv")["item"]:
        assert f"<b>{item}</b>" in page


def test_json_prints_the_summary_and_nothing_else(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["plan", str(small_shop(tmp_path / "in")), "--out", str(tmp_path / "out"), "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed["today"] == str(TODAY)
    assert printed == json.loads((tmp_path / "out" / "plan.json").read_text(encoding="utf-8"))


def test_chinese_is_spoken_throughout(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["plan", str(small_shop(tmp_path / "in")), "--out", str(tmp_path / "out"), "--lang", "zh"]) == 0
    assert "计划" in capsys.readouterr().out
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert "今天订什么" in page
    assert "What to order today" not in page


def test_a_formula_in_an_item_name_is_neutralised_and_read_back(tmp_path: Path) -> None:
    folder = small_shop(tmp_path / "in")
    for name in ("sales", "items", "supply", "stock"):
        text = (folder / f"{name}.csv").read_text(encoding="utf-8")
        (folder / f"{name}.csv").write_text(text.replace(",A,", ",=A(),").replace("\nA,", "\n=A(),"), encoding="utf-8")
    assert run(["plan", str(folder), "--out", str(tmp_path / "one"), "--today", str(TODAY)]) == 0
    assert "'=A()" in pl.read_csv(tmp_path / "one" / "orders.csv")["item"].to_list()
    (folder / "incoming.csv").write_bytes((tmp_path / "one" / "orders.csv").read_bytes())
    assert run(["plan", str(folder), "--out", str(tmp_path / "two"), "--today", str(TODAY)]) == 0
    assert "'=A()" not in pl.read_csv(tmp_path / "two" / "orders.csv")["item"].cast(pl.String).to_list()


def test_faults_are_listed_at_once_and_nothing_is_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = small_shop(tmp_path / "in")
    write(folder, "supply.csv", "item supplier lead_time_days", [("A", "ACME", -3), ("B", "ACME", "soon")])
    assert run(["plan", str(folder), "--out", str(tmp_path / "out")]) == 1
    said = capsys.readouterr().err
    assert "supply.csv" in said
    assert "-3" in said
    assert "soon" in said
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    "words", [["plan"], ["plan", "nowhere"], ["no-such-command"], ["plan", ".", "--no-such-option"]]
)
def test_wrong_usage_is_exit_2(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(words) == 2
    assert "Traceback" not in capsys.readouterr().err


def test_limits_that_contradict_each_other_are_exit_3(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = [
        "plan",
        str(small_shop(tmp_path / "in")),
        "--out",
        str(tmp_path / "out"),
        "--min-stock",
        "500",
        "--max-stock",
        "100",
    ]
    assert run(words) == 3
    said = capsys.readouterr().err
    assert "--min-stock 500" in said
    assert "--max-stock 100" in said


@pytest.mark.parametrize(("number", "sign"), [(errno.ENOSPC, "space"), (errno.EACCES, "permission")])
def test_a_machine_that_fails_is_exit_4_and_leaves_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, number: int, sign: str
) -> None:
    def fail(_folder: Path, _writers: object, **_: object) -> Never:
        raise OSError(number, "refused", "/somewhere")

    monkeypatch.setattr(plan_folder, "write_all", fail)
    assert run(["plan", str(small_shop(tmp_path / "in")), "--out", str(tmp_path / "out")]) == 4
    assert sign in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_an_interrupt_is_exit_130(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_words: object) -> Never:
        raise KeyboardInterrupt

    monkeypatch.setattr(plan_folder, "run", interrupted)
    assert run(["plan", str(small_shop(tmp_path / "in")), "--out", str(tmp_path / "out")]) == 130
    assert "no results were written" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_a_short_horizon_shows_less_and_decides_the_same(tmp_path: Path, planned: Path) -> None:
    folder = small_shop(tmp_path / "in")
    assert run(["plan", str(folder), "--out", str(tmp_path / "out"), "--today", str(TODAY), "--horizon", "5"]) == 0
    assert pl.read_parquet(tmp_path / "out" / "forecast.parquet").group_by("item").len()["len"].to_list() == [5, 5]
    assert (tmp_path / "out" / "orders.csv").read_bytes() == (planned / "orders.csv").read_bytes()
