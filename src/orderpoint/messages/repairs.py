"""What shop exports need undone before they are sales: reasons of rows set aside, remarks on repairs, faults of form."""

from __future__ import annotations

from orderpoint.messages.catalogue import Catalogue

SET_ASIDE_BY_RULE: Catalogue = {
    "order_counted_once": (
        "This order also stands in an earlier export or sheet; it is counted once.",
        "该订单已出现在更早的导出文件或工作表中,只计一次。",
    ),
    "bookkeeping": ("A bookkeeping entry, not a sale.", "记账分录,不是销售。"),
    "stock_record": (
        "A note in the stock records without price, customer or paid line (damaged, found, counted ...), not a sale.",
        "没有价格、客户和付款行的库存记录(损坏、盘盈、盘点等),不是销售。",
    ),
    "no_product_fee": ("Postage, carriage or a fee: no product.", "邮费、运费或手续费,不是商品。"),
    "no_product_voucher": ("A voucher or gift card: no stock is needed for it.", "代金券或礼品卡,无需备货。"),
    "no_product_manual": ("A manual entry, discount or adjustment: no product.", "手工录入、折扣或差价调整,不是商品。"),
    "no_product_sample": ("Samples, which are not sold.", "样品,不用于销售。"),
    "no_product_test": ("A test entry.", "测试数据。"),
    "no_product_token_price": (
        "Its usual price is below a hundredth of the currency's unit: an entry, not a product.",
        "通常价格低于货币单位的百分之一,属于记录而非商品。",
    ),
    "order_cancelled": ("The order was cancelled or closed.", "订单已取消或关闭。"),
    "order_not_paid": ("The order was never paid.", "订单未付款。"),
    "order_refunded": ("The order was refunded as a whole.", "订单已全额退款。"),
    "several_products_in_one_line": (
        "The line holds several products and does not say how many of each: export the report by product.",
        "该行包含多个商品且未注明各自数量:请导出宝贝(商品)明细报表。",
    ),
    "return_of_older_sale": (
        "A customer's return of something bought before these data begin.",
        "客户退回的是数据起始日之前购买的商品。",
    ),
}

