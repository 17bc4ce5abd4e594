"""`init`, `check`, `demo`, `serve` and the help, as a user meets them."""

from __future__ import annotations

import json
import threading
import urllib.request
from pathlib import Path

import pytest

from orderpoint.cli.commands import run
from orderpoint.tables.contract import TABLES
from orderpoint.web.results import serve_results
from tests.cli.shops import small_shop


def test_init_writes_a_template_of_every_table_and_touches_nothing_that_is_there(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "sales.csv").write_text("mine", encoding="utf-8")
    assert run(["init", str(tmp_path)]) == 0
    assert {f"{name}.csv" for name in TABLES} <= {p.name for p in tmp_path.iterdir()}
    assert (tmp_path / "sales.csv").read_text(encoding="utf-8") == "mine"
    assert "sales.csv" in capsys.readouterr().out


def test_check_prints_findings_and_writes_what_is_asked_for(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = small_shop(tmp_path / "in")
    assert run(["check", str(folder), "--out", str(tmp_path / "lines")]) == 0
    assert "sales.csv" in capsys.readouterr().out
    assert run(["check", str(folder), "--json", "--out", str(tmp_path / "json")]) == 0
    assert {"findings", "repairs", "set_aside"} <= set(json.loads(capsys.readouterr().out))
    assert run(["check", str(folder), "--html", "--out", str(tmp_path / "out")]) == 0
    assert "<table>" in (tmp_path / "out" / "quality.html").read_text(encoding="utf-8")


def test_demo_once_invents_plans_and_prints_the_path_of_the_report(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["demo", "--once", "--items", "20", "--locations", "1", "--out", str(tmp_path / "demo")]) == 0
    report = tmp_path / "demo" / "plan" / "report.html"
    assert report.is_file()
    assert str(report) in capsys.readouterr().out


def test_serve_answers_with_the_report(tmp_path: Path) -> None:
    (tmp_path / "report.html").write_text("<p>the report</p>", encoding="utf-8")
    answered = threading.Event()
    addresses = []

    def ready(address: str) -> None:
        addresses.append(address)
        answered.set()

    threading.Thread(target=serve_results, args=(tmp_path, 0, ready), daemon=True).start()
    assert answered.wait(10)
    with urllib.request.urlopen(addresses[0], timeout=10) as answer:
        assert answer.read() == b"<p>the report</p>"


@pytest.mark.parametrize("command", ["plan", "check", "init", "demo", "serve"])
def test_every_command_explains_itself(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run([command, "--help"]) == 0
    said = capsys.readouterr().out
    assert "Usage: orderpoint" in said or "Usage:" in said
    assert "--lang" in said
