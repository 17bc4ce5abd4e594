"""Findings of the data-quality report (`orderpoint check`): one sentence each, what it means and what to do."""

from __future__ import annotations

from orderpoint.messages.catalogue import Catalogue

SEVERITIES: Catalogue = {
    "info": ("for information", "提示"),
    "warning": ("look at it", "请留意"),
    "problem": ("to be put right", "需要处理"),
}

FINDINGS: Catalogue = {
    "coverage": (
        "{rows} rows of sales from {first} to {last}: {items} items at {locations} locations.",
        "销售记录 {rows} 行,{first} 至 {last}:{items} 个商品,{locations} 个仓库。",
    ),
    "sparse_items": (
        "{count} item-locations ({share}) sold in fewer than {least} periods; they are forecast with the help of similar items: {examples}.",
        "{count} 个商品-仓库({share})有销售的周期不足 {least} 个,将借助相似商品预测:{examples}。",
    ),
    "no_price": (
        "{count} rows of sales ({share}) have no price; the value of a lost sale is less certain for them.",
        "{count} 行销售({share})没有价格,其缺货损失较难估计。",
    ),
    "no_stock_table": (
        "There is no stock table: the plan gives levels, and no orders.",
        "没有库存表:计划只给出库存水位,不给出订单。",
    ),
    "no_stock_row": (
        "{count} items sold in the last {days} days ({share}) have no row in stock; they count as having none: {examples}.",
        "最近 {days} 天有销售的商品中 {count} 个({share})在库存表中没有记录,按零库存计:{examples}。",
    ),
    "no_cost": (
        "{count} items ({share}) have no unit cost; 0.6 of the median price is assumed, or 1 where no price is known: {examples}.",
        "{count} 个商品({share})没有单位成本,按中位价格的 0.6 倍估计(没有价格时按 1):{examples}。",
    ),
    "no_lead_time": (
        "{count} items ({share}) have no lead time; 14 days are assumed: {examples}.",
        "{count} 个商品({share})没有采购周期,按 14 天估计:{examples}。",
    ),
    "not_in_catalogue": (
        "{count} items sold ({share}) are not in the items table: {examples}.",
        "{count} 个已售商品({share})不在商品表中:{examples}。",
    ),
    "gap": (
        "No sale at all on {count} days, in {runs} stretches longer than the shop usually pauses: {examples}. Is a file missing?",
        "有 {count} 天完全没有销售,共 {runs} 段,长于平常的间歇:{examples}。是否缺少文件?",
    ),
    "closed_weekday": ("Nothing (or next to nothing) is ever sold on {examples}.", "{examples} 从不(或几乎不)销售。"),
    "repeated_lines": (
        "{count} lines ({share}) repeat another line of their order exactly. They count; look whether they were exported twice.",
        "{count} 行({share})与同一订单的另一行完全相同。已计入,请确认是否重复导出。",
    ),
    "repeated_days": (
        "{count} rows ({share}) share date, item and location with another row; they are added up: {examples}.",
        "{count} 行({share})的日期、商品和仓库与另一行相同,已相加:{examples}。",
    ),
    "large_quantities": (
        "{count} rows are more than {times} times their item's usual quantity; they hold {share} of all units. Largest: {examples}.",
        "{count} 行的数量超过该商品平常数量的 {times} 倍,占全部件数的 {share}。最大的有:{examples}。",
    ),
    "odd_prices": (
        "{count} rows ({share}) have a price more than {times} times above or below their item's usual one: {examples}.",
        "{count} 行({share})的价格与该商品平常价格相差 {times} 倍以上:{examples}。",
    ),
    "negative_stock": (
        "{count} rows of stock ({share}) are below zero; they count as demand that waits. Recount: {examples}.",
        "{count} 行库存({share})为负数,按待满足的需求计。请盘点:{examples}。",
    ),
    "future_dates": (
        "{count} rows ({share}) are dated on or after {today} and were not read; the last is of {last}.",
        "{count} 行({share})的日期不早于 {today},未读取;最晚为 {last}。",
    ),
    "lonely_dates": (
        "{count} rows are dated far from all others: {examples}. A wrong year moves the day from which is planned.",
        "{count} 行的日期远离其他数据:{examples}。年份写错会改变计划的起始日。",
    ),
    "mixed_currencies": (
        "Prices come in {count} currencies ({examples}); all are converted to the home currency.",
        "价格有 {count} 种货币({examples}),均已换算为本位币。",
    ),
    "suspected_stockouts": (
        "{count} item-locations stopped selling in a way their own rate makes implausible: {share} of all periods are taken for stockouts, "
        "not for missing demand. Longest: {examples}.",
        "{count} 个商品-仓库出现与其销售速度不符的停销:{share} 的周期被推断为缺货而非没有需求。最长的有:{examples}。",
    ),
    "given_stockouts": (
        "{count} item-locations were out of stock in {share} of all periods, as the input says; their demand is taken as at least the sales.",
        "根据输入,{count} 个商品-仓库在 {share} 的周期内缺货;其需求视为不少于销量。",
    ),
    "level_up": (
        "{count} item-locations sell lastingly more than before: {examples}.",
        "{count} 个商品-仓库的销量持续上升:{examples}。",
    ),
    "level_down": (
        "{count} item-locations sell lastingly less than before: {examples}.",
        "{count} 个商品-仓库的销量持续下降:{examples}。",
    ),
    "ended": (
        "{count} item-locations ({share}) have not sold for {days} days or more. If they are discontinued, say so in items.status: {examples}.",
        "{count} 个商品-仓库({share})已 {days} 天以上没有销售。如已停售,请在 items.status 中注明:{examples}。",
    ),
    "returns": (
        "{count} returns and cancellations were netted against the sales they take back ({share} of all units sold).",
        "{count} 笔退货和取消已与对应的销售相抵(占售出件数的 {share})。",
    ),
    "returned_bulk": (
        "{count} very large orders came back as a whole and count for nothing: {examples}.",
        "{count} 笔超大订单被整单退回,不计入需求:{examples}。",
    ),
    "overlap": (
        "{count} rows ({share}) of two overlapping exports or sheets were counted once.",
        "两份重叠的导出或工作表中有 {count} 行({share})只计一次。",
    ),
    "no_products": (
        "{count} rows ({share}) are fees, vouchers, samples, tests or manual entries, no products: {examples}.",
        "{count} 行({share})为费用、代金券、样品、测试或手工录入,不是商品:{examples}。",
    ),
    "stock_records": (
        "{count} rows ({share}) record stock or bookkeeping and sell nothing.",
        "{count} 行({share})为库存或记账记录,不是销售。",
    ),
    "cancelled_orders": (
        "{count} rows ({share}) belong to orders that were cancelled, not paid or refunded.",
        "{count} 行({share})属于已取消、未付款或已退款的订单。",
    ),
    "unbelievable_rows": (
        "{count} rows ({share}) could not be believed and were set aside: {examples}.",
        "{count} 行({share})无法采信,已搁置:{examples}。",
    ),
}

WEEKDAYS: Catalogue = {
    "0": ("Monday", "星期一"),
    "1": ("Tuesday", "星期二"),
    "2": ("Wednesday", "星期三"),
    "3": ("Thursday", "星期四"),
    "4": ("Friday", "星期五"),
    "5": ("Saturday", "星期六"),
    "6": ("Sunday", "星期日"),
}
