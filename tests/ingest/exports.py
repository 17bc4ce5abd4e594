"""Made-up exports of shop systems, in the form in which each writes them."""

# ruff: noqa: E501  lines are as long as the export writes them

from __future__ import annotations

from pathlib import Path

import polars as pl

from orderpoint.ingest.profiles import Converted, profile_of
from orderpoint.ingest.reading import RawTable

SHOPIFY_ORDERS = """\
Name,Email,Financial Status,Paid at,Fulfillment Status,Currency,Total,Created at,Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku,Billing Name,Billing Phone,Cancelled at,Refunded Amount,Source
#1001,a@example.com,paid,2025-01-03 10:00:00 +0800,fulfilled,CNY,70.00,2025-01-03 09:59:00 +0800,2,Mug - Red,20.00,MUG-R,Ann,555,,0.00,web
#1001,a@example.com,,,,,,,1,Spoon,30.00,,,,,,
#1002,b@example.com,voided,,unfulfilled,CNY,20.00,2025-01-04 09:59:00 +0800,1,Mug - Red,20.00,MUG-R,Bob,556,,0.00,web
#1003,c@example.com,paid,2025-01-05,fulfilled,CNY,20.00,2025-01-05 09:59:00 +0800,1,Mug - Red,20.00,MUG-R,Cid,557,2025-01-06 08:00:00 +0800,20.00,web
#1003,c@example.com,,,,,,,4,Mug - Blue,20.00,MUG-B,,,,,
#1004,d@example.com,partially_refunded,2025-01-07,fulfilled,CNY,40.00,2025-01-07 09:59:00 +0800,2,Mug - Blue,20.00,MUG-B,Dee,558,,20.00,pos
#1005,e@example.com,refunded,2025-01-08,fulfilled,CNY,40.00,2025-01-08 09:59:00 +0800,2,Mug - Blue,20.00,MUG-B,Eve,559,,40.00,web
"""

SHOPIFY_INVENTORY_NEW = """\
Handle,Title,Option1 Name,Option1 Value,Option2 Name,Option2 Value,Option3 Name,Option3 Value,SKU,HS Code,COO,Location,Bin name,Incoming (not editable),Unavailable (not editable),Committed (not editable),Available (not editable),On hand (current),On hand (new)
mug,Mug,Colour,Red,,,,,MUG-R,,,East,,5,1,2,7,10,
mug,Mug,Colour,Red,,,,,MUG-R,,,West,,not stocked,not stocked,not stocked,not stocked,not stocked,
spoon,Spoon,Title,Default Title,,,,,,,,East,,0,0,0,-3,-3,
"""

SHOPIFY_INVENTORY_OLD = """\
Handle,Title,Option1 Name,Option1 Value,Option2 Name,Option2 Value,Option3 Name,Option3 Value,SKU,HS Code,COO,East,West
mug,Mug,Colour,Red,Size,L,,,,,,7,not stocked
spoon,Spoon,Title,Default Title,,,,,SP,,,0,4
"""

WOOCOMMERCE_PRODUCTS = """\
ID,Type,SKU,Name,Published,In stock?,Stock,Low stock amount,Backorders allowed?,Sale price,Regular price,Categories
11,simple,HAT,Hat,1,1,12,,0,,"19.90","Clothing > Hats, New"
12,variable,,Shirt,1,1,,,0,,,Clothing > Shirts
13,variation,SH-M,Shirt - M,1,1,5,,1,,29.00,
14,simple,,Scarf,1,0,,,0,,9.00,Clothing
15,simple,TIE,Tie,1,1,,,0,,9.00,Clothing
16,"simple, virtual",GIFT,Course,1,1,,,0,,99.00,Courses
"""

WOOCOMMERCE_LINES = """\
Order Number,Order Status,Order Date,First Name (Billing),Email (Billing),SKU,Item #,Item Name,Quantity (- Refund),Item Cost
501,Completed,2025-02-01 12:30,Ann,a@example.com,HAT,1,Hat,2,19.90
501,Completed,2025-02-01 12:30,Ann,a@example.com,,2,Scarf,1,9.00
502,Cancelled,2025-02-02 12:30,Bob,b@example.com,HAT,1,Hat,1,19.90
"""

WOOCOMMERCE_ITEM_COLUMNS = """\
order_number,order_date,status,billing_email,line_item_1,line_item_2
601,2025-02-01 12:30:00,completed,a@example.com,name:Hat|product_id:11|sku:HAT|quantity:2|total:39.80|sub_total:39.80,name:Scarf|product_id:14|sku:|quantity:1|total:9.00
602,2025-02-02 12:30:00,refunded,b@example.com,name:Hat|product_id:11|sku:HAT|quantity:1|total:19.90,
"""

WOOCOMMERCE_ANALYTICS = """\
Date,Order #,Status,Customer,Product(s),Items sold,Net Sales
2025-02-01 12:30:00,701,completed,Ann A,"2× Hat, with bow, 1× Scarf",3,48.8
"""

