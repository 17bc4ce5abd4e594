"""The report in a real browser: nothing is fetched, nothing overflows a phone, both languages show."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from orderpoint.cli.commands import run
from tests.cli.shops import TODAY, small_shop

PHONE = {"width": 390, "height": 844}


@pytest.fixture(scope="module", params=["en", "zh"])
def report(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    box = tmp_path_factory.mktemp(request.param)
    out = box / "out"
    assert (
        run(["plan", str(small_shop(box / "in")), "--out", str(out), "--today", str(TODAY), "--lang", request.param])
        == 0
    )
    return out / "report.html"


@pytest.mark.page
def test_the_page_asks_for_nothing_and_has_no_errors(browser: Browser, report: Path) -> None:
    page = browser.new_page()
    asked, errors = [], []
    page.on("request", lambda r: asked.append(r.url))
    page.on("console", lambda m: errors.append(m.text) if m.type == "error" else None)
    page.goto(report.as_uri())
    assert asked == [report.as_uri()]
    assert errors == []
    assert page.locator("svg.fan").count() >= 1
    assert page.locator("#orders tbody tr").count() >= 1
    page.close()


@pytest.mark.page
def test_the_page_fits_a_phone(browser: Browser, report: Path) -> None:
    page = browser.new_page(viewport=PHONE)
    page.goto(report.as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    page.close()


@pytest.mark.page
def test_the_page_prints(browser: Browser, report: Path, tmp_path: Path) -> None:
    page = browser.new_page()
    page.goto(report.as_uri())
    page.pdf(path=str(tmp_path / "report.pdf"))
    assert (tmp_path / "report.pdf").read_bytes().startswith(b"%PDF")
    page.close()
