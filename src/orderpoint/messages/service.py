"""What is said of service: targets that an order does not reach, and options of service that are worded wrongly."""

from __future__ import annotations

from orderpoint.messages.catalogue import Catalogue

SERVICE_REMARKS: Catalogue = {
    "target_cut_short": ("The target {of} of {target} is not reached: the limits of the plan leave {reached}, {points} points short.", "未达到目标 {of}({target}):在计划的限制下只能达到 {reached},差 {points} 个百分点。"),
    "target_out_of_reach": ("The target {of} of {target} is out of reach: no order that may be placed today brings more than {reached}, {points} points short.", "无法达到目标 {of}({target}):今天可下的任何订单最多达到 {reached},差 {points} 个百分点。"),
}  # fmt: skip
"""Code of a `tables.decisions.Remark` of MAXSERV -> what is said of it."""

SERVICE_FAULTS: Catalogue = {
    "service_measure": ("there is no such measure of service", "没有这种服务指标"),
    "service_measure.remedy": ("Use one of: {choices}.", "请使用其中之一:{choices}。"),
    "service_target_name": ("the target names nothing that can have one", "目标的对象无法识别"),
    "service_target_name.remedy": ("Write 0.95 for all, category:shoes=0.97, or class:AX=0.98 with one of: {classes}.", "请写成 0.95(全部)、category:shoes=0.97,或 class:AX=0.98,类别可为:{classes}。"),
    "service_target_share": ("the target is no share above 0 and below 1", "目标不是大于 0 且小于 1 的比例"),
    "service_target_share.remedy": ("Write 0.97 or 97%.", "请写成 0.97 或 97%。"),
    "service_target_twice": ("there are two targets for the same", "同一对象有两个目标"),
    "service_target_twice.remedy": ("Keep one of them.", "请只保留一个。"),
    "service_category": ("no item is of this category", "没有商品属于该类别"),
    "service_category.remedy": ("Did you mean: {nearest}?", "是否指:{nearest}?"),
    "service_orders": ("this is no number of orders", "这不是订单数量"),
    "service_orders.remedy": ("Write a whole number of at least 1, such as 40 (lines) or 5:suppliers.", "请填写不小于 1 的整数,例如 40(订单行)或 5:suppliers(供应商)。"),
}  # fmt: skip
"""Code of a fault of --measure, --target, --orders -> what is wrong; code + ".remedy" -> what to do."""
