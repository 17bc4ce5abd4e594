"""Words of the page that holds forecasts against what came."""

from __future__ import annotations

from orderpoint.messages.catalogue import Catalogue

BACKTEST: Catalogue = {
    "title": ("Forecasts held against what came", "预测与实际对比"),
    "subtitle": (
        "{series} item-locations, {origins} origins from {first} to {last}, {horizon} {period} held back after each; "
        "stock must cover {span} of them.",
        "{series} 个商品-仓库,{origins} 个预测起点({first} 至 {last}),每个起点之后保留 {horizon} 个周期({period});"
        "库存需覆盖其中 {span} 个周期。",
    ),
    "measures_title": ("Accuracy", "预测精度"),
    "measures_text": (
        "Lower is better, but for value added; bias, + where too much was said, is best at 0. {yardstick} is "
        "what every model has to beat. Prices, promotions and the calendar of the periods held back count as known; "
        "overrides are left out.",
        "除增值外,数值越低越好;偏差以 0 为佳(正号表示预测偏高)。{yardstick} 是每个模型必须超过的基准。保留期内的价格、促销和日历视为已知;人工调整不计入。",
    ),
    "wape": ("WAPE", "WAPE"),
    "bias": ("bias", "偏差"),
    "rmsse": ("RMSSE", "RMSSE"),
    "mase": ("MASE", "MASE"),
    "wrmsse": ("WRMSSE", "WRMSSE"),
    "wql": ("quantile loss", "分位数损失"),
    "crps": ("CRPS of the sum", "累计 CRPS"),
    "value_added_wql": ("value added", "预测增值"),
    "cost": ("cost in stock", "库存成本"),
    "model": ("model", "模型"),
    "part": ("part", "部分"),
    "money_title": ("What each forecast would have cost", "各预测对应的库存成本"),
    "money_text": (
        "The same policy ordered for {series} of the series on the last part of the history, once with each forecast, learned from these series alone.",
        "同一策略在最近的历史上为其中 {series} 个序列订货,每个预测各一次,且只从这些序列学习。",
    ),
    "money_none": (
        "The history is too short to replay orders, so there is no cost.",
        "历史太短,无法回放订货,因此没有成本。",
    ),
    "holding": ("holding", "持有"),
    "ordering": ("ordering", "订货"),
    "stockout": ("stockouts", "缺货"),
    "calibration_title": ("Is the spread honest?", "不确定性是否可信"),
    "calibration_text": (
        "Of all sums over {span} periods, the share that came at or below each quantile. On the diagonal the forecast "
        "promises what it keeps; below it stock runs out more often than it says.",
        "在所有 {span} 个周期的累计需求中,实际不超过各分位数的比例。落在对角线上表示预测可信;低于对角线表示缺货比预测更频繁。",
    ),
    "promised": ("promised", "预测"),
    "kept": ("came true", "实际"),
    "steps_title": ("Error over the horizon", "误差随预测步长的变化"),
    "steps_axis": ("periods ahead", "提前周期数"),
    "parts_title": ("By part of the shop", "按商店的部分"),
    "largest_parts": (
        "The {shown} that sell most of {count}; backtest.csv has all.",
        "共 {count} 个,此处为销量最大的 {shown} 个;全部见 backtest.csv。",
    ),
    "by_category": ("By category", "按类别"),
    "by_volume": (
        "By volume: A sells the first 80 % of units, B the next 15 %, C the rest",
        "按销量:A 占前 80%,B 占其后 15%,C 为其余",
    ),
    "by_age": ("By age since the first sale", "按首次销售以来的时间"),
    "under_13": ("under 13 weeks", "不足 13 周"),
    "under_52": ("13 to 52 weeks", "13 至 52 周"),
    "older": ("a year or more", "一年以上"),
    "no_category": ("no category", "无类别"),
    "judged_title": ("Whose judgement helps", "谁的判断有帮助"),
    "judged_text": (
        "Past overrides, each alone on top of {last_model}, as if written in the period before it began. Gain is the quantile "
        "loss saved, drawn to none where there are few overrides; judgement.csv has each of them.",
        "历史人工调整,逐条叠加在 {last_model} 之上,视为在其开始前一周期写下。增益为节省的分位数损失,数量少时向零收缩;逐条结果见 judgement.csv。",
    ),
    "author": ("author", "作者"),
    "overrides": ("overrides", "调整次数"),
    "wape_model": ("WAPE of the model", "模型 WAPE"),
    "wape_judged": ("WAPE with judgement", "调整后 WAPE"),
    "gain": ("gain", "增益"),
    "verdict": ("verdict", "结论"),
    "helps": ("helps", "有帮助"),
    "hurts": ("hurts", "有损害"),
    "unclear": ("unclear", "不明确"),
    "worst_title": ("Where {model} missed the most money", "{model} 误差金额最大的序列"),
    "worst_text": (
        "The last origin: what was known, the forecast with its 50 % and 90 % bands, and what came (dots).",
        "最后一个起点:当时已知的销量、预测及其 50% 与 90% 区间,以及实际销量(圆点)。",
    ),
    "done": (
        "{model}: WAPE {wape}, bias {bias}, RMSSE {rmsse}, quantile loss {wql}, value added {added}{cost}",
        "{model}:WAPE {wape},偏差 {bias},RMSSE {rmsse},分位数损失 {wql},增值 {added}{cost}",
    ),
    "done_cost": (", cost {cost}", ",成本 {cost}"),
}
