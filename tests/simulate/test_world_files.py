"""What the invented shop exports is the file contract's, without a fault, and the truth stays out of it."""

from __future__ import annotations

import dataclasses
import datetime as dt
import inspect
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from orderpoint.simulate.world import TABLES, World, WorldSettings, invent, stream, write

SMALL = WorldSettings(items=50, locations=3, days=400, seed=5)

# DESIGN section 5: required columns, then the optional ones.
CONTRACT = {
    "sales": "date item quantity | location price promotion in_stock channel order customer currency",
    "stock": "item on_hand | location reserved lot expires",
    "incoming": "item quantity due | location supplier",
    "items": """item | name category department status unit_cost price holding_cost holding_rate stockout_cost shortage
        service_target shelf_life_days volume weight min_stock max_stock launch end_of_life replaces""",
    "supply": """item lead_time_days | supplier location lead_time_sd_days review_days unit_cost order_cost moq pack
        max_quantity currency duty_rate price_breaks""",
    "suppliers": "supplier | min_order_value container_volume order_days on_time_share",
    "locations": """location | name kind region country currency capacity_volume stage_cost stage_time_days
        max_service_time_days""",
    "prices": "date item price | location promotion competitor_price",
    "calendar": "date event | kind region uplift_factor",
    "drivers": "date name value | item location",
    "rates": "date currency rate |",
}


@pytest.fixture(scope="module")
def world() -> World:
    return invent(SMALL)


@pytest.mark.parametrize("table", TABLES)
def test_columns_are_the_contracts(world: World, table: str) -> None:
    required, optional = (text.split() for text in CONTRACT[table].split("|"))
    columns = world.tables()[table].columns
    assert set(required) <= set(columns) <= {*required, *optional}
    assert world.tables()[table].select(required).null_count().sum_horizontal().item() == 0


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_contracts_own_reader_finds_no_fault(tmp_path: Path, language: Any) -> None:
    """Every file read by `orderpoint.ingest`: no fault (it would raise), no row set aside."""
    from orderpoint.ingest.intake import read

    shop = invent(dataclasses.replace(SMALL, language=language))
    write(shop, tmp_path / "shop")
    reading = read([tmp_path / "shop"])
    assert set(reading.tables) == set(TABLES)
    assert reading.set_aside == ()
    assert reading.home_currency == "EUR"


def test_dates_and_numbers_are_sound(world: World) -> None:
    settings = world.settings
    assert world.sales["date"].min() >= settings.first_day
    assert world.sales["date"].max() == settings.last_day
    assert (world.sales["quantity"] != 0).all()
    assert (world.sales["price"] > 0).all()
    assert world.sales["promotion"].is_between(0, 1, closed="left").all()
    assert (world.stock["on_hand"] >= 0).all()
    assert (world.incoming["quantity"] > 0).all()
    assert (world.supply["lead_time_days"] >= 1).all()
    assert (world.items["unit_cost"] < 1.5 * world.items["price"]).all()
    for frame in world.tables().values():
        for column in frame.select(pl.selectors.float()).columns:
            assert frame[column].drop_nulls().is_finite().all(), column


def test_keys_are_unique_and_known(world: World) -> None:
    assert world.stock.select("item", "location", "lot").is_unique().all()
    assert world.items["item"].is_unique().all()
    assert world.items["name"].is_unique().all()
    assert world.supply.select("item", "supplier").is_unique().all()
    assert world.prices.select("date", "item").is_unique().all()
    assert world.calendar.select("date", "event", "region").is_unique().all()
    for table, column, home in [
        ("sales", "item", "items"), ("sales", "location", "locations"), ("stock", "item", "items"),
        ("incoming", "item", "items"),
        ("incoming", "supplier", "suppliers"), ("supply", "supplier", "suppliers"), ("items", "replaces", "items"),
    ]:  # fmt: skip
        key = {"replaces": "item"}.get(column, column)
        assert set(world.tables()[table][column].drop_nulls()) <= set(world.tables()[home][key]), (table, column)


