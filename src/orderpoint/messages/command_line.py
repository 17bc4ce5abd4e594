"""Words of the command line: help texts, progress and what is printed at the end."""

from __future__ import annotations

from orderpoint.messages.catalogue import Catalogue

COMMAND_LINE: Catalogue = {
    "reading": ("Reading {what}", "读取 {what}"),
    "bucketing": ("Counting sales per item, location and period", "按商品、仓库和周期汇总销量"),
    "forecasting": ("Forecasting demand", "预测需求"),
    "learning_from_past": ("Trying out the orders on the past", "用历史试算订货"),
    "deciding": ("Deciding what to order", "计算订货方案"),
    "playing": ("Playing the days to come", "模拟未来"),
    "compared": (
        "{method}: cost {cost} ± {width}, fill rate {fill}, turnover {turnover}{apart}",
        "{method}:成本 {cost} ± {width},满足率 {fill},周转 {turnover}{apart}",
    ),
    "apart": (" ({apart} ± {width} to {first})", "(与 {first} 相差 {apart} ± {width})"),
    "confirmed": (
        "The plan expects a cost of {expected} until the next orders arrive; {paths} fresh paths show {simulated} ± {width}: {verdict}.",
        "计划预期到下一批订单到货前成本为 {expected};{paths} 条新路径的结果为 {simulated} ± {width}:{verdict}。",
    ),
    "verdict_holds": ("it keeps its word", "与预期一致"),
    "verdict_differs": ("it does not keep its word", "与预期不符"),
    "verdict_unclear": ("too few paths to tell", "路径太少,无法判断"),
    "testing_past": ("Replaying the last part of the history", "用最近的历史回测"),
    "writing": ("Writing results", "写入结果"),
    "mapped": ("{file} [{table}]: {columns}", "{file} [{table}]:{columns}"),
    "read_as": ("{file}: {table}, {rows} rows{form}", "{file}:{table},{rows} 行{form}"),
    "not_read": ("{file}: not read ({reason})", "{file}:未读取({reason})"),
    "more_notes": ("... and {count} more remarks; the report has them all.", "……另有 {count} 条说明,全部见报告。"),
    "planned": (
        "Planned {series} item-locations ({items} items) from {today}: order lines {orders}, worth {value}.",
        "已从 {today} 起为 {series} 个商品-仓库({items} 个商品)制定计划:订单行 {orders},金额 {value}。",
    ),
    "no_stock": (
        "No stock table was given, so the levels are the answer and there are no orders.",
        "没有提供库存表,因此结果是库存水位,没有订单。",
    ),
    "transfers_in": (
        "Transfers between places: {count}; transfers.csv has them.",
        "地点间调拨:{count} 笔,见 transfers.csv。",
    ),
    "remarks_in": (
        "Remarks on what rules, targets and limits did: {count}; remarks.csv has them.",
        "规则、目标与限制的说明:{count} 条,见 remarks.csv。",
    ),
    "set_aside": (
        "{count} rows were set aside; set_aside.csv says which and why.",
        "有 {count} 行被搁置;原因见 set_aside.csv。",
    ),
    "aside_for": ("Set aside, {rows} rows: {reason}", "搁置 {rows} 行:{reason}"),
    "templates_kept": ("Left as they were: {files}", "已存在,未改动:{files}"),
    "at_risk": (
        "At risk: {stockouts} may run out, {overstocks} are overstocked.",
        "风险:{stockouts} 个可能缺货,{overstocks} 个积压。",
    ),
    "results_in": ("Results: {folder}", "结果:{folder}"),
    "report_at": ("Report: {path}", "报告:{path}"),
    "serving": ("The report is at {url} (Ctrl-C ends it)", "报告地址:{url}(按 Ctrl-C 结束)"),
    "templates_in": (
        "Wrote {count} templates to {folder}. Fill in what you have and delete the rest.",
        "已在 {folder} 写入 {count} 个模板。填写您有的数据,删除其余文件。",
    ),
    "demo_inventing": (
        "Inventing a shop of {items} items at {locations} locations",
        "虚构一家有 {items} 个商品、{locations} 个仓库的商店",
    ),
    "demo_shop_in": ("The invented shop's files: {folder}", "虚构商店的文件:{folder}"),
}
