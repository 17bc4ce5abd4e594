"""The file contract as data: which columns every input and output table has, of what kind and within what bounds.

Readers, validation, templates and writers all follow these lists, so that the contract stands in one place. The
sentence that explains a column to a person is kept in `messages` under the key `TableSpec.help_key(column)`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

import polars as pl

MAIN = "main"
"""The one place there is, where a table of stock or sales names no location."""


class Kind(StrEnum):
    """What a column holds, and with it how text is read and which type the column has afterwards."""

    TEXT = "text"
    DATE = "date"
    NUMBER = "number"
    QUANTITY = "quantity"
    """Units; bounded by `config.Limits.largest_quantity` in size."""
    MONEY = "money"
    DAYS = "days"
    WHOLE = "whole"
    """Units without a fraction, bounded like a quantity."""
    FLAG = "flag"
    SHARE = "share"
    DEPTH = "depth"
    """A promotion: yes, no, or a depth in (0, 1]."""
    CHOICE = "choice"
    """One of the words in `ColumnSpec.choices`."""
    PRICE_BREAKS = "price_breaks"
    ORDER_DAYS = "order_days"

    @property
    def dtype(self) -> pl.DataType:
        """The Polars type of a column of this kind after it was read (whole numbers stay floats, so that inf fits)."""
        if self is Kind.DATE:
            return pl.Date()
        if self is Kind.FLAG:
            return pl.Boolean()
        if self in (Kind.TEXT, Kind.CHOICE, Kind.PRICE_BREAKS, Kind.ORDER_DAYS):
            return pl.String()
        return pl.Float64()

    @property
    def is_number(self) -> bool:
        """Whether the column is read as a number."""
        return self.dtype == pl.Float64()


@dataclass(frozen=True, slots=True)
class ColumnSpec:
    """One column. Numbers lie between `least` and `most` (None: no bound), ends included unless `open_ends`."""

    name: str
    kind: Kind
    required: bool = False
    least: float | None = None
    most: float | None = None
    open_ends: bool = False
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TableSpec:
    """One input table. `key` columns name a row (repeats are a fault where `unique`).

    `tolerant`: bad rows are set aside and the run goes on; otherwise any fault ends it. `everywhere`: a row without
    location speaks for every location; otherwise for the one place there is.
    """

    name: str
    columns: tuple[ColumnSpec, ...]
    key: tuple[str, ...]
    tolerant: bool = False
    unique: bool = False
    everywhere: bool = True

    def column(self, name: str) -> ColumnSpec:
        """The column of that name. Raises KeyError where there is none."""
        return {c.name: c for c in self.columns}[name]

    @property
    def names(self) -> tuple[str, ...]:
        """Column names in the contract's order."""
        return tuple(c.name for c in self.columns)

    @property
    def required(self) -> tuple[str, ...]:
        """Names of the columns that must be there."""
        return tuple(c.name for c in self.columns if c.required)

    def help_key(self, column: str) -> str:
        """Key of the sentence that explains the column, for example "sales.quantity"."""
        return f"{self.name}.{column}"


def _text(name: str, *, required: bool = False) -> ColumnSpec:
    return ColumnSpec(name, Kind.TEXT, required)


def _date(name: str, *, required: bool = False) -> ColumnSpec:
    return ColumnSpec(name, Kind.DATE, required)


def _quantity(name: str, *, required: bool = False, least: float | None = 0.0) -> ColumnSpec:
    return ColumnSpec(name, Kind.QUANTITY, required, least)


def _whole(name: str) -> ColumnSpec:
    return ColumnSpec(name, Kind.WHOLE, least=0.0)


def _money(name: str, *, required: bool = False) -> ColumnSpec:
    return ColumnSpec(name, Kind.MONEY, required, 0.0)


def _days(name: str, *, required: bool = False) -> ColumnSpec:
    return ColumnSpec(name, Kind.DAYS, required, 0.0, 3650.0)


def _number(name: str, *, required: bool = False, least: float | None = None) -> ColumnSpec:
    return ColumnSpec(name, Kind.NUMBER, required, least)


def _share(name: str) -> ColumnSpec:
    return ColumnSpec(name, Kind.SHARE, least=0.0, most=1.0)


def _choice(name: str, *choices: str, required: bool = False) -> ColumnSpec:
    return ColumnSpec(name, Kind.CHOICE, required, choices=choices)


