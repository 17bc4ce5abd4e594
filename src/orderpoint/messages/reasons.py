"""Why an order line is as it is: one sentence with its numbers, and what was special about it."""

from __future__ import annotations

from orderpoint.messages.catalogue import Catalogue

REASONS: Catalogue = {
    "order": (
        "You have {stock} and {coming} coming; {demand} are expected to sell before the order after this one arrives on {until}; ordering {quantity} {risk} and saves about {saved}.",
        "现有 {stock},在途 {coming};在下一次订货于{until}到货之前,预计售出 {demand};订货 {quantity},{risk},约节省 {saved}。",
    ),
    "order_owed": (
        "Customers wait for {owed} and {coming} are coming; {demand} more are expected to sell before the order after this one arrives on {until}; ordering {quantity} {risk} and saves about {saved}.",
        "欠客户 {owed},在途 {coming};在下一次订货于{until}到货之前,预计还将售出 {demand};订货 {quantity},{risk},约节省 {saved}。",
    ),
    "order_for_service": (
        "You have {stock} and {coming} coming; {demand} are expected to sell before the order after this one arrives on {until}; ordering {quantity} {risk}, to reach your service target of {target}, at about {extra} above the least cost.",
        "现有 {stock},在途 {coming};在下一次订货于{until}到货之前,预计售出 {demand};为达到 {target} 的服务目标,订货 {quantity},{risk},比最低成本约多 {extra}。",
    ),
    "order_for_minimum": (
        "You have {stock} and {coming} coming, less than the minimum of {minimum}; {demand} are expected to sell before the order after this one arrives on {until}; ordering {quantity} brings the stock up to it.",
        "现有 {stock},在途 {coming},低于最低库存 {minimum};在下一次订货于{until}到货之前,预计售出 {demand};订货 {quantity} 可补足。",
    ),
    "order_for_later": (
        "You have {stock} and {coming} coming; {demand} are expected to sell before the order after this one arrives on {until}; ordering {quantity} now lasts about {days} days and spares later orders; it {risk}.",
        "现有 {stock},在途 {coming};在下一次订货于{until}到货之前,预计售出 {demand};现在订货 {quantity} 可用约 {days} 天,减少后续订货次数,{risk}。",
    ),
    "order_for_most_service": (
        "You have {stock} and {coming} coming; {demand} are expected to sell before the order after this one arrives on {until}; ordering {quantity} {risk}: money serves much here, at about {extra} above the least cost.",
        "现有 {stock},在途 {coming};在下一次订货于{until}到货之前,预计售出 {demand};订货 {quantity},{risk}:此处资金的服务效果好,比最低成本约多 {extra}。",
    ),
    "order_for_network": (
        "{stock} are here and {coming} coming, to be sent on to the places that this one supplies; ordering {quantity} brings it up to the {level} that they need to be served in time.",
        "此处现有 {stock},在途 {coming},用于供应其下游地点;订货 {quantity},补足到按时供货所需的 {level}。",
    ),
    # what an order or a transfer does to the risk, in the sentences above
    "risk_falls": ("cuts the risk of running out from {before} to {after}", "可将缺货风险从 {before} 降至 {after}"),
    "risk_stays_short": (
        "leaves the risk of running out at {after} (with about {less} fewer units short)",
        "缺货风险仍为 {after}(预计少缺 {less} 件)",
    ),
    "risk_stays": ("leaves the risk of running out at {after}", "缺货风险仍为 {after}"),
    "risk_rises": (
        "leaves a risk of running out of {after} ({before} with nothing ordered and nothing sent away)",
        "缺货风险为 {after}(不订货也不调出时为 {before})",
    ),
    # one more unit of money
    "one_more": ("one more unit of money", "一个货币单位"),
    "one_more_of": ("one more {currency}", " 1 {currency}"),
    # what bound the quantity
    "least_lot": (
        " {quantity} is the least the supplier sells at this price.",
        "{quantity} 是供应商在此价格下的最小订货量。",
    ),
    "most_lot": (
        " More would help, but {quantity} is the most one order may have.",
        "订更多会更好,但一次订货最多 {quantity}。",
    ),
    "spoils": (
        " Of the stock {spoiled} will have passed their date by then unsold and do not count.",
        "现有库存中有 {spoiled} 届时将过期未售,不计入。",
    ),
    "full_shelf": (
        " More would help, but the maximum stock of {maximum} is reached.",
        "订更多会更好,但已达到最高库存 {maximum}。",
    ),
    "cut_by_budget": (
        " The budget cut this line: {one} here would save about {shadow}.",
        "此行因预算而减少:每多投入{one},约可节省 {shadow}。",
    ),
    "cut_by_space": (
        " The space at {limit} cut this line: room for one more unit here would save about {shadow}.",
        "此行因 {limit} 的库容而减少:此处每多容纳一件,约可节省 {shadow}。",
    ),
    "cut_by_container": (
        " The containers from {limit} are full: room for one more unit would save about {shadow}.",
        "{limit} 的集装箱已装满:每多装一件,约可节省 {shadow}。",
    ),
    "raised_for_container": (
        " It is part of an order that fills whole containers from {limit}.",
        "此行所属的订单须装满 {limit} 的整箱。",
    ),
    "raised_for_minimum": (
        " It is part of an order that was raised to the minimum of {minimum} at {limit}.",
        "此行所属的订单已增至 {limit} 的最低订货金额 {minimum}。",
    ),
    "cut_for_fill_rate": (
        " The money went where it serves more: {one} here would serve about {shadow} units more.",
        "资金优先用于服务效果更好的商品:此处每多投入{one},约可多满足 {shadow} 件需求。",
    ),
    "cut_for_cycle_service": (
        " The money went where it serves more: {one} here would lower the chance of a stockout by about {shadow}.",
        "资金优先用于服务效果更好的商品:此处每多投入{one},缺货概率约降低 {shadow}。",
    ),
    "cut_for_response_time": (
        " The money went where it serves more: {one} here would spare about {shadow} days of waiting for a unit.",
        "资金优先用于服务效果更好的商品:此处每多投入{one},约可减少 {shadow} 件·天的等待。",
    ),
    # what an order costs, whatever its lines
    "joins_order": (
        " It could wait; it joins today's order from {of}, whose fixed cost of {cost} is paid anyway.",
        "本可等待;因 {of} 今天的订单已须支付固定费用 {cost},随单一并订货。",
    ),
    "shares_order": (
        " It is one of {lines} lines of today's order from {of}, which share its fixed cost of {cost}.",
        "{of} 今天的订单共 {lines} 行,分摊其固定费用 {cost}。",
    ),
    "pays_order": (
        " It is the only line of today's order from {of} and pays its fixed cost of {cost}.",
        "是 {of} 今天订单中唯一的一行,承担其固定费用 {cost}。",
    ),
    "split": (
        "{quantity} of the series' order come from this supplier, who delivers in {days} days: splitting it costs less than either supplier alone.",
        "该商品的订单中有 {quantity} 由此供应商供货,{days} 天到货:分开采购比只用一家供应商成本更低。",
    ),
    "transfer": (
        "{source} has {stock} and {target} has {held}; for {target}, sending {quantity} {risk} and saves about {saved}.",
        "{source} 有 {stock},{target} 有 {held};向 {target} 调拨 {quantity},{risk},约节省 {saved}。",
    ),
    "transfers_counted": (" Today's transfers are counted.", "已计入今日调拨。"),
    "foreseen": (
        "Foreseen: on {day} you would have about {stock} and {coming} coming, for {demand} expected to sell before the order after it arrives.",
        "预计:到{day}约有 {stock},在途 {coming};在其后一次订货到货之前,预计售出 {demand}。",
    ),
    "foreseen_to_send_on": (
        "Foreseen: on {day} you would have about {stock} here and {coming} coming; the places that this one supplies are expected to sell {demand} before the order after it arrives.",
        "预计:到{day}此处约有 {stock},在途 {coming};在其后一次订货到货之前,由此处供货的地点预计售出 {demand}。",
    ),
    "day": ("{day} {month}", "{number}月{day}日"),
    "day_of_year": ("{day} {month} {year}", "{year}年{number}月{day}日"),
}

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
