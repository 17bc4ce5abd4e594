# ruff: noqa: E501 - one category, one paragraph; a Chinese character counts as two columns
"""What things are called in the invented shop, in English and Chinese: categories, items, places, suppliers."""

from __future__ import annotations

import dataclasses
from typing import Final


@dataclasses.dataclass(frozen=True)
class Category:
    """One category and what is typical of it.

    Attributes:
        name: English and Chinese name.
        department: English and Chinese name of its department.
        profile: which weekday and yearly profile of `fitted` it follows ("food", "hobby", "household").
        seasonal_peak_month: month of the yearly peak where the category is strongly seasonal, else 0.
        price: median price in home currency.
        margin: share of the price above unit cost.
        litres: median volume of a unit; kilograms follow from it by `density`.
        density: kilograms a litre.
        elasticity_shift: of the category's mean elasticity from that of all.
        appetite: factor on the log lift of festivals.
        shelf_life_days: range for items that expire, or None.
        per_degree: change of log demand for a degree Celsius above the place's mean.
        nouns: English and Chinese nouns.
    """

    name: tuple[str, str]
    department: tuple[str, str]
    profile: str
    seasonal_peak_month: int
    price: float
    margin: float
    litres: float
    density: float
    elasticity_shift: float
    appetite: float
    shelf_life_days: tuple[int, int] | None
    per_degree: float
    nouns: tuple[tuple[str, str], ...]


def _words(english: str, chinese: str) -> tuple[tuple[str, str], ...]:
    return tuple(zip(english.split("|"), chinese.split("|"), strict=True))


_HOME, _FOOD, _LEISURE = ("Home", "家居"), ("Food", "食品"), ("Leisure", "休闲")
_TECH, _FASHION, _CARE = ("Electronics", "数码"), ("Fashion", "服饰"), ("Care", "个护")

