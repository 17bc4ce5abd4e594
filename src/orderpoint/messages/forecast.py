"""Words of the page that shows a forecast."""

from __future__ import annotations

from orderpoint.messages.catalogue import Catalogue

FORECAST: Catalogue = {
    "title": ("Demand forecast from {today}", "自 {today} 起的需求预测"),
    "subtitle": (
        "{series} item-locations, history from {first}, {count} periods ({period}); {horizon} ahead by {model}: {units} units.",
        "{series} 个商品-仓库,历史自 {first} 起共 {count} 个周期({period});由 {model} 预测未来 {horizon} 个周期:共 {units} 件。",
    ),
    "fans_title": ("The series with the most money", "金额最大的序列"),
    "fans_text": (
        "Sales, and the forecast's median with its 50 % and 90 % bands; grey where stock was out and sales hide demand.",
        "销量,以及预测中位数与 50%、90% 区间;灰色表示缺货,销量不代表需求。",
    ),
    "weights_title": ("Which models speak", "各模型的权重"),
    "weights_text": (
        "Weights come from rolling origins of the shop's own history, series by series; the mean over all series.",
        "权重来自商店自身历史的滚动起点,逐序列计算;此处为所有序列的平均。",
    ),
    "ending_title": ("Demand that is running out", "正在消退的需求"),
    "ending_text": (
        "Series that fall week after week, by more than their noise, whatever model forecasts them above: the units that are still expected, for ever, and the "
        "day after which no more than one is. phase_outs.csv has all.",
        "逐周下降且超出噪声的序列(与上面所用的模型无关):预计此后总共还能售出的件数,以及此后预计不超过一件的日期。全部见 phase_outs.csv。",
    ),
    "ending_item": ("item", "商品"),
    "ending_location": ("location", "仓库"),
    "ending_change": ("change a week", "每周变化"),
    "ending_remaining": ("units to come", "剩余需求"),
    "ending_band": ("90 % band", "90% 区间"),
    "ending_never": ("beyond ten years", "十年以后"),
    "ending_last": ("last day", "最后一日"),
    "others": ("all others", "其余"),
    "done": (
        "Forecast {series} item-locations from {today}, {horizon} periods, by {model}: {units} units.",
        "已从 {today} 起用 {model} 预测 {series} 个商品-仓库的 {horizon} 个周期:共 {units} 件。",
    ),
}
