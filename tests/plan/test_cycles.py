"""The season that CIMS plans, as a user meets it: cycles.csv and the report's section on it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from playwright.sync_api import Browser

from orderpoint.cli.commands import run
from orderpoint.domain.calendar import Period, Timeline
from orderpoint.plan.cycle_names import Stretch, named, stretches
from orderpoint.plan.cycle_windows import Cycles
from orderpoint.report.cycle_chart import Band, Track, cycle_svg
from orderpoint.tables.contract import OUTPUTS
from orderpoint.tables.known import CalendarEvent
from tests.cli.shops import TODAY, small_shop, write

FESTIVAL = dt.date(2025, 7, 5)
STOCK = {"A": 70, "B": 14}


def festival_shop(folder: Path) -> Path:
    """The small shop before a week that sells four times as much, from a supplier whose orders are bounded."""
    small_shop(folder)
    write(
        folder,
        "supply.csv",
        "item supplier lead_time_days review_days max_quantity",
        [("A", "ACME", 7, 7, 60), ("B", "ACME", 7, 7, 10)],
    )
    write(folder, "stock.csv", "item on_hand", list(STOCK.items()))
    write(folder, "incoming.csv", "item quantity due", [("A", 5, TODAY + dt.timedelta(days=9))])
    week = [FESTIVAL + dt.timedelta(days=k) for k in range(7)]
    write(folder, "calendar.csv", "date event kind uplift_factor", [(d, "Summer <Sale>", "promotion", 4) for d in week])
    return folder


@pytest.fixture(scope="module")
def planned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    box = tmp_path_factory.mktemp("cycles")
    words = ["plan", str(festival_shop(box / "in")), "--out", str(box / "out"), "--today", str(TODAY)]
    assert run([*words, "--method", "cims", "--horizon", "70"]) == 0
    return box / "out"


@pytest.fixture(scope="module")
def cycles(planned: Path) -> pl.DataFrame:
    return pl.read_csv(planned / "cycles.csv", try_parse_dates=True)


def test_stock_adds_up_from_today_on(cycles: pl.DataFrame) -> None:
    assert cycles.columns == list(OUTPUTS["cycles"])
    left = cycles["opening_stock"] + cycles["order"] + cycles["incoming"]
    left = left - cycles["expected_demand"] + cycles["expected_short"]
    assert np.allclose(left, cycles["closing_stock"], atol=0.05)
    for item, held in STOCK.items():
        mine = cycles.filter(pl.col("item") == item)
        assert mine["start"][0] == TODAY
        assert mine["opening_stock"].to_list() == [held, *mine["closing_stock"][:-1]]
        assert mine["start"][1:].to_list() == [day + dt.timedelta(days=1) for day in mine["end"][:-1]]
    assert cycles.filter(pl.col("incoming") > 0).select("item", "start", "incoming").rows() == [
        ("A", TODAY + dt.timedelta(days=7), 5.0)
    ]


def test_stock_is_built_up_for_the_festival_and_says_so(cycles: pl.DataFrame, planned: Path) -> None:
    mine = cycles.filter(pl.col("item") == "A")
    before = mine.filter((pl.col("end") < FESTIVAL) & (pl.col("kind") != "waiting"))
    assert (before["kind"] == "build_up").any()
    built = before.filter(pl.col("kind") == "build_up")
    named_after = mine.filter(pl.col("cycle") == "Summer <Sale>")
    asked = f"{named_after['expected_demand'].sum():,.0f}"
    assert f"for Summer <Sale>, when {asked} are expected to sell" in built["reason"][0]
    assert "run_down" in named_after["kind"].to_list()
    first = pl.read_csv(planned / "orders.csv").filter(pl.col("item") == "A")["quantity"][0]
    assert mine["order"][1] == first, "the plan begins with today's order"


def test_the_report_draws_the_season(planned: Path) -> None:
    page = (planned / "report.html").read_text(encoding="utf-8")
    section = page[page.index('id="cycles"') : page.index('id="fans"')]
    assert section.count('<svg class="cycle wide"') == 1, "the sum"
    assert section.count('<svg class="cycle"') == 2, "two items"
    assert "Summer &lt;Sale&gt;" in section
    assert "Summer <Sale>" not in page
    assert 'class="coming"' in section


@pytest.mark.page
def test_the_section_fits_a_phone(browser: Browser, planned: Path) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 844})
    page.goto((planned / "report.html").as_uri())
    assert page.locator("#cycles svg.cycle").count() == 3
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.close()


def test_no_other_method_writes_cycles(tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert run(["plan", str(festival_shop(tmp_path / "in")), "--out", str(out), "--today", str(TODAY)]) == 0
    assert not (out / "cycles.csv").exists()
    assert 'id="cycles"' not in (out / "report.html").read_text(encoding="utf-8")


def event(day: int, name: str, place: str | None = None, kind: str = "festival") -> CalendarEvent:
    return CalendarEvent(dt.date(2025, 11, day), name, kind, place)  # type: ignore[arg-type]


def test_events_run_over_days_without_a_gap() -> None:
    days = [event(9, "a"), event(8, "a"), event(11, "a"), event(8, "b", "east"), event(8, "shut", kind="closure")]
    day = {k: dt.date(2025, 11, k) for k in (8, 9, 11)}
    assert stretches(days) == [
        Stretch("a", None, day[8], day[9]),
        Stretch("a", None, day[11], day[11]),
        Stretch("b", "east", day[8], day[8]),
    ]


def test_a_cycle_is_named_after_the_event_with_the_most_days_in_it_at_its_place() -> None:
    calendar = [event(k, "long") for k in (11, 12, 13)] + [event(k, "east only", "east") for k in range(10, 17)]
    line = Timeline(dt.date(2025, 11, 3), Period.DAY, 30)  # a Monday
    windows = np.array([0, 7, 0, 7, 14]), np.array([7, 14, 7, 14, 21])
    names, code, week = named(line, windows, ("east", "east", "west", "west", "west"), calendar)
    assert [names[k] for k in code] == ["2025-W45", "east only", "2025-W45", "long", "2025-W47"]
    assert week.tolist() == [0, 1, 0, 1, 2]


def test_windows_join_within_their_week_and_name() -> None:
    ones = np.ones(6)
    windows = Cycles(
        series=np.array([0, 0, 0, 0, 1, 1]),
        begin=np.array([0, 1, 2, 3, 0, 1]),
        end=np.array([1, 2, 3, 4, 1, 2]),
        name=np.array([0, 0, 5, 5, 0, 0]),
        opening=np.array([9.0, 8.0, 7.0, 6.0, 5.0, 4.0]),
        order=ones,
        incoming=0 * ones,
        demand=2 * ones,
        short=0 * ones,
        closing=np.array([8.0, 7.0, 6.0, 5.0, 4.0, 3.0]),
    )
    joined = windows.joined(np.array([0, 0, 0, 1, 0, 0]))
    assert joined.begin.tolist() == [0, 2, 3, 0]
    assert joined.end.tolist() == [2, 3, 4, 2]
    assert joined.opening.tolist() == [9.0, 7.0, 6.0, 5.0]
    assert joined.closing.tolist() == [7.0, 6.0, 5.0, 3.0]
    assert joined.demand.tolist() == [4.0, 2.0, 2.0, 4.0]


def test_the_picture_keeps_its_names_apart_and_its_bars_in_their_cycles() -> None:
    track = Track(
        "a <b>",
        TODAY,
        edges=np.array([0.0, 7.0, 14.0]),
        stock=np.array([10.0, 0.0, 5.0]),
        order=np.array([0.0, 8.0]),
        incoming=np.array([2.0, 0.0]),
        demand=np.array([4.0, 4.0]),
        bands=[Band("first", 7, 8), Band("second", 8, 9), Band("past", -3, -1)],
    )
    svg = cycle_svg(track)
    assert svg.count('class="arriving"') == 1
    assert svg.count('class="coming"') == 1
    assert svg.count('class="wanted"') == 2
    assert svg.count('class="event"') == 2
    assert ">first</text>" in svg
    assert ">second</text>" not in svg, "a name that would run into the one before is left to the tooltip"
    assert "a &lt;b&gt;" in svg