REPAIRS: Catalogue = {
    "overlap_counted_once": (
        "{orders} orders of {first} to {last} ({rows} lines) stand in two exports or sheets; those of {kept} count.",
        "{first} 至 {last} 的 {orders} 个订单({rows} 行)在两份导出或工作表中重复,以 {kept} 为准。",
    ),
    "lines_repeated_kept": (
        "{rows} lines in {orders} orders repeat another line exactly; they are kept, as they may be bought twice.",
        "{orders} 个订单中有 {rows} 行与另一行完全相同;可能确为重复购买,予以保留。",
    ),
    "returns_netted_by_customer": (
        "{rows} returns ({units} units) were netted against what the same customer had bought.",
        "{rows} 笔退货({units} 件)已与同一客户的购买相抵。",
    ),
    "returns_netted_by_order": (
        "{rows} returns ({units} units) were netted against their own order.",
        "{rows} 笔退货({units} 件)已与其所属订单相抵。",
    ),
    "returns_netted_by_item": (
        "{rows} returns ({units} units) without a known customer were netted against sales of the same item nearby.",
        "{rows} 笔无客户信息的退货({units} 件)已与同一商品临近的销售相抵。",
    ),
    "returns_without_sale": (
        "{rows} returns ({units} units) take back sales that are older than the data; they are set aside.",
        "{rows} 笔退货({units} 件)对应的销售早于现有数据,已搁置。",
    ),
    "bulk_orders_returned": (
        "{orders} orders far above their item's usual quantity came back as a whole ({units} units) and count for nothing.",
        "{orders} 笔远超平常数量的订单被整单退回({units} 件),不计入需求。",
    ),
    "bulk_order_returned": (
        "{item}: {units} units sold on {sold} came back on {returned} (usual quantity {usual}).",
        "{item}:{sold} 售出的 {units} 件于 {returned} 退回(平常数量 {usual})。",
    ),
    "no_product_fee": (
        "Postage, carriage and fees are no products: {codes} ({rows} lines).",
        "邮费、运费和手续费不是商品:{codes}({rows} 行)。",
    ),
    "no_product_voucher": (
        "Vouchers and gift cards need no stock: {codes} ({rows} lines).",
        "代金券和礼品卡无需备货:{codes}({rows} 行)。",
    ),
    "no_product_manual": (
        "Manual entries, discounts and adjustments are no products: {codes} ({rows} lines).",
        "手工录入、折扣和调整不是商品:{codes}({rows} 行)。",
    ),
    "no_product_sample": ("Samples are not sold: {codes} ({rows} lines).", "样品不用于销售:{codes}({rows} 行)。"),
    "no_product_test": ("Test entries: {codes} ({rows} lines).", "测试数据:{codes}({rows} 行)。"),
    "no_product_token_price": (
        "Codes with a token price are entries, not products: {codes} ({rows} lines).",
        "仅有象征性价格的编码是记录而非商品:{codes}({rows} 行)。",
    ),
    "codes_differ_in_case": (
        "{count} codes differ from another one in case only and have the same name; they are one item ({examples}).",
        "{count} 个编码与另一编码仅大小写不同且名称相同,视为同一商品({examples})。",
    ),
    "free_units_kept": (
        "{rows} lines without price on paid orders count as demand, at no known price.",
        "付费订单中有 {rows} 行无价格,计入需求,价格未知。",
    ),
    "country_is_no_location": (
        "{column} says where customers live, not where stock lies; it is not used.",
        "{column} 是客户所在地,不是库存地点,不使用。",
    ),
    "personal_not_kept": ("Personal columns were not kept: {columns}.", "未保留个人信息列:{columns}。"),
    "item_from_name": (
        "{rows} lines have no code; the product's name stands in for it.",
        "{rows} 行没有商品编码,以商品名称代替。",
    ),
    "filled_down": (
        "{rows} lines took date and status from the first line of their order.",
        "{rows} 行沿用了所属订单首行的日期和状态。",
    ),
    "partial_refunds_kept": (
        "{orders} orders were refunded in part; the export does not say which units came back, so all count.",
        "{orders} 个订单部分退款;导出中未注明退回的商品,全部计入。",
    ),
    "not_stocked": (
        "{rows} pairs of item and location are not stocked and were left out.",
        "{rows} 个商品-仓库组合未备货,已略去。",
    ),
    "incoming_without_due": (
        "{column}: {units} units are on their way without a date; give them with dates in an incoming table.",
        "{column}:有 {units} 件在途但无到货日期;请在 incoming 表中填写日期。",
    ),
    "unavailable_not_counted": (
        "{column}: {units} units cannot be sold (damaged, held back ...) and do not count as stock.",
        "{column}:{units} 件不可售(损坏、保留等),不计入库存。",
    ),
    "no_shelf": (
        "{rows} products are grouped, external, virtual or downloads: no stock is needed for them.",
        "{rows} 个商品为组合、外部、虚拟或下载商品,无需备货。",
    ),
    "variable_parents": (
        "{rows} variable products gave way to their variations.",
        "{rows} 个可变商品以其各个规格代替。",
    ),
    "stock_not_counted": (
        "The shop does not count the stock of {rows} products; they have no row in stock.",
        "店铺未统计 {rows} 个商品的库存,库存表中没有这些商品。",
    ),
    "products_taken_apart": (
        "{orders} orders with their products in one cell became {rows} lines.",
        "{orders} 个商品写在同一单元格的订单被拆成 {rows} 行。",
    ),
    "one_item": (
        "The file speaks of one item, named {item} after the file.",
        "该文件只含一个商品,以文件名命名为 {item}。",
    ),
    "columns_not_needed": (
        "Not needed, as it follows from the history: {columns}.",
        "可由历史数据得出,无需使用:{columns}。",
    ),
    "wide_unpivoted": (
        "{columns} columns of periods became {rows} rows.",
        "{columns} 个周期列转换为 {rows} 行。",
    ),
    "currencies_converted": (
        "Prices and costs in {currencies} were converted to {home}.",
        "{currencies} 的价格和成本已换算为 {home}。",
    ),
    "wide_blank_cells": ("{cells} blank cells count as nothing sold.", "{cells} 个空白单元格视为无销售。"),
}

FORM_FAULTS: Catalogue = {
    "wide_without_dates": (
        "{columns} columns only count the periods; rename them to dates (2024-01-31, 2024-W05 or 2024-01).",
        "{columns} 个列只有周期序号;请改为日期(2024-01-31、2024-W05 或 2024-01)。",
    ),
    "wide_period_twice": (
        "Two columns are the same period; keep one of them.",
        "两列属于同一周期,请只保留一列。",
    ),
}