ITEM = _text("item", required=True)
LOCATION = _text("location")
DATE = _date("date", required=True)
PROMOTION = ColumnSpec("promotion", Kind.DEPTH, least=0.0, most=1.0)

_SALES = (
    DATE,
    ITEM,
    LOCATION,
    _quantity("quantity", required=True, least=None),
    _money("price"),
    PROMOTION,
    ColumnSpec("in_stock", Kind.FLAG),
    ColumnSpec("hour", Kind.WHOLE, least=0.0, most=23.0),
    _text("channel"),
    _text("order"),
    _text("customer"),
    _text("currency"),
)
_STOCK = (
    ITEM,
    LOCATION,
    _quantity("on_hand", required=True, least=None),
    _quantity("reserved"),
    _text("lot"),
    _date("expires"),
)
_INCOMING = (ITEM, LOCATION, _quantity("quantity", required=True), _date("due", required=True), _text("supplier"))
_ITEMS = (
    ITEM,
    _text("name"),
    _text("category"),
    _text("department"),
    _choice("status", "active", "frozen", "discontinued"),
    _money("unit_cost"),
    _money("price"),
    _money("holding_cost"),
    _number("holding_rate", least=0.0),
    _money("stockout_cost"),
    _choice("shortage", "lost", "backlog"),
    ColumnSpec("service_target", Kind.SHARE, least=0.0, most=1.0, open_ends=True),
    _days("shelf_life_days"),
    _number("volume", least=0.0),
    _number("weight", least=0.0),
    _quantity("min_stock"),
    _quantity("max_stock"),
    _date("launch"),
    _date("end_of_life"),
    _text("replaces"),
)
_SUPPLY = (
    ITEM,
    _text("supplier"),
    LOCATION,
    _days("lead_time_days", required=True),
    _days("lead_time_sd_days"),
    ColumnSpec("review_days", Kind.DAYS, least=1.0, most=3650.0),
    _money("unit_cost"),
    _money("order_cost"),
    _whole("moq"),
    _whole("pack"),
    _whole("max_quantity"),
    _text("currency"),
    _number("duty_rate", least=0.0),
    ColumnSpec("price_breaks", Kind.PRICE_BREAKS),
)
_SUPPLIERS = (
    _text("supplier", required=True),
    _money("min_order_value"),
    _money("order_cost"),
    _number("container_volume", least=0.0),
    ColumnSpec("order_days", Kind.ORDER_DAYS),
    _share("on_time_share"),
)
_LOCATIONS = (
    _text("location", required=True),
    _text("name"),
    _text("kind"),
    _text("region"),
    _text("country"),
    _text("currency"),
    _number("capacity_volume", least=0.0),
    _money("stage_cost"),
    _days("stage_time_days"),
    _days("max_service_time_days"),
)
_NETWORK = (
    _text("source", required=True),
    _text("target", required=True),
    _text("item"),
    ColumnSpec("quantity_per", Kind.NUMBER, least=0.0, open_ends=True),
    _days("lead_time_days"),
    _money("unit_cost"),
    _number("capacity_per_day", least=0.0),
)
_BUNDLES = (
    _text("bundle", required=True),
    ITEM,
    ColumnSpec("quantity", Kind.QUANTITY, required=True, least=0.0, open_ends=True),
)
_PRICES = (DATE, ITEM, LOCATION, _money("price", required=True), PROMOTION, _money("competitor_price"))
_CALENDAR = (
    DATE,
    _text("event", required=True),
    _choice("kind", "festival", "promotion", "closure", "benefit", "other"),
    _text("region"),
    ColumnSpec("uplift_factor", Kind.NUMBER, least=0.0, most=1000.0),
)
_DRIVERS = (DATE, _text("item"), LOCATION, _text("name", required=True), _number("value", required=True))
_OVERRIDES = (
    ITEM,
    LOCATION,
    _date("start", required=True),
    _date("end", required=True),
    _choice("kind", "set", "add", "multiply", "estimate", required=True),
    _number("value", required=True),
    _number("low"),
    _number("high"),
    _text("author", required=True),
    _text("reason", required=True),
)
_RATES = (DATE, _text("currency", required=True), ColumnSpec("rate", Kind.NUMBER, True, 0.0, open_ends=True))  # noqa: FBT003