TAOBAO = '''\
主订单编号,订单编号,买家会员名,收货人姓名,联系手机,收货地址 ,宝贝标题,购买数量,商品价格,商家编码,订单状态,退款状态,订单创建时间,订单付款时间
"=""8001""","=""8001""",小明,王小明,'13800000000,某路1号,红色马克杯,2,20.00,MUG-R,交易成功,没有申请退款,2025-03-01 23:58:00,2025-03-02 00:03:10
"=""8002""","=""8002""",小红,李小红,'13900000000,某路2号,红色马克杯,1,20.00,MUG-R,交易关闭,没有申请退款,2025-03-02 10:00:00,
"=""8003""","=""8003""",小刚,张小刚,'13700000000,某路3号,蓝色马克杯,1,20.00,,卖家已发货,没有申请退款,2025-03-03 10:00:00,2025-03-03 10:01:00
"=""8004""","=""8004""",小丽,赵小丽,'13600000000,某路4号,红色马克杯,1,20.00,MUG-R,交易成功,退款成功,2025-03-04 10:00:00,2025-03-04 10:01:00
"=""8005""","=""8005""",小强,钱小强,'13500000000,某路5号,补差价专用链接,30,1.00,BCJ,交易成功,没有申请退款,2025-03-05 10:00:00,2025-03-05 10:01:00
'''

TAOBAO_BY_ORDER = """\
订单编号,买家会员名,订单状态,收货人姓名,订单创建时间,订单付款时间,宝贝标题,宝贝种类,宝贝总数量
9001,小明,交易成功,王小明,2025-03-01 10:00:00,2025-03-01 10:01:00,红色马克杯,1,3
9002,小红,交易成功,李小红,2025-03-02 10:00:00,2025-03-02 10:01:00,"红色马克杯，蓝色马克杯",2,5
"""

JD = """\
订单号,商品ID,商品名称,订购数量,支付方式,下单时间,京东价,订单金额,订单状态,客户姓名,客户地址,联系电话
7001,100012,不锈钢保温杯,2,在线支付,2025-04-01 08:00:00,59.00,118.00,完成,王某,北京,138
7002,100012,不锈钢保温杯,1,在线支付,2025-04-02 08:00:00,59.00,59.00,(删除)已取消,李某,上海,139
7003,100013,玻璃杯,1,在线支付,2025-04-03 08:00:00,￥9.90,9.90,等待出库,张某,广州,137
"""

AMAZON = """\
amazon-order-id\tmerchant-order-id\tpurchase-date\tlast-updated-date\torder-status\tfulfillment-channel\tsales-channel\tproduct-name\tsku\tasin\titem-status\tquantity\tcurrency\titem-price\tship-city\tship-postal-code\tship-country
111-1\t\t2025-05-01T23:30:00+00:00\t2025-05-03T01:00:00+00:00\tShipped\tAmazon\tAmazon.com\tSteel Bottle\tBOT-1\tB000000001\tShipped\t3\tUSD\t45.00\tReno\t89501\tUS
111-2\t\t2025-05-02T10:30:00+00:00\t2025-05-03T01:00:00+00:00\tCancelled\tAmazon\tAmazon.com\tSteel Bottle\tBOT-1\tB000000001\tCancelled\t0\t\t\tReno\t89501\tUS
111-3\t\t2025-05-02T11:30:00+00:00\t2025-05-03T01:00:00+00:00\tPending\tMerchant\tAmazon.de\tSteel Cup\t\tB000000002\tUnshipped\t1\t\t\tBonn\t53111\tDE
"""

AMAZON_NEW_ORDERS = """\
order-id\torder-item-id\tpurchase-date\tpayments-date\tbuyer-email\tbuyer-name\tbuyer-phone-number\tsku\tproduct-name\tquantity-purchased\tcurrency\titem-price\trecipient-name
222-1\t1\t2025-05-01T23:30:00+00:00\t2025-05-01T23:31:00+00:00\tx@example.com\tXi\t1\tBOT-1\tSteel Bottle\t2\tUSD\t30.00\tXi
"""

INVOICE_HEADER = "Invoice,StockCode,Description,Quantity,InvoiceDate,Price,Customer ID,Country"


def raw_of(text: str, delimiter: str = ",", name: str = "export.csv") -> RawTable:
    """The raw table of a made-up export, as the reader hands it over: all text."""
    frame = pl.read_csv(text.encode(), separator=delimiter, infer_schema=False)
    return RawTable(Path(name), None, frame, delimiter=delimiter)


def converted(text: str, expected: str, delimiter: str = ",", name: str = "export.csv") -> Converted:
    """What the profile `expected`, and no earlier one, makes of the export."""
    raw = raw_of(text, delimiter, name)
    profile = profile_of(raw)
    assert profile is not None
    assert profile.name == expected
    return profile.convert(raw)


def invoice_lines(*lines: str) -> str:
    """An export of invoice lines with these lines."""
    return "\n".join((INVOICE_HEADER, *lines)) + "\n"
