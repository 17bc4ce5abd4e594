"""Words of the page that takes a forecast apart."""

from __future__ import annotations

from orderpoint.messages.catalogue import Catalogue

EXPLAIN: Catalogue = {
    "title": ("What the forecast of {what} rests on", "{what} 的预测依据"),
    "subtitle": (
        "{horizon} {period} from {today}: {units} units expected, 90 % between {low} and {high}; by {model}.",
        "自 {today} 起 {horizon} 个周期({period}):预计 {units} 件,90% 区间 {low} 至 {high};模型 {model}。",
    ),
    "parts_title": ("The parts of the forecast", "预测的组成"),
    "parts_text": (
        "Units over the whole horizon. The parts add up to the forecast; what differs from period to period is drawn below.",
        "整个预测期的件数。各部分之和等于预测;各周期之间的差异见下图。",
    ),
    "picture_title": ("Period by period", "逐周期"),
    "picture_text": (
        "The level that all parts but season and plans make (grey), and the forecast (green).",
        "灰色为除季节与计划之外各部分形成的水平,绿色为预测。",
    ),
    "recent": ("the pace of the last eight weeks, as recorded, carried on", "按最近八周记录的销售速度延续"),
    "hidden": ("demand that stockouts hid", "缺货隐藏的需求"),
    "level": ("level, trend and time of year", "水平、趋势与年度时间"),
    "season": ("differences between the periods", "各周期之间的差异"),
    "price": ("planned prices", "计划价格"),
    "promotion": ("planned promotions", "计划促销"),
    "event": ("calendar", "日历事件"),
    "driver": ("drivers (weather, traffic and the like)", "驱动因素(天气、客流等)"),
    "judgement": ("overrides", "人工调整"),
    "forecast": ("forecast", "预测"),
    "without": ("level", "水平"),
    "sentence": (
        "{what} sold {recent} a {period_one} of late; {units} are expected over {horizon} {period}: {pace} at that pace, "
        "{parts}.",
        "{what} 近期每{period_one}售出 {recent} 件;预计 {horizon} 个周期({period})共 {units} 件:按此速度 {pace} 件,{parts}。",
    ),
    "between": (", ", "，"),
    "axis": ("units a period", "每周期件数"),
    "part_said": ("{change} by {part}", "{part} {change}"),
    "nothing_said": ("and hardly anything beside it", "其他影响很小"),
    "period_one_day": ("day", "天"),
    "period_one_week": ("week", "周"),
    "period_one_month": ("month", "月"),
}
