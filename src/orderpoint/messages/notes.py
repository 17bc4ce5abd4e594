"""Repairs and remarks on what was read: nothing is dropped or changed in silence."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from orderpoint.messages.catalogue import Catalogue, Language, say
from orderpoint.messages.drift import DRIFT
from orderpoint.messages.repairs import REPAIRS

NOTES: Catalogue = {
    "forecast_in_parts": (
        "Within --memory {memory} the forecast was made in {parts} parts of up to {series} series; what series share was learned from each part by itself.",
        "在 --memory {memory} 限制内,预测分 {parts} 部分进行,每部分最多 {series} 个序列;序列间的共性在各部分内分别学习。",
    ),
    "forecast_chosen": (
        "Forecast by {used}: at held-out origins no other would have led to stock that costs clearly less ({tried}).",
        "使用 {used} 预测:在留出的预测起点上,没有其他预测的库存成本明显更低({tried})。",
    ),
    "drivers_end": ("Drivers end before {last}: {drivers}. After that, what is usual at that time of year is assumed.", "驱动因素在 {last} 之前结束:{drivers}。之后按该时节的通常水平估计。"),
    "drivers_over": ("Drivers end before {today}: {drivers}. No forecast of the days ahead was made from them; give their days ahead to have them used.", "驱动因素在 {today} 之前已结束:{drivers}。对未来的预测没有使用它们;如需使用,请补充未来的数值。"),
    "dates_far_apart": (
        "{count} rows are dated far from all others ({examples}): a wrong year stretches the history or moves today (now {today}). Correct it, or say --today.",
        "{count} 行的日期远离其他数据({examples}):年份写错会拉长历史或改变今天(现为 {today})。请更正,或用 --today 指定。",
    ),
    "promotions_not_planned": ("Sales tell of promotions, but none is planned in the table prices: the forecast is one without promotions.", "销售记录中有促销,但价格表中没有计划促销:预测按无促销计算。"),
    "limits_today_only": ("Budget, space and suppliers' terms bind the orders of today; the orders of later days are played by the levels alone.", "预算、空间和供应商条件只约束今日订单;之后的订单仅按水位模拟。"),
    "played_from_nothing": ("No stock table was given, so the days to come begin with empty shelves.", "没有提供库存表,因此模拟从零库存开始。"),
    "arcs_of_unknown_items": ("{count} arcs speak of items that are neither sold nor held; they were left out.", "{count} 条供货关系涉及既无销售也无库存的商品,已忽略。"),
    "network_unused": ("The plan by {method} orders for each place by itself; --method scollab plans the network as a whole.", "{method} 按各地点分别订货;--method scollab 可对整个网络统一计划。"),
    "closures_of_no_supplier": (
        "Closures of {regions} name no supplier, so they lengthen no lead time; leave region empty for all suppliers.",
        "停业记录中的 {regions} 不是供应商名称,不影响采购周期;对所有供应商生效请将 region 留空。",
    ),
    "stock_rows_absent": (
        "{count} item-locations that sell have no row in the stock table and count as holding nothing ({items}).",
        "{count} 个有销售的商品-仓库在库存表中没有记录,按零库存计({items})。",
    ),
    "limits_conflict": (
        "{count} item-locations have limits that contradict each other ({limits}), so nothing is ordered for them: {items}.",
        "{count} 个商品-仓库的限制互相矛盾({limits}),因此不订货:{items}。",
    ),
    "files_not_read": ("Not read, as they are no table by their name: {files}.", "以下文件名不是表名,未读取:{files}。"),
    "personal_not_kept": ("Personal columns were not kept: {columns}.", "未保留个人信息列:{columns}。"),
    "customers_numbered": ("Mail addresses of {count} customers were replaced by numbers.", "{count} 位客户的邮箱已替换为编号。"),
    "columns_not_used": ("Columns that are not used: {columns}.", "未使用的列:{columns}。"),
    "repeated_rows_last_kept": ("{count} rows repeat an earlier one; the last of each was used.", "{count} 行与前面的行重复;每组使用最后一行。"),
    "rate_before_first": ("{count} rows are older than all rates; the first rate was used for them.", "{count} 行早于所有汇率日期;使用了最早的汇率。"),
    "bundles_exploded": ("{rows} sales of bundles were counted as {components} sales of their components.", "{rows} 行组合销售已拆分为 {components} 行组件销售。"),
    "places_pooled": ("The sales name no place: the rows of {places} were pooled as '{place}'.", "销售表没有地点:{places} 的数据已合并为“{place}”。"),
    "items_not_in_catalogue": ("{count} items were sold and are not in the items table ({examples}).", "{count} 个商品有销售但不在商品表中({examples})。"),
    "items_in_no_other_table": ("{count} items are in no other table ({examples}).", "{count} 个商品在其他表中都没有({examples})。"),
    "net_returns_clipped": ("In {count} periods more came back than was sold ({units} units); they count as zero.", "{count} 个周期的退货多于销售({units} 件),按零计。"),
    "history_ends_early": ("The sales end on {last}, before {today}: the days between say nothing.", "销售数据截至 {last},早于 {today}:其间的日子视为未知。"),
    "lots_expired": ("{lots} lots have expired and do not count ({units} units: {items}).", "{lots} 个批次已过期,不计入库存({units} 件:{items})。"),
    "stock_negative": ("Stock is below zero for {count} series ({items}): these units are owed to customers.", "{count} 个商品的库存为负({items}):这些件数为欠客户的数量。"),
    "orders_overdue": ("{count} orders on their way are overdue ({units} units: {items}); they count as arriving today.", "{count} 个在途订单已逾期({units} 件:{items}),按今日到货计。"),
    **DRIFT,
    **REPAIRS,
}  # fmt: skip
"""Code of an `ingest.reading.Note` -> what is said of it."""


def note_line(file: str, code: str, details: Mapping[str, str], language: Language = Language.EN) -> str:
    """One line for a note: its file, and the sentence with its blanks filled (those it does not know stay empty).

    An unknown code is shown as it is.
    """
    known = f"{code} " + ", ".join(f"{key} {value}" for key, value in details.items())
    said = say(NOTES, code, language).format_map(defaultdict(str, details)) if code in NOTES else known.strip()
    colon = ": " if language is Language.EN else "\uff1a"
    return f"{file}{colon}{said}" if file else said
