"""What is said of SCOLLAB's network: who sends what where, what shared information is worth, and who supplies."""

from __future__ import annotations

from orderpoint.messages.catalogue import Catalogue

NETWORK: Catalogue = {
    "network_title": ("The network ahead", "未来的供应网络"),
    "flows_title": ("Who sends how much where", "由谁向哪里发多少"),
    "flows_text": (
        "The flow of least cost through the network for the demand expected up to {end}, with lead times and capacities: today as decided, then "
        "as places would buy and ship anew each period. It covers {planned} of the {networks} items with a network, those of the most valuable "
        "demand; flows.csv has each of them, period by period. Review days, lots and the space that items share are left out.",
        "在满足运输时间与运力的前提下,按截至 {end} 的预期需求计算成本最低的网络流量:今日按决定执行,之后各地点每期重新采购和发货。涵盖 {networks} 个有网络的商品中需求价值最高的 {planned} 个;逐期明细见 flows.csv。未考虑订货日、包装规格和共用库容。",
    ),
    "col_items": ("Items", "商品数"),
    "col_today": ("Today", "今日"),
    "col_later": ("From {start}", "自 {start} 起"),
    "col_flow_value": ("At cost", "按成本计"),
    "col_dearest": ("Dearest unit more", "多一件的最高代价"),
    "dearest": ("{price} ({item}, {day})", "{price}({item},{day})"),
    "dearest_text": (
        "“Dearest unit more” is what one more unit of demand at the receiving place would cost on the day on which the goods arrive, at the item and "
        "day where it costs most: high where stock is short and nothing can come in time, or a way is full.",
        "“多一件的最高代价”指收货地点在到货日多出一件需求所需的成本,取最高的商品和日期:库存不足且来不及补货,或运力已满时较高。",
    ),
    "sharing_title": ("Each for himself, or all from what customers buy", "各自预测,还是共享客户需求"),
    "sharing_text": (
        "The same demand ahead, played twice over {periods} periods: each stage forecasts from the orders that it receives, or all from what customers "
        "buy, both by a moving average of {window} periods. Orders that swing more than demand are the bullwhip. Where places are alike in their distance "
        "from the customers they are one stage; unmet demand waits in this play.",
        "对同一未来需求进行两次 {periods} 期的模拟:各环节按收到的订单预测,或全部按客户购买量预测,均取 {window} 期移动平均。订单波动大于需求即为牛鞭效应。与客户距离相同的地点视为同一环节;此模拟中未满足的需求等待补货。",
    ),
    "sharing_sum": (
        "A {period} costs {alone} if each plans for himself and {shared} with shared information: {saved}.",
        "每{period}成本:各自预测 {alone},共享信息 {shared}:{saved}。",
    ),
    "sharing_saves": ("sharing saves {share}", "共享可节省 {share}"),
    "sharing_costs": ("sharing costs {share} more here", "此处共享反而多 {share}"),
    "col_stage": ("Stage", "环节"),
    "col_items_of": ("Items", "商品数"),
    "col_swing_alone": ("Orders' variance over demand's, alone", "订单方差/需求方差(各自)"),
    "col_swing_shared": ("shared", "共享"),
    "col_holding_alone": ("Holding a {period}, alone", "每{period}持有成本(各自)"),
    "col_holding_shared": ("shared", "共享"),
    "way_alone": ("each for himself", "各自预测"),
    "way_shared": ("shared information", "共享信息"),
    "one_day": ("day", "日"),
    "one_week": ("week", "周"),
    "one_month": ("month", "月"),
    "sourcing_title": ("Which supplier for how much", "向谁采购多少"),
    "sourcing_text": (
        "Items that several suppliers offer, {shown} of {all}: how today's order is split, from cost, lead time, reliability and least orders. Below each item "
        "stands what would be best if demand went on like this; its costs count goods, stock and the waiting of customers.",
        "有多家供应商的商品({all} 个中的 {shown} 个):根据成本、交期、准时率和最小订货量分配今日订货。每个商品下方为需求持续如此时的长期最优安排,成本含货款、库存和客户等待。",
    ),
    "col_supplier": ("Supplier", "供应商"),
    "col_lead": ("Lead time, days", "交期(天)"),
    "col_on_time": ("On time", "准时率"),
    "col_price": ("Unit cost", "单位成本"),
    "col_least": ("Least order", "最小订货"),
    "col_split": ("Today", "今日"),
    "least_units": ("{units} units", "{units} 件"),
    "least_money": ("{money} in all", "合计 {money}"),
    "lasting_both": (
        "For good: {steady} a {period} from {slow}, and up to {level} from {quick}: {cost} a {period}; {other}.",
        "长期:每{period}从 {slow} 固定采购 {steady},其余由 {quick} 补足至 {level}:每{period} {cost};{other}。",
    ),
    "lasting_slow": (
        "For good: all from {slow}, up to {level}: {cost} a {period}; {other}.",
        "长期:全部向 {slow} 采购,补足至 {level}:每{period} {cost};{other}。",
    ),
    "lasting_quick": (
        "For good: all from {quick}, up to {level}: {cost} a {period}; {other}.",
        "长期:全部向 {quick} 采购,补足至 {level}:每{period} {cost};{other}。",
    ),
    "other_both": ("{cost} from both", "两家并用 {cost}"),
    "other_slow": ("{cost} from {slow} alone", "只用 {slow} {cost}"),
    "other_quick": ("{cost} from {quick} alone", "只用 {quick} {cost}"),
    "and": (", ", ","),
}  # fmt: skip
