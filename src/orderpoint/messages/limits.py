"""What is said of limits that conflict, and of wishes that gave way to them."""

from __future__ import annotations

from orderpoint.messages.catalogue import Catalogue

LIMITS: Catalogue = {
    # limits of today's orders that conflict
    "firm_min_stock": (
        "{limit}: {count} item-locations are below it; to reach it takes at least {units} units, {money} of money and {volume} of volume. Lower it, or change one of the others.",
        "{limit}:{count} 个商品-仓库低于该值;补足至少需要 {units} 件、金额 {money}、体积 {volume}。请降低该值,或放宽其他限制。",
    ),
    "firm_budget": ("{limit}: with the others kept, at least {need} is needed.", "{limit}:在满足其他限制时,至少需要 {need}。"),
    "firm_space": (
        "{limit}: {room} of it is free and at least {need} is needed; a capacity_volume of {capacity} would do.",
        "{limit}:其中空闲 {room},至少需要 {need};capacity_volume 达到 {capacity} 即可。",
    ),
    "firm_supplier_minimum": (
        "{limit}: {of} takes no smaller order, and with the others kept one there comes to at most {need}.",
        "{limit}:{of} 不接受更小的订单,而在满足其他限制时,该供应商的订单最多为 {need}。",
    ),
    "firm_container": (
        "{limit}: an order from {of} fills whole containers, the last one to {fill} at least, and with the others kept its volume comes to at most {need}.",
        "{limit}:{of} 的订单须装满集装箱(最后一个至少装到 {fill}),而在满足其他限制时,体积最多为 {need}。",
    ),
    "firm_max_stock": (
        "{limit}: the maximum stock of the items allows no larger orders. Raise it, or change one of the others.",
        "{limit}:商品的最高库存不允许更大的订单。请提高该值,或放宽其他限制。",
    ),
    # minimum stocks against a space
    "full_min_stock_of_run": (
        "{limit}: {count} item-locations take a volume of {volume} at this level. Lower it.",
        "{limit}:{count} 个商品-仓库按此水平占用体积 {volume}。请降低该值。",
    ),
    "full_min_stock": ("{limit}: takes a volume of {volume}.", "{limit}:占用体积 {volume}。"),
    "full_space": (
        "{limit}: the minimum stocks at {of} take {need} in all. Lower some of them, or correct the space.",
        "{limit}:{of} 的最低库存合计占用 {need}。请降低其中一些,或更正库容。",
    ),
}  # fmt: skip
"""Code of a `domain.errors.Limit` -> what is known of it, and what to do."""

LIMIT_REMARKS: Catalogue = {
    "min_stock_gave_way": (
        "The minimum stock of {level} asks for {need} more; other limits leave {units}, and not all minimum stocks fit in them.",
        "最低库存 {level} 需要补 {need};在其他限制下只能订 {units},这些限制无法同时满足所有最低库存。",
    ),
    "budget_buys_nothing": (
        "The budget of {limit} buys nothing that is wanted: the cheapest order is {units} of this for {need}. From a budget of {need} on something can be bought.",
        "预算 {limit} 买不到任何需要的商品:最便宜的订单是本商品 {units} 件,需要 {need}。预算达到 {need} 才能订货。",
    ),
    "lot_above_budget": (
        "The smallest order ({units}) costs {need}, more than the whole budget of {limit}.",
        "最小订单({units} 件)需要 {need},超过全部预算 {limit}。",
    ),
    "lot_above_space": (
        "The smallest order ({units}) takes a volume of {need}; at {of} {limit} is free.",
        "最小订单({units} 件)占用体积 {need},而 {of} 只剩 {limit}。",
    ),
    "minimum_out_of_reach": (
        "Nothing is bought from {of}: its least order is {limit}, and all that may sensibly be ordered there comes to {most}.",
        "不向 {of} 订货:其最低订单金额为 {limit},而可合理订购的全部商品合计只有 {most}。",
    ),
    "minimum_above_budget": (
        "Nothing is bought from {of}: its least order of {limit} is above the budget of {budget}. From a budget of {limit} on it could be.",
        "不向 {of} 订货:其最低订单金额 {limit} 超过预算 {budget}。预算达到 {limit} 才可能订货。",
    ),
    "minimum_above_space": (
        "Nothing is bought from {of}: what fits into the free space comes to {most}, less than its least order of {limit}. With free space for a volume of {need} or more it could be.",
        "不向 {of} 订货:空闲库容能放下的商品金额只有 {most},低于其最低订单金额 {limit}。空闲库容达到 {need} 才可能订货。",
    ),
    "minimum_does_not_pay": (
        "Nothing is bought from {of}: to reach its least order of {limit} costs more than it saves, or does not go together with the other limits.",
        "不向 {of} 订货:凑足最低订单金额 {limit} 的成本高于节省,或与其他限制不能同时满足。",
    ),
    "container_out_of_reach": (
        "Nothing is bought from {of}: a container of {limit} has to be filled to {fill}, and all that may sensibly be ordered there has a volume of {most}.",
        "不向 {of} 订货:容积 {limit} 的集装箱至少要装到 {fill},而可合理订购的全部商品体积只有 {most}。",
    ),
    "container_above_space": (
        "Nothing is bought from {of}: a container of {limit} filled to {fill} has a volume of {need}, and {most} fits into the free space. From {need} on it could be.",
        "不向 {of} 订货:容积 {limit} 的集装箱装到 {fill} 的体积为 {need},而空闲库容只能放下 {most}。达到 {need} 才可能订货。",
    ),
    "container_above_budget": (
        "Nothing is bought from {of}: to fill a container of {limit} to {fill} takes {need}, more than the budget of {budget}. From a budget of {need} on it could be.",
        "不向 {of} 订货:将容积 {limit} 的集装箱装到 {fill} 至少需要 {need},超过预算 {budget}。预算达到 {need} 才可能订货。",
    ),
    "order_waits": (
        "Waits for the next review in {days} days: all that is wanted from {of} would save {saved} by being ordered today, less than the fixed cost of {cost} of such an order.",
        "等到 {days} 天后的下一次订货:今天向 {of} 订购全部所需商品只能节省 {saved},低于每张订单的固定费用 {cost}。",
    ),
    "order_waits_by_limits": (
        "Waits for the next review in {days} days: within the budget and the other limits, what can be ordered from {of} today does not earn the fixed cost of {cost} of such an order.",
        "等到 {days} 天后的下一次订货:在预算及其他限制之内,今天向 {of} 订货的节省不足以抵消每张订单的固定费用 {cost}。",
    ),
    "container_does_not_pay": (
        "Nothing is bought from {of}: to fill a container of {limit} to {fill} costs more than it saves, or does not go together with the other limits.",
        "不向 {of} 订货:将容积 {limit} 的集装箱装到 {fill} 的成本高于节省,或与其他限制不能同时满足。",
    ),
}  # fmt: skip
"""Code of a `tables.decisions.Remark` -> what is said of a wish that gave way to limits that lines share."""
