"""JD (京东) order reports of the seller's back office."""

from __future__ import annotations

from orderpoint.ingest.profiles.order_lines import OrderForm

FORM = OrderForm(
    name="jd_orders",
    signature=(
        ("订单号", "订单编号"),
        ("商品ID", "商品编号", "SKU编号", "商品SKU"),
        ("商品名称",),
        ("订购数量", "商品数量"),
        ("下单时间", "付款确认时间"),
        ("京东价", "结算金额", "应付金额"),
        ("订单状态",),
    ),
    fields={
        "date": ("下单时间", "付款确认时间"),
        "item": ("货号", "商家SKU", "商品编号", "商品ID", "SKU编号", "商品SKU"),
        "quantity": ("订购数量", "商品数量"),
        "price": ("京东价",),
        "order": ("订单号", "订单编号"),
    },
    product_name=("商品名称",),
    category=("三级类目", "商品类目", "类目"),
    status=("订单状态",),
    dropped={
        "取消|删除|关闭": "order_cancelled",
        "等待付款|未付款": "order_not_paid",
        "退款完成|已退款": "order_refunded",
    },
    personal=(
        "客户姓名",
        "客户地址",
        "联系电话",
        "下单帐号",
        "下单账号",
        "收货人",
        "收货地址",
        "手机",
        "买家备注",
        "发票抬头",
    ),
)