CATEGORIES: Final = (
    Category(("Kitchen", "厨房用品"), _HOME, "household", 0, 18.0, 0.45, 2.5, 0.5, 0.2, 0.9, None, 0.0,
             _words("Chopping board|Kettle|Lunch box|Knife set|Spice rack|Mixing bowl|Tea strainer|Storage jar", "砧板|水壶|饭盒|刀具套装|调料架|打蛋盆|茶漏|储物罐")),
    Category(("Phone accessories", "手机配件"), _TECH, "hobby", 0, 12.0, 0.55, 0.3, 0.4, -0.5, 1.3, None, 0.0,
             _words("Phone case|Charging cable|Power bank|Screen film|Car mount|Earphones|Fast charger|Selfie stick", "手机壳|充电线|充电宝|钢化膜|车载支架|耳机|快充头|自拍杆")),
    Category(("Tea and coffee", "茶与咖啡"), _FOOD, "food", 0, 11.0, 0.40, 1.0, 0.5, 0.4, 0.7, (120, 360), -0.004,
             _words("Green tea|Oolong tea|Coffee beans|Drip coffee|Jasmine tea|Black tea|Cold brew|Matcha", "绿茶|乌龙茶|咖啡豆|挂耳咖啡|茉莉花茶|红茶|冷萃咖啡|抹茶粉")),
    Category(("Toys", "玩具"), _LEISURE, "hobby", 12, 16.0, 0.45, 3.0, 0.3, -0.2, 1.2, None, 0.0,
             _words("Building blocks|Jigsaw puzzle|Plush bear|Toy train|Board game|Kite|Doll house|Magic cube", "积木|拼图|毛绒熊|玩具火车|桌游|风筝|娃娃屋|魔方")),
    Category(("Skin care", "护肤"), _CARE, "household", 0, 21.0, 0.60, 0.4, 0.9, -0.1, 1.4, (365, 720), 0.0,
             _words("Face cream|Sun lotion|Cleansing foam|Sheet mask|Hand cream|Toner|Eye serum|Lip balm", "面霜|防晒乳|洁面乳|面膜|护手霜|爽肤水|眼部精华|润唇膏")),
    Category(("Outdoor", "户外"), _LEISURE, "hobby", 6, 32.0, 0.42, 6.0, 0.3, 0.1, 0.9, None, 0.012,
             _words("Camping lamp|Folding chair|Rain jacket|Water bottle|Hiking poles|Picnic mat|Tent|Head torch", "露营灯|折叠椅|冲锋衣|运动水壶|登山杖|野餐垫|帐篷|头灯")),
    Category(("Snacks", "零食"), _FOOD, "food", 0, 5.0, 0.35, 0.8, 0.4, 0.3, 0.8, (60, 180), 0.0,
             _words("Roasted nuts|Rice crackers|Dried mango|Sesame bars|Seaweed crisps|Plum candy|Oat biscuits|Chocolate", "坚果|米饼|芒果干|芝麻棒|海苔脆|话梅糖|燕麦饼干|巧克力")),
    Category(("Stationery", "文具"), _HOME, "hobby", 9, 6.0, 0.50, 0.4, 0.7, 0.1, 0.6, None, 0.0,
             _words("Notebook|Gel pens|Pencil case|Desk lamp|Sticky notes|Marker set|File box|Calendar", "笔记本|中性笔|笔袋|台灯|便利贴|马克笔|文件盒|台历")),
    Category(("Winter wear", "秋冬服饰"), _FASHION, "household", 12, 36.0, 0.55, 2.0, 0.3, -0.3, 1.2, None, -0.015,
             _words("Wool scarf|Thermal socks|Knit hat|Down vest|Gloves|Fleece|Ear muffs|Cardigan", "羊毛围巾|保暖袜|针织帽|羽绒背心|手套|抓绒衣|耳罩|开衫")),
    Category(("Pet supplies", "宠物用品"), _HOME, "food", 0, 14.0, 0.40, 3.0, 0.6, 0.2, 0.9, None, 0.0,
             _words("Cat litter|Dog leash|Pet bed|Feeding bowl|Scratching post|Chew toy|Pet brush|Cat tunnel", "猫砂|牵引绳|宠物窝|食盆|猫抓板|磨牙玩具|宠物梳|猫隧道")),
)  # fmt: skip

STYLES: Final = _words(
    "Classic|Compact|Deluxe|Eco|Family|Bamboo|Blue|Red|Grey|Travel|Pro|Mini|Large|Soft|Light|Natural",
    "经典|便携|豪华|环保|家庭装|竹制|蓝色|红色|灰色|旅行|专业|迷你|大号|柔软|轻便|天然",
)

PLACES: Final = (
    ("hangzhou", "Hangzhou", "杭州仓", "CN", 14.0), ("leipzig", "Leipzig", "莱比锡仓", "DE", 10.0),
    ("newark", "Newark", "纽瓦克仓", "US", 12.5), ("guangzhou", "Guangzhou", "广州仓", "CN", 7.5),
    ("rotterdam", "Rotterdam", "鹿特丹仓", "NL", 8.0), ("dallas", "Dallas", "达拉斯仓", "US", 11.0),
    ("chengdu", "Chengdu", "成都仓", "CN", 10.0), ("lyon", "Lyon", "里昂仓", "FR", 9.5),
    ("tianjin", "Tianjin", "天津仓", "CN", 15.0), ("reno", "Reno", "里诺仓", "US", 12.0),
)  # fmt: skip
"""Key, English and Chinese name, country, half the swing of the yearly temperature; further places repeat them with a number."""

NEAR_MAKERS: Final = _words(
    "Willow Trading|Harbour Wholesale|Northgate Supply|Linden Goods|Meadow Foods",
    "柳岸贸易|港湾批发|北门供应链|椴树商行|青禾食品",
)
FAR_MAKERS: Final = _words(
    "Ningbo Export|Shenzhen Maker|Yiwu Sourcing|Porto Crafts|Hanoi Mills",
    "宁波出口|深圳智造|义乌采购|波尔图工坊|河内纺织",
)
