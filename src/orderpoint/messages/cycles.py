"""What is said of CIMS's cycles: why stock is built up or run down, and the words of the report's section."""

from __future__ import annotations

from orderpoint.messages.catalogue import Catalogue

CYCLES: Catalogue = {
    # why, one sentence for each cycle
    "build_up_for_peak": (
        "{arriving} arrive and {demand} are expected to sell: stock grows from {opening} to {closing} for {peak}, when {peak_demand} are expected to sell.",
        "到货 {arriving},预计售出 {demand}:库存从 {opening} 增至 {closing},为“{peak}”备货,届时预计售出 {peak_demand}。",
    ),
    "build_up": (
        "{arriving} arrive and {demand} are expected to sell: stock grows from {opening} to {closing}, for more than this cycle.",
        "到货 {arriving},预计售出 {demand}:库存从 {opening} 增至 {closing},不只供本周期使用。",
    ),
    "run_down": (
        "{demand} are expected to sell and {arriving} arrive: stock runs down from {opening} to {closing}.",
        "预计售出 {demand},到货 {arriving}:库存从 {opening} 降至 {closing}。",
    ),
    "run_down_after_peak": (
        "{demand} are expected to sell, less than in {peak} ({peak_demand}), and {arriving} arrive: stock runs down from {opening} to {closing}.",
        "预计售出 {demand},少于“{peak}”的 {peak_demand};到货 {arriving}:库存从 {opening} 降至 {closing}。",
    ),
    "run_down_without_order": (
        "Nothing is to arrive: the stock of {opening} serves the {demand} expected to sell, and {closing} are left.",
        "预计无到货:现有库存 {opening} 可满足预计售出的 {demand},期末剩余 {closing}。",
    ),
    "steady": (
        "{arriving} arrive and {demand} are expected to sell: stock stays at about {closing}.",
        "到货 {arriving},预计售出 {demand}:库存保持在约 {closing}。",
    ),
    "waiting": (
        "Until an order of today can be on sale, {demand} are expected to sell and {arriving} of open orders come in: of {opening} now, {closing} are left.",
        "在今日订单到货前,预计售出 {demand},在途到货 {arriving}:现有 {opening},届时剩余 {closing}。",
    ),
    "short": (" In this cycle about {short} cannot be served.", "本周期约有 {short} 无法满足。"),
    "before_first_order": ("before the first order", "首批订单到货前"),
    # what a cycle does to the stock
    "kind_waiting": ("waiting", "等待到货"),
    "kind_build_up": ("build-up", "备货"),
    "kind_run_down": ("run-down", "消化"),
    "kind_steady": ("steady", "平稳"),
    # the report's section
    "cycles_title": ("Stock over the cycles ahead", "未来各周期的库存"),
    "cycles_text": (
        "What CIMS plans beyond today, up to {end}, where the forecast ends: built up before demand rises, run down after it. Figures are "
        "expected ones; cycles.csv has every item.",
        "CIMS 对今日之后的安排(至预测期末 {end}):需求上升之前备货,之后逐步消化。均为预期值;全部商品见 cycles.csv。",
    ),
    "cycles_sum": (
        "{shown} of {all} item-locations together, in money at cost",
        "{all} 个商品-仓库中的 {shown} 个合计(按成本计)",
    ),
    "cycles_of_items": ("Where most money lies, in units", "占用资金最多的商品(件)"),
    "cycles_reasons": ("Where stock grows most", "备货最多的周期"),
    "cycles_stock": ("stock", "库存"),
    "cycles_order_week": ("new orders arriving, a week", "每周到货的新订单"),
    "cycles_order_month": ("new orders arriving, a month", "每月到货的新订单"),
    "cycles_incoming_week": ("open orders arriving, a week", "每周到货的在途订单"),
    "cycles_incoming_month": ("open orders arriving, a month", "每月到货的在途订单"),
    "cycles_demand_week": ("expected demand, a week", "每周预期需求"),
    "cycles_demand_month": ("expected demand, a month", "每月预期需求"),
    "cycles_event": ("festival or promotion", "节日或促销"),
    "col_cycle": ("Cycle", "周期"),
    "col_from": ("From", "开始"),
    "col_until": ("Until", "结束"),
    "col_opening": ("Opening stock", "期初库存"),
    "col_order": ("Order", "订货"),
    "col_demand": ("Demand", "需求"),
    "col_closing": ("Closing stock", "期末库存"),
}
