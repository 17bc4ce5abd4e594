"""Errors of use and of the machine: exit statuses 2 and 4."""

from __future__ import annotations

from orderpoint.messages.catalogue import Catalogue

USAGE: Catalogue = {
    "today_not_a_period_start": (
        "--today {today} is not the first day of a {period}: use {before} or {after}.",
        "--today {today} 不是一个{period}周期的第一天:请用 {before} 或 {after}。",
    ),
    "today_before_history": (
        "--today {today} leaves no sales to read: the first sale is of {first}.",
        "--today {today} 之前没有任何销售记录:最早的销售日期是 {first}。",
    ),
    "scollab_needs_network": (
        "--method scollab plans a network of places: add network.csv (source, target, lead_time_days), or use --method mincost.",
        "--method scollab 用于多地点网络:请添加 network.csv(source、target、lead_time_days),或使用 --method mincost。",
    ),
    "service_needs_maxserv": (
        "--measure, --target and --orders are words of --method maxserv; no other method looks at them.",
        "--measure、--target 和 --orders 仅用于 --method maxserv;其他方法不使用它们。",
    ),
    "unknown_item": (
        "There is no item {item} in sales or stock. Write its name as the files do.",
        "销售或库存中没有商品 {item}。请使用文件中的名称。",
    ),
    "unknown_location": (
        "--location {location}: there is no such location. There are: {known}.",
        "--location {location}:没有该仓库。现有:{known}。",
    ),
    "item_not_at_location": (
        "Item {item} is not sold at {location}. Leave --location out to see it everywhere.",
        "商品 {item} 不在 {location} 销售。省略 --location 可查看所有仓库。",
    ),
    "no_change": (
        "Say what would change: --price, --promotion, --event or --launch.",
        "请说明要改变什么:--price、--promotion、--event 或 --launch。",
    ),
    "launch_of_nothing": (
        "--launch: say which item is launched (--item); it is launched at every place, so no --location.",
        "--launch:请用 --item 指定上市的商品;上市对所有仓库生效,不能用 --location。",
    ),
    "uplift_of_nothing": (
        "--uplift: say of which event (--event).",
        "--uplift:请用 --event 指定事件。",
    ),
    "event_of_items": (
        "--event: an event is for all items at a place. Leave --item out, or say --price or --promotion for them beside it.",
        "--event:事件对某地的所有商品生效。请去掉 --item,或同时给出这些商品的 --price 或 --promotion。",
    ),
    "launch_sold": (
        "--launch: {item} has been on sale since {since}. Only items that have not sold yet can be launched.",
        "--launch:{item} 自 {since} 起已在售。只有尚未销售的商品才能设定上市日期。",
    ),
    "change_in_the_past": (
        "--from {first} --to {last}: the change must begin on or after {today} and end after it begins.",
        "--from {first} --to {last}:变化必须从 {today} 或之后开始,并在开始之后结束。",
    ),
    "change_beyond_horizon": (
        "--from {first}: the forecast ends before {end}. Choose earlier days, or a longer --horizon.",
        "--from {first}:预测在 {end} 之前结束。请选择更早的日期,或用 --horizon 延长预测期。",
    ),
    "change_within_period": (
        "--from {first} --to {last}: demand is counted in longer periods here, and a price or promotion holds for whole ones. "
        "Give --from {start} --to {end}, or a shorter --period.",
        "--from {first} --to {last}:需求按更长的周期统计,价格或促销对整个周期有效。请使用 --from {start} --to {end},或缩短 --period。",
    ),
    "price_not_positive": (
        "--price {price}: expected money per unit, above 0. What is given away has no elasticity: leave the item out.",
        "--price {price}:应为大于 0 的单价。赠品没有价格弹性:请去掉该商品。",
    ),
    "promotion_without_depth": (
        "--promotion 1: the promotions of the past are cuts of the price by their depth. Give a depth below 1, as 0.2.",
        "--promotion 1:历史促销都是按深度降价。请给出小于 1 的深度,例如 0.2。",
    ),
    "unknown_event": (
        "--event {event}: no past event of this name lies in the calendar without an uplift_factor of its own, so nothing "
        "is learned of its effect. Give --uplift, or one of: {known}.",
        "--event {event}:日历中没有该名称且未给定 uplift_factor 的历史事件,因此无从学习其影响。请给出 --uplift,或选择:{known}。",
    ),
    "input_not_found": (
        "There is no file or folder {path}.",
        "找不到文件或文件夹 {path}。",
    ),
    "map_unknown_field": (
        '--map "{column}={field}": there is no field {field}. Use a column of the file contract, such as quantity or sales.quantity, if need be with :dmy or :mdy behind a date.',
        '--map "{column}={field}":没有字段 {field}。请使用约定的列名,例如 quantity 或 sales.quantity;日期后可加 :dmy 或 :mdy。',
    ),
    "map_unknown_column": (
        "--map: no file has a column {column}. There are: {columns}.",
        "--map:没有文件包含列 {column}。现有的列:{columns}。",
    ),
    "history_too_short": (
        "The history has {periods} periods, too few to hold {horizon} back and to learn from the rest. Use a smaller --horizon.",
        "历史只有 {periods} 个周期,保留 {horizon} 个之后不足以学习。请使用更小的 --horizon。",
    ),
    "period_not_in_data": (
        "--period {period}: the data come by {grain} and cannot be counted so. Use --period {grain}.",
        "--period {period}:数据的周期是 {grain},无法按此统计。请使用 --period {grain}。",
    ),
    "extra_missing": (
        "The model {model} needs {packages}, which is not installed. Install it: {remedy}",
        "模型 {model} 需要 {packages},但尚未安装。请安装:{remedy}",
    ),
    "weights_unreadable": (
        "{path} holds no network that this version can read ({cause}). Train one and save it anew.",
        "{path} 中没有此版本可以读取的网络({cause})。请重新训练并保存。",
    ),
    "weights_period": (
        "The network in {path} was trained on periods of a {theirs}, and these data come by {ours}. Use one that was trained on the same period.",
        "{path} 中的网络按{theirs}训练,而当前数据的周期是{ours}。请使用按相同周期训练的网络。",
    ),
    "disk_full": (
        "There is no space left to write {path}. Free some space or choose another folder with --out.",
        "磁盘空间不足,无法写入 {path}。请清理空间,或用 --out 选择其他文件夹。",
    ),
    "no_permission": (
        "No permission to use {path}. Choose another folder with --out, or ask for the right to it.",
        "没有访问 {path} 的权限。请用 --out 选择其他文件夹,或申请权限。",
    ),
    "interrupted": ("Interrupted; no results were written.", "已中断;没有写入任何结果。"),
    "memory_too_small": (
        "--memory {memory}: {series} series of this history need at least {least} GiB. Allow more, or leave --memory out.",
        "--memory {memory}:{series} 个序列的历史至少需要 {least} GiB。请增大该值,或省略 --memory。",
    ),
    "faults_found": (
        "The input has {count} fault(s); nothing was written:",
        "输入数据有 {count} 处错误;没有写入任何文件:",
    ),
    "no_feasible_plan": (
        "No plan keeps all limits. These conflict: {limits}.",
        "没有能同时满足所有限制的计划。互相冲突的限制:{limits}。",
    ),
    "machine_failed": ("{path}: {cause}", "{path}:{cause}"),
}