def test_sales_are_what_the_truth_sold_and_took_back(world: World) -> None:
    days = world.truth.days()
    sold = world.sales.filter(pl.col("quantity") > 0).select("item", "location", "date", sold="quantity")
    truth = days.filter(pl.col("sold") > 0).select("item", "location", "date", pl.col("sold").cast(pl.Int64))
    assert_frame_equal(sold, truth, check_row_order=False)
    back = world.sales.filter(pl.col("quantity") < 0).select("item", "location", "date", returned=-pl.col("quantity"))
    truth = days.filter(pl.col("returned") > 0).select("item", "location", "date", pl.col("returned").cast(pl.Int64))
    assert_frame_equal(back, truth, check_row_order=False)


def test_a_return_has_the_price_of_its_sale(world: World) -> None:
    history, places = world.truth.history, world.settings.locations
    row, day = np.nonzero(history.returned)
    first = world.settings.first_day
    paid = world.truth.price[row // places, history.returned_from[row, day]]
    expected = {
        (*world.truth.series.row(r), first + dt.timedelta(days=int(d))): p
        for r, d, p in zip(row.tolist(), day, paid, strict=True)
    }
    back = world.sales.filter(pl.col("quantity") < 0)
    assert len(expected) == back.height > 20
    assert all(expected[i, place, d] == price for d, i, place, _, price, *_ in back.iter_rows())


def test_stock_is_that_of_the_morning_after_the_last_day(world: World) -> None:
    closing = pl.Series("closing", world.truth.history.closing[:, -1].astype(np.int64))
    truth = world.truth.series.with_columns(closing)
    shown = world.stock.group_by("item", "location").agg(pl.col("on_hand").sum()).join(truth, on=["item", "location"])
    assert (shown["on_hand"] == shown["closing"]).all()
    assert shown["on_hand"].sum() == truth["closing"].sum()
    lots = world.stock.filter(pl.col("lot").is_not_null())
    assert lots.height > 0
    assert (lots["expires"] >= world.settings.today).all()


def test_incoming_is_every_order_still_under_way_as_promised(world: World) -> None:
    still = world.truth.orders.filter(pl.col("arrives") >= world.settings.today)
    assert_frame_equal(
        world.incoming, still.select("item", "location", "quantity", "due", "supplier"), check_row_order=False
    )
    assert world.incoming.height > 0


def test_prices_hold_until_the_next(world: World) -> None:
    """Filled forward, the prices table gives back the price of every day on offer."""
    days = world.truth.days().filter(pl.col("expected") > 0).select("item", "date", "price").unique().sort("date")
    seen = days.join_asof(
        world.prices.sort("date").select("item", "date", asked="price"), on="date", by="item", check_sortedness=False
    )
    assert seen["asked"].null_count() == 0
    assert (seen["asked"] == seen["price"]).all()
    ahead = world.prices.filter(pl.col("date") >= world.settings.today)
    assert ahead.filter(pl.col("promotion") > 0).height > 0  # planned cuts
    assert ahead["competitor_price"].null_count() == ahead.height  # nobody knows those
    assert ahead["date"].max() < world.settings.today + dt.timedelta(days=90)


def test_the_calendar_reaches_past_the_next_great_peak(world: World) -> None:
    ahead = world.calendar.filter(pl.col("date") >= world.settings.today)
    assert dt.date(2025, 11, 11) in set(ahead["date"])
    assert dt.date(2025, 11, 28) in set(ahead["date"])
    assert set(ahead["kind"]) == {"festival", "closure"}
    assert set(ahead.filter(pl.col("kind") == "closure")["region"]) == {None}


def test_status_follows_the_ends_of_life(world: World) -> None:
    ended = pl.col("end_of_life") <= world.settings.today
    assert world.items.filter(ended)["status"].to_list() == ["discontinued"] * world.items.filter(ended).height
    assert "discontinued" not in world.items.filter(~ended.fill_null(value=False))["status"].to_list()


def test_write_lays_a_users_folder_and_the_truth_beside_it(world: World, tmp_path: Path) -> None:
    write(world, tmp_path / "shop")
    assert sorted(p.name for p in (tmp_path / "shop").iterdir()) == sorted(f"{t}.csv" for t in TABLES)
    assert sorted(p.name for p in (tmp_path / "truth").iterdir()) == sorted(
        f"{t}.parquet" for t in ("days", "items", "levels", "suppliers", "orders")
    )
    sales = pl.read_csv(tmp_path / "shop" / "sales.csv", try_parse_dates=True)
    assert_frame_equal(sales, world.sales)
    assert_frame_equal(pl.read_parquet(tmp_path / "truth" / "days.parquet"), world.truth.days())


def test_nothing_of_the_truth_is_in_the_users_folder(world: World) -> None:
    shown = {column for frame in world.tables().values() for column in frame.columns}
    assert not shown & {"expected", "demand", "lost", "elasticity", "switched_in", "size"}


@pytest.mark.parametrize("in_stock", [False, True])
def test_a_stream_is_the_same_shop(tmp_path: Path, in_stock: bool) -> None:
    settings = dataclasses.replace(SMALL, in_stock=in_stock)
    whole = invent(settings)
    rows = stream(settings, tmp_path / "big")
    for table in TABLES:
        shown = pl.read_parquet(tmp_path / "big" / f"{table}.parquet")
        expected = whole.tables()[table]
        if table == "sales":
            assert rows == shown.height
            assert shown.schema["item"] == pl.String
            shown = shown.cast(expected.schema).sort(
                "date", "item", "location", "quantity", descending=[False, False, False, True]
            )
        assert_frame_equal(shown, expected, check_row_order=table == "sales")
    assert not [p for p in (tmp_path / "big").iterdir() if p.name.startswith(".")]


def test_in_stock_names_every_day_the_shelf_was_empty() -> None:
    shop = invent(dataclasses.replace(SMALL, in_stock=True))
    out = shop.sales.filter((pl.col("in_stock") == 0) & (pl.col("quantity") >= 0))
    assert out.height == shop.truth.history.out_of_stock.sum()
    assert (out["quantity"] == 0).any()
    assert (shop.sales.filter(pl.col("in_stock") == 1)["quantity"] != 0).all()


def test_zero_days_are_rows_where_asked() -> None:
    shop = invent(dataclasses.replace(SMALL, zero_days=True))
    sold = shop.sales.filter(pl.col("quantity") >= 0)
    assert sold.select("date", "item", "location").is_unique().all()
    live = shop.truth.expected > 0
    assert sold.height == (live | (shop.truth.history.sold > 0)).sum()


def test_names_come_in_chinese() -> None:
    shop = invent(dataclasses.replace(SMALL, items=20, days=60, language="zh"))
    for frame, column in (
        (shop.items, "name"),
        (shop.items, "category"),
        (shop.suppliers, "supplier"),
        (shop.locations, "name"),
    ):
        assert frame[column].str.contains(r"\p{Han}").all(), column
    assert "双11" in shop.calendar["event"].to_list()


@pytest.mark.parametrize("items", [20, 2000])
def test_twenty_and_two_thousand_items_work(items: int, tmp_path: Path) -> None:
    rows = stream(WorldSettings(items=items, days=200, seed=2), tmp_path)
    assert rows > 100 * items
    assert pl.read_parquet(tmp_path / "items.parquet").height == items


def test_a_failed_write_leaves_no_half_file(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr(pl.DataFrame, "write_csv", full)
    with pytest.raises(OSError, match="space"):
        write(world, tmp_path / "shop")
    assert list((tmp_path / "shop").iterdir()) == []


def test_the_public_functions_say_what_they_give() -> None:
    for function in (invent, write, stream, World.future):
        assert inspect.getdoc(function)
