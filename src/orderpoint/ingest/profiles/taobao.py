"""Taobao and Tmall order reports (宝贝报表, 订单报表), exported from the seller's back office, mostly in GB18030."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from orderpoint.ingest.profiles import cells
from orderpoint.ingest.profiles.base import Converted
from orderpoint.ingest.profiles.columns import Headers
from orderpoint.ingest.profiles.order_lines import OrderForm, drop_by_status, finish, read_lines
from orderpoint.ingest.reading import RawTable

KINDS = "宝贝种类"

FORM = OrderForm(
    name="taobao_orders",
    signature=(
        ("订单编号", "主订单编号", "子订单编号"),
        ("宝贝标题", "商品标题", "标题"),
        ("购买数量", "宝贝总数量", "宝贝数量"),
        ("订单付款时间", "订单创建时间", "付款时间", "创建时间"),
        ("订单状态",),
    ),
    fields={
        "date": ("订单付款时间", "付款时间", "订单创建时间", "创建时间"),
        "item": ("商家编码", "外部系统编号", "商品编码", "商品ID", "宝贝ID"),
        "quantity": ("购买数量", "宝贝数量", "宝贝总数量"),
        "price": ("商品价格", "宝贝价格", "价格", "单价"),
        "order": ("主订单编号", "订单编号", "子订单编号"),
        "channel": ("店铺名称",),
    },
    product_name=("宝贝标题", "商品标题", "标题"),
    category=("类目", "商品类目"),
    status=("订单状态", "退款状态"),
    dropped={
        "交易关闭|已取消|订单取消": "order_cancelled",
        "等待买家付款|未付款|没有创建支付宝交易": "order_not_paid",
        "退款成功|全额退款": "order_refunded",
    },
    personal=(
        "收货人姓名",
        "收货人",
        "收货地址",
        "收货地址 ",
        "联系电话",
        "联系电话 ",
        "联系手机",
        "买家会员名",
        "买家支付宝账号",
        "支付宝账号",
        "买家留言",
        "发票抬头",
    ),
)


@dataclass(frozen=True, slots=True)
class TaobaoOrders:
    """The profile of Taobao's and Tmall's reports, by order or by product line."""

    name: str = FORM.name

    def matches(self, raw: RawTable) -> bool:
        """Whether the headers are those of a Taobao report that has a time in it."""
        return FORM.fits(raw)

    def convert(self, raw: RawTable) -> Converted:
        """The sales; an order report's line that holds several products cannot be split and is set aside."""
        lines = read_lines(raw, FORM)
        kinds = Headers(raw.frame).find(KINDS)
        if kinds is not None:
            several = (cells.number(raw.frame, kinds) > 1).fill_null(value=False)
            rows = lines.frame.filter(several)["row"]
            lines = lines.drop(
                pl.col("row").is_in(rows.implode()), "several_products_in_one_line", kinds, pl.col("_name")
            )
        return finish(drop_by_status(lines, FORM), FORM)