TABLES: Mapping[str, TableSpec] = MappingProxyType(
    {
        spec.name: spec
        for spec in (
            TableSpec("sales", _SALES, ("date", "item", "location"), tolerant=True, everywhere=False),
            TableSpec("stock", _STOCK, ("item", "location", "lot"), unique=True, everywhere=False),
            TableSpec("incoming", _INCOMING, ("item", "location", "due"), everywhere=False),
            TableSpec("items", _ITEMS, ("item",), unique=True),
            TableSpec("supply", _SUPPLY, ("item", "supplier", "location"), unique=True),
            TableSpec("suppliers", _SUPPLIERS, ("supplier",), unique=True),
            TableSpec("locations", _LOCATIONS, ("location",), unique=True),
            TableSpec("network", _NETWORK, ("source", "target", "item"), unique=True),
            TableSpec("bundles", _BUNDLES, ("bundle", "item"), unique=True),
            TableSpec("prices", _PRICES, ("date", "item", "location"), tolerant=True),
            TableSpec("calendar", _CALENDAR, ("date", "event", "region"), tolerant=True),
            TableSpec("drivers", _DRIVERS, ("date", "item", "location", "name"), tolerant=True),
            TableSpec("overrides", _OVERRIDES, ("item", "location", "start", "kind")),
            TableSpec("rates", _RATES, ("date", "currency"), unique=True),
        )
    }
)
"""Every input table by its name, in the order of the design."""

_ORDER_COLUMNS: Mapping[str, pl.DataType] = {
    "item": pl.String(),
    "location": pl.String(),
    "supplier": pl.String(),
    "order_date": pl.Date(),
    "arrival_date": pl.Date(),
    "quantity": pl.Int64(),
    "unit_cost": pl.Float64(),
    "value": pl.Float64(),
    "expected_gain": pl.Float64(),
    "stockout_risk_before": pl.Float64(),
    "stockout_risk_after": pl.Float64(),
    "reason": pl.String(),
}
_PLACE: Mapping[str, pl.DataType] = {"item": pl.String(), "location": pl.String()}


def _numbers(*names: str) -> dict[str, pl.DataType]:
    return {name: pl.Float64() for name in names}


QUANTILE_COLUMNS: Mapping[str, float] = MappingProxyType(
    {"q05": 0.05, "q10": 0.10, "q25": 0.25, "q50": 0.50, "q75": 0.75, "q90": 0.90, "q95": 0.95}
)
"""Columns of forecast.parquet that hold quantiles, and which."""

OUTPUTS: Mapping[str, Mapping[str, pl.DataType]] = MappingProxyType(
    {
        "orders": _ORDER_COLUMNS,
        "schedule": _ORDER_COLUMNS,
        "levels": {
            **_PLACE,
            **_numbers(
                "reorder_point",
                "order_up_to",
                "lead_time_demand_mean",
                "lead_time_demand_p95",
                "fill_rate",
                "holding_cost",
                "stockout_cost",
            ),
        },
        "forecast": {**_PLACE, "date": pl.Date(), **_numbers("mean", *QUANTILE_COLUMNS)},
        "risks": {
            **_PLACE,
            "kind": pl.String(),
            **_numbers("probability", "units", "value"),
            "by": pl.Date(),
            "reason": pl.String(),
        },
        "transfers": {
            "item": pl.String(),
            "source": pl.String(),
            "target": pl.String(),
            "ship_date": pl.Date(),
            "arrival_date": pl.Date(),
            "quantity": pl.Int64(),
            "expected_gain": pl.Float64(),
            "reason": pl.String(),
        },
        "remarks": {**_PLACE, "remark": pl.String()},
        "cycles": {
            **_PLACE,
            "cycle": pl.String(),
            "start": pl.Date(),
            "end": pl.Date(),
            "kind": pl.String(),
            **_numbers("opening_stock", "order", "incoming", "expected_demand", "expected_short", "closing_stock"),
            "reason": pl.String(),
        },
        "flows": {
            "item": pl.String(),
            "source": pl.String(),
            "target": pl.String(),
            "start": pl.Date(),
            "arrival": pl.Date(),
            **_numbers("units", "shadow_price"),
        },
        "set_aside": {
            "file": pl.String(),
            "row": pl.Int64(),
            "column": pl.String(),
            "value": pl.String(),
            "reason": pl.String(),
        },
    }
)
"""Every output table: its columns in order, with their types.

`transfers`, `remarks`, `cycles` and `flows` are written only where the method makes some.
"""
