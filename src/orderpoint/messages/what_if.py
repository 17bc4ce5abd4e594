"""Words of a change of plans held against the plan."""

from __future__ import annotations

from orderpoint.messages.catalogue import Catalogue

WHAT_IF: Catalogue = {
    "title": ("What if: {change}", "假设:{change}"),
    "subtitle": (
        "{series} item-locations changed; {horizon} {period} from {today}.",
        "涉及 {series} 个商品-仓库;自 {today} 起 {horizon} 个周期({period})。",
    ),
    "figures_title": ("Before and after", "变化前后"),
    "figures_text": (
        "Demand, revenue and margin over the horizon, as if all demand were served; orders of today with what they are "
        "expected to cost until the next order arrives.",
        "预测期内的需求、收入和毛利(假设需求全部满足);今日订单及其到下一批订单到货前的预期成本。",
    ),
    "before": ("before", "之前"),
    "after": ("after", "之后"),
    "difference": ("difference", "差额"),
    "demand": ("demand, units", "需求(件)"),
    "revenue": ("revenue", "收入"),
    "margin": ("margin over unit cost", "毛利(扣除单位成本)"),
    "orders": ("units to order today", "今日订货(件)"),
    "order_value": ("to spend today", "今日采购金额"),
    "cost": ("holding, ordering and stockout cost", "持有、订货与缺货成本"),
    "fill_rate": ("fill rate", "满足率"),
    "picture_title": ("Demand of the series that change", "涉及序列的需求"),
    "more_items": ("{items} and {count} more", "{items} 等(另有 {count} 个)"),
    "price_change": ("price {value}", "价格 {value}"),
    "promotion_change": ("promotion of {value}", "促销 {value}"),
    "launch_change": ("launch", "上市"),
    "event_change": ("event {value}", "事件 {value}"),
    "change": ("{what}, {first} to {last}", "{what},{first} 至 {last}"),
    "elasticity": (
        "Elasticity used: {value} (a price 1 % lower sells about {share} % more).",
        "所用价格弹性:{value}(价格降低 1%,销量约增加 {share}%)。",
    ),
    "no_effect": (
        "The change moves no demand: nothing like it lies in the history, or the weeks that were held back did not prove "
        "that it does anything. A table of past prices, or past events of the same name, would teach it.",
        "该变化不影响预测需求:历史中没有类似情况,或留出的历史周未能证明其有效果。提供历史价格表或同名的历史事件即可学习。",
    ),
    "no_stock": (
        "No stock table was given, so what to order, and what it costs, cannot be said.",
        "没有库存表,因此无法给出订货量及其成本。",
    ),
    "no_price": (
        "No price is known, so revenue and margin cannot be said.",
        "没有已知价格,因此无法给出收入和毛利。",
    ),
    "some_prices": (
        "Revenue and margin are those of {count} of the {series} item-locations: of the others no price is known.",
        "收入和毛利只包括 {series} 个商品-仓库中的 {count} 个:其余没有已知价格。",
    ),
    "unseen_price": (
        "The past prices of {count} of the {series} item-locations went from {least} to {most}: how demand answers one so "
        "far outside is not known; what is shown is drawn on from what was seen.",
        "{series} 个商品-仓库中有 {count} 个的历史价格范围为 {least} 至 {most}:超出该范围的价格对需求的影响未知,所示结果为外推。",
    ),
    "done": (
        "{change}: demand {before} to {after} units{more}.",
        "{change}:需求 {before} 变为 {after} 件{more}。",
    ),
    "done_margin": (", margin {value}", ",毛利 {value}"),
    "done_orders": (", orders of today {value} units", ",今日订货 {value} 件"),
}
