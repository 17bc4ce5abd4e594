"""Yes and no, depths of promotions, states and kinds, price breaks and weekdays, in the words that shops use."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import polars as pl

from orderpoint.domain.supply import PriceBreaks, parse_order_days
from orderpoint.ingest.numbers import parse_numbers
from orderpoint.ingest.parsed import Parsed, clean_text, unread

YES = [
    "1",
    "1.0",
    "y",
    "yes",
    "true",
    "t",
    "on",
    "x",
    "✓",
    "√",
    "是",
    "有",
    "真",
    "对",
    "有货",
    "在售",
    "促销",
    "in_stock",
    "instock",
    "available",
]
NO = [
    "0",
    "0.0",
    "n",
    "no",
    "false",
    "f",
    "off",
    "否",
    "无",
    "没有",
    "假",
    "不",
    "缺货",
    "无货",
    "断货",
    "非促销",
    "out_of_stock",
    "outofstock",
    "oos",
    "unavailable",
]

CHOICES: Mapping[str, str] = {
    "active": "on_sale enabled live normal 在售 正常 上架 启用 销售中 有效 出售中",
    "frozen": "hold on_hold paused blocked suspended 冻结 暂停 停采 暂停采购 锁定",
    "discontinued": "ended obsolete inactive delisted archived eol dead 停产 下架 淘汰 停售 已下架 退市 清退",
    "lost": "lost_sales lost_sale 丢失 流失 损失 不等待",
    "backlog": "backorder backorders backordered wait waits 等待 欠货 延期交货 预售 补货",
    "festival": "holiday 节日 假日 大促 节假日",
    "promotion": "promo sale campaign 促销 活动 优惠",
    "closure": "closed shutdown factory_closed supplier_closed 停工 关闭 休假 放假 停业 停产",
    "benefit": "payday snap 补贴 福利 发薪 发薪日",
    "other": "其他 其它",
    "set": "equals 设为 设定 等于",
    "add": "plus 增加 加",
    "multiply": "times factor 乘 倍数",
    "estimate": "three_point guess 估计 预估 三点估计",
}
"""Choice of the contract -> other words for it."""
_WEEKDAYS = {
    "星期": "周",
    "礼拜": "周",
    "周一": "mon",
    "周二": "tue",
    "周三": "wed",
    "周四": "thu",
    "周五": "fri",
    "周六": "sat",
    "周日": "sun",
    "周天": "sun",
}


def parse_flags(column: pl.Series) -> Parsed:
    """Yes and no as Boolean, null where blank."""
    if column.dtype == pl.Boolean:
        return Parsed(column)
    if column.dtype.is_numeric():
        values = (column.cast(pl.Float64).fill_nan(None)).replace_strict(
            {0.0: False, 1.0: True}, default=None, return_dtype=pl.Boolean
        )
        return Parsed(values, unread(column.cast(pl.String), values, "not_a_flag"))
    text = clean_text(column)
    known = {**dict.fromkeys(YES, True), **dict.fromkeys(NO, False)}
    values = (
        text.str.to_lowercase()
        .str.replace_all(r"[\s-]+", "_")
        .replace_strict(known, default=None, return_dtype=pl.Boolean)
    )
    return Parsed(values, unread(text, values, "not_a_flag"))


def parse_depths(column: pl.Series) -> Parsed:
    """Promotions as depths: no is 0, yes is 1 (depth unknown), "20%" and 0.2 and "8折" are 0.2."""
    if column.dtype == pl.Boolean or column.dtype.is_numeric():
        return parse_numbers(column)
    text = clean_text(column)
    numbers = parse_numbers(text, percent=True).values
    flags = parse_flags(text).values.cast(pl.Float64)
    tenths = text.str.extract(r"^(\d(?:\.\d+)?)\s*折$").cast(pl.Float64, strict=False)
    values = numbers.zip_with(numbers.is_not_null(), flags)
    values = values.zip_with(values.is_not_null(), (10.0 - tenths) / 10.0)
    return Parsed(values, unread(text, values, "not_a_depth"))


def parse_choices(column: pl.Series, choices: tuple[str, ...]) -> Parsed:
    """One of `choices`, by its own name or another word for it."""
    text = clean_text(column)
    known = {word: choice for choice in choices for word in (choice, *CHOICES.get(choice, "").split())}
    values = (
        text.str.to_lowercase()
        .str.replace_all(r"[\s-]+", "_")
        .replace_strict(known, default=None, return_dtype=pl.String)
    )
    return Parsed(values, unread(text, values, "not_a_choice", choices=", ".join(choices)))


def parse_price_breaks(column: pl.Series) -> Parsed:
    """Text that `PriceBreaks.parse` reads, checked."""
    return _checked(clean_text(column), PriceBreaks.parse, "not_price_breaks")


def parse_weekdays(column: pl.Series) -> Parsed:
    """Text that `parse_order_days` reads, checked; Chinese weekdays become English ones."""
    text = clean_text(column)
    for word, plain in _WEEKDAYS.items():
        text = text.str.replace_all(word, plain, literal=True)
    return _checked(text.str.replace_all(r"[、，;\s/|]+", ","), parse_order_days, "not_order_days")


def _checked(text: pl.Series, parse: Callable[[str], object], code: str) -> Parsed:
    def reads(cell: str) -> bool:
        try:
            parse(cell)
        except ValueError:
            return False
        return True

    good = [cell for cell in text.unique().drop_nulls().to_list() if reads(cell)]
    values = text.set(~text.is_in(good), None)
    return Parsed(values, unread(text, values, code))
