"""Reasons of the risks table."""

from __future__ import annotations

from orderpoint.messages.catalogue import Catalogue

RISKS: Catalogue = {
    "stockout_before_arrival": (
        "{stock} on hand and {coming} coming; {mean} are expected to sell before {arrives}, when an order of today arrives: on average it "
        "lasts until {by}. Expedite, transfer, or slow its sales.",
        "现货 {stock},在途 {coming};今日订单 {arrives} 到货前预计售出 {mean}:平均可维持到 {by}。建议加急、调拨或放缓销售。",
    ),
    "stockout_close": (
        "{stock} on hand and {coming} coming; {mean} are expected to sell before {arrives}, when an order of today arrives: enough on "
        "average, but with a chance of {probability} not enough. Expedite, transfer, or slow its sales.",
        "现货 {stock},在途 {coming};今日订单 {arrives} 到货前预计售出 {mean}:平均够用,但有 {probability} 的概率不够。建议加急、调拨或放缓销售。",
    ),
    "stockout_later": (
        "With {stock} on hand, {coming} coming and {quantity} ordered today there is still a {probability} chance to run out before the next "
        "order arrives on {arrives}; on average it lasts until {by}.",
        "现货 {stock},在途 {coming},今日订货 {quantity};到下一批 {arrives} 到货前仍有 {probability} 的缺货概率;平均可维持到 {by}。",
    ),
    "stockout_by_chance": (
        "With {stock} on hand, {coming} coming and {quantity} ordered today there is still a {probability} chance to run out before the next "
        "order arrives on {arrives}, though it is enough on average.",
        "现货 {stock},在途 {coming},今日订货 {quantity};平均够用,但到下一批 {arrives} 到货前仍有 {probability} 的缺货概率。",
    ),
    "overstock": (
        "{held} held or on the way; {mean} are expected to sell until {by}, {strong} if demand is strong: {excess} too many.",
        "现货加在途 {held};到 {by} 预计售出 {mean},需求旺盛时 {strong}:多出 {excess}。",
    ),
    "expiry": (
        "{held} on hand expire by {by}; {excess} of them are not expected to sell in time. Mark them down or move them.",
        "{held} 件现货将于 {by} 前过期,其中 {excess} 件预计无法及时售出。建议降价或调拨。",
    ),
    "ended": (
        "The item ended on {by} and {held} are still held: clear, return or write them off.",
        "该商品已于 {by} 停售,仍有 {held} 件库存:建议清仓、退货或核销。",
    ),
    "end_of_life": (
        "{held} held or on the way; {mean} are expected to sell until the item ends on {by}, {strong} if demand is strong: {excess} will be left.",
        "现货加在途 {held};到 {by} 停售前预计售出 {mean},需求旺盛时 {strong}:将剩余 {excess}。",
    ),
    # of a place that feeds others, with all that it feeds
    "stockout_before_arrival_below": (
        "{stock} on hand here and at the places that it supplies, and {coming} coming; {mean} are expected to sell there before {arrives}, when an "
        "order of today can have reached their customers: on average it lasts until {by}. Expedite, or slow the sales.",
        "此处及其下游现货 {stock},在途 {coming};今日订单 {arrives} 才能到达客户,此前下游预计售出 {mean}:平均可维持到 {by}。建议加急或放缓销售。",
    ),
    "stockout_close_below": (
        "{stock} on hand here and at the places that it supplies, and {coming} coming; {mean} are expected to sell there before {arrives}, when an "
        "order of today can have reached their customers: enough on average, but with a chance of {probability} not enough. Expedite, or slow the sales.",
        "此处及其下游现货 {stock},在途 {coming};今日订单 {arrives} 才能到达客户,此前下游预计售出 {mean}:平均够用,但有 {probability} 的概率不够。建议加急或放缓销售。",
    ),
    "stockout_later_below": (
        "With {stock} on hand here and at the places that it supplies, {coming} coming and {quantity} ordered today there is still a {probability} "
        "chance that not all customers there can be served before the next order reaches them on {arrives}; on average it lasts until {by}.",
        "此处及其下游现货 {stock},在途 {coming},今日订货 {quantity};下一批 {arrives} 到达客户前仍有 {probability} 的概率无法满足下游需求;平均可维持到 {by}。",
    ),
    "stockout_by_chance_below": (
        "With {stock} on hand here and at the places that it supplies, {coming} coming and {quantity} ordered today there is still a {probability} "
        "chance that not all customers there can be served before the next order reaches them on {arrives}, though it is enough on average.",
        "此处及其下游现货 {stock},在途 {coming},今日订货 {quantity};平均够用,但下一批 {arrives} 到达客户前仍有 {probability} 的概率无法满足下游需求。",
    ),
    "overstock_below": (
        "{held} held or on the way here and at the places that it supplies; {mean} are expected to sell there until {by}, {strong} if demand is strong: "
        "{excess} of those here are too many.",
        "此处及其下游现货加在途 {held};到 {by} 下游预计售出 {mean},需求旺盛时 {strong}:此处多出 {excess}。",
    ),
    "expiry_below": (
        "{held} on hand here expire by {by}; {excess} of them are not expected to sell in time at the places that it supplies. Mark them down or move them.",
        "此处 {held} 件现货将于 {by} 前过期,其中 {excess} 件预计无法在下游及时售出。建议降价或调拨。",
    ),
    "end_of_life_below": (
        "{held} held or on the way here and at the places that it supplies; {mean} are expected to sell there until the item ends on {by}, {strong} if "
        "demand is strong: {excess} of those here will be left.",
        "此处及其下游现货加在途 {held};到 {by} 停售前下游预计售出 {mean},需求旺盛时 {strong}:此处将剩余 {excess}。",
    ),
}
