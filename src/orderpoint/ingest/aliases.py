"""Other names, in English and Chinese, of the contract's tables and columns, and the columns that name a person."""
# ruff: noqa: E501 -- lists of words; a Chinese character counts as two columns

from __future__ import annotations

from collections.abc import Mapping

TABLE_ALIASES: Mapping[str, str] = {
    "sales": "sale, sales_history, sales_data, demand, demand_history, 销售, 销量, 销售记录, 销售数据, 销售明细, 历史销量",
    "stock": "inventory, stock_on_hand, on_hand, 库存, 现货, 现有库存, 库存表",
    "incoming": "open_orders, open_purchase_orders, purchase_orders, on_order, in_transit, 在途, 在途订单, 在途库存, "
    "采购在途, 未到货, 采购订单",
    "items": "item, products, product, catalog, catalogue, articles, skus, item_master, 商品, 商品资料, 商品信息, 产品, 货品",
    "supply": "sourcing, purchasing, lead_times, offers, 供货, 供应, 采购, 采购信息, 采购周期, 供货信息",
    "suppliers": "supplier, vendors, vendor, 供应商, 供货商",
    "locations": "location, warehouses, stores, 仓库, 门店, 地点, 库房",
    "network": "supply_network, lanes, 网络, 供应网络",
    "bundles": "bundle, kits, sets, 组合, 套装, 组合商品, 组合装",
    "prices": "price, price_list, price_history, 价格, 价格表, 调价",
    "calendar": "events, holidays, 日历, 节日, 活动日历, 节假日",
    "drivers": "driver, regressors, 驱动因素, 外部因素, 影响因素",
    "overrides": "override, adjustments, judgement, 人工调整, 调整, 修正",
    "rates": "exchange_rates, fx, fx_rates, currencies, 汇率",
}
"""Other names of a file or sheet, for each table."""

_ITEM = (
    "item_id, item_code, item_no, item_number, sku, sku_id, sku_code, product, product_id, product_code, article, article_id, "
    "article_no, stock_code, material, part, part_number, variant_sku, 商品, 商品编码, 商品编号, 商品id, 商品代码, 商品sku, 货号, "
    "编码, 产品编码, 产品编号, 产品, 物料编码, 物料, 货品编号, 货品编码, sku编码, sku编号, 商家编码, 款号"
)
_LOCATION = (
    "location_id, location_code, warehouse, warehouse_id, warehouse_code, store, store_id, shop, site, branch, outlet, "
    "仓库, 仓库名称, 仓库编码, 仓, 门店, 门店编号, 门店编码, 店铺, 库房, 地点, 库位, 发货仓"
)
_SUPPLIER = "supplier_id, supplier_name, vendor, vendor_id, vendor_name, 供应商, 供应商名称, 供应商编码, 供货商, 厂家"
_DATE = (
    "day, week, month, sales_date, sale_date, order_date, invoice_date, transaction_date, ds, timestamp, period, "
    "日期, 销售日期, 订单日期, 下单日期, 下单时间, 时间, 交易日期, 业务日期, 成交时间, 周, 月份"
)
_QUANTITY = (
    "qty, units, sales, sold, units_sold, quantity_sold, sold_quantity, sales_quantity, sales_qty, qty_sold, demand, volume_sold, "
    "order_quantity, 数量, 销量, 销售数量, 件数, 销售量, 购买数量, 出库数量, 需求, 需求量, 商品数量"
)
_PRICE = (
    "unit_price, selling_price, sales_price, sale_price, retail_price, list_price, price_each, "
    "单价, 售价, 销售单价, 价格, 零售价, 成交价, 销售价"
)
_UNIT_COST = (
    "cost, cost_price, cost_per_unit, purchase_price, buying_price, unit_purchase_cost, cost_per_item, "
    "成本, 成本价, 单位成本, 进价, 采购价, 采购单价, 进货价"
)
_CURRENCY = "currency_code, 币种, 货币"
_PROMOTION = "promo, on_promotion, is_promotion, promo_flag, discount_rate, 促销, 是否促销, 活动, 折扣率, 折扣"
_KIND = "type, 类型, 类别"
_NAME = "title, description, item_name, product_name, item_description, 名称, 商品名称, 品名, 产品名称, 商品标题, 标题"

COLUMN_ALIASES: Mapping[str, Mapping[str, str]] = {
    "sales": {
        "date": _DATE,
        "item": _ITEM,
        "location": _LOCATION,
        "quantity": _QUANTITY,
        "price": _PRICE,
        "promotion": _PROMOTION,
        "in_stock": "instock, available, availability, is_in_stock, 有货, 是否有货, 在库, 是否有库存",
        "hour": "hour_of_day, 小时, 时",
        "channel": "sales_channel, platform, 渠道, 销售渠道, 平台",
        "order": "order_id, order_no, order_number, invoice, invoice_no, 订单, 订单号, 订单编号, 单号, 主订单编号",
        "customer": "customer_id, client_id, user_id, buyer_id, 客户编号, 客户id, 会员编号, 会员id, 用户id",
        "currency": _CURRENCY,
    },
    "stock": {
        "item": _ITEM,
        "location": _LOCATION,
        "on_hand": "onhand, stock, inventory, quantity, qty, quantity_on_hand, qty_on_hand, stock_on_hand, stock_level, available, "
        "current_stock, 现货, 库存, 库存数量, 现有库存, 在库数量, 现存量, 可用库存, 库存量, 当前库存, 数量",
        "reserved": "allocated, committed, 占用, 预留, 锁定, 已占用, 锁定库存, 预占, 占用库存",
        "lot": "batch, lot_number, batch_number, 批次, 批号",
        "expires": "expiry, expiry_date, expiration, expiration_date, best_before, use_by, 到期日, 有效期, 有效期至, 失效日期, 过期日期",
    },
    "incoming": {
        "item": _ITEM,
        "location": _LOCATION,
        "quantity": "qty, units, open_quantity, quantity_ordered, ordered, 数量, 在途数量, 采购数量, 未到数量, 在途",
        "due": "due_date, arrival_date, eta, arrives, expected, expected_date, expected_arrival, delivery_date, date, "
        "到货日期, 预计到货, 预计到货日期, 到货日, 预计到达, 到货时间, 交期, 日期",
        "supplier": _SUPPLIER,
    },
    "items": {
        "item": _ITEM,
        "name": _NAME,
        "category": "product_category, item_category, product_type, group, product_group, 类目, 分类, 品类, 类别, 商品分类, 商品类目",
        "department": "dept, division, 部门, 大类, 一级类目",
        "status": "state, item_status, 状态, 商品状态",
        "unit_cost": _UNIT_COST,
        "price": _PRICE,
        "holding_cost": "holding_cost_per_unit_day, carrying_cost, 持有成本, 库存成本, 仓储成本, 单位持有成本",
        "holding_rate": "carrying_rate, holding_cost_rate, 持有费率, 库存持有率, 年持有率",
        "stockout_cost": "shortage_cost, lost_sale_cost, penalty_cost, 缺货成本, 缺货损失",
        "shortage": "shortage_mode, 缺货处理, 缺货方式",
        "service_target": "service_level, target_service_level, fill_rate_target, 服务水平, 目标服务水平, 满足率, 目标满足率",
        "shelf_life_days": "shelf_life, 保质期, 保质期天数, 保质天数",
        "volume": "unit_volume, cubic_metres, cbm, 体积, 单位体积",
        "weight": "unit_weight, 重量, 单重, 毛重",
        "min_stock": "minimum_stock, min_level, stock_min, safety_stock, 最低库存, 最小库存, 安全库存",
        "max_stock": "maximum_stock, max_level, stock_max, 最高库存, 最大库存",
        "launch": "launch_date, start_of_sale, first_sale_date, available_from, 上市日期, 上架日期, 上新日期",
        "end_of_life": "eol, end_of_life_date, discontinue_date, discontinued_on, end_of_sale, 退市日期, 停产日期, 下架日期, 停售日期",
        "replaces": "replaces_item, predecessor, successor_of, 替代, 替代商品, 前代商品",
    },
    "supply": {
        "item": _ITEM,
        "supplier": _SUPPLIER,
        "location": _LOCATION,
        "lead_time_days": "lead_time, leadtime, lead_days, delivery_days, delivery_time_days, 采购周期, 交货周期, 提前期, "
        "采购提前期, 交货期, 到货周期, 供货周期, 备货周期, 交期",
        "lead_time_sd_days": "lead_time_sd, lead_time_std, lead_time_stddev, lead_time_std_days, 采购周期标准差, 交期标准差, "
        "提前期标准差, 交期波动",
        "review_days": "review_period, review_period_days, order_cycle, order_cycle_days, review_cycle, 订货周期, 补货周期, "
        "盘点周期, 检查周期",
        "unit_cost": f"{_UNIT_COST}, unit_price, price, 单价, 价格",
        "order_cost": "ordering_cost, fixed_cost, fixed_order_cost, setup_cost, 订货成本, 下单成本, 固定成本, 采购固定成本",
        "moq": "min_order_quantity, minimum_order_quantity, minimum_order, min_order, 起订量, 最小起订量, 最小订购量, 最低起订量",
        "pack": "pack_size, case_pack, case_size, lot_size, order_multiple, multiple, 箱规, 包装数, 装箱数, 包装规格, 整箱数, 倍数",
        "max_quantity": "max_order_quantity, maximum_order_quantity, max_order, 最大订购量, 最大采购量, 单次最大量",
        "currency": _CURRENCY,
        "duty_rate": "duty, tariff, tariff_rate, import_duty, 关税, 关税率, 税率",
        "price_breaks": "quantity_discounts, discounts, price_tiers, tiers, 阶梯价, 阶梯价格, 批量折扣",
    },
    "suppliers": {
        "supplier": f"{_SUPPLIER}, name, 名称",
        "min_order_value": "minimum_order_value, min_value, 最低订单金额, 起订金额, 最小订单金额",
        "order_cost": "ordering_cost, fixed_cost, fixed_order_cost, cost_per_order, delivery_fee, 每单费用, 每单固定费用, "
        "订货成本, 下单成本, 固定成本",
        "container_volume": "container, 集装箱体积, 货柜体积, 装柜体积",
        "order_days": "ordering_days, weekdays, 下单日, 订货日, 可下单日",
        "on_time_share": "on_time_rate, otd, on_time_delivery, 准时率, 准时交货率",
    },
    "locations": {
        "location": f"{_LOCATION}, id, 编码",
        "name": "location_name, title, 名称, 地点名称",
        "kind": _KIND,
        "region": "area, 区域, 地区, 大区",
        "country": "country_code, 国家, 国别",
        "currency": _CURRENCY,
        "capacity_volume": "capacity, storage_capacity, 容量, 仓容, 库容",
        "stage_cost": "阶段成本, 节点成本",
        "stage_time_days": "stage_time, processing_days, 处理天数, 处理时间, 作业天数",
        "max_service_time_days": "max_service_time, 最大服务时间, 承诺时效",
    },
    "network": {
        "source": "from, from_location, upstream, origin, 来源, 起点, 上游, 发货仓",
        "target": "to, to_location, downstream, destination, 目标, 终点, 下游, 收货仓, 去向",
        "item": _ITEM,
        "quantity_per": "units_per, 单位用量, 用量",
        "lead_time_days": "lead_time, transit_days, transit_time_days, 运输天数, 在途天数, 运输时间, 提前期",
        "unit_cost": "cost, cost_per_unit, freight, transport_cost, 运费, 单位成本, 运输成本",
        "capacity_per_day": "capacity, daily_capacity, 日运力, 日产能",
    },
    "bundles": {
        "bundle": "bundle_id, bundle_sku, kit, set, parent, 组合, 组合编码, 套装, 套装编码, 组合商品编码",
        "item": f"{_ITEM}, component, component_sku, child, 子商品, 子商品编码, 组件, 单品, 单品编码",
        "quantity": "qty, units, quantity_per, 数量, 用量, 件数",
    },
    "prices": {
        "date": f"{_DATE}, valid_from, from, start, start_date, 生效日期, 开始日期",
        "item": _ITEM,
        "location": _LOCATION,
        "price": _PRICE,
        "promotion": _PROMOTION,
        "competitor_price": "competitor, 竞品价, 竞品价格, 竞争对手价格",
    },
    "calendar": {
        "date": "day, ds, 日期",
        "event": "name, holiday, event_name, holiday_name, 事件, 节日, 活动, 名称, 节假日, 活动名称",
        "kind": _KIND,
        "region": "country, supplier, area, 区域, 地区, 国家, 供应商",
        "uplift_factor": "uplift, factor, multiplier, 提升系数, 系数, 倍数, 增幅",
    },
    "drivers": {
        "date": "day, ds, 日期",
        "item": _ITEM,
        "location": _LOCATION,
        "name": "driver, variable, feature, 名称, 因素, 变量, 指标",
        "value": "数值, 值, 取值",
    },
    "overrides": {
        "item": _ITEM,
        "location": _LOCATION,
        "start": "start_date, from, first, 开始, 开始日期, 起始日期",
        "end": "end_date, to, last, 结束, 结束日期, 截止日期",
        "kind": _KIND,
        "value": "数值, 值, 调整值",
        "low": "low_value, pessimistic, 低, 低值, 最低, 悲观",
        "high": "high_value, optimistic, 高, 高值, 最高, 乐观",
        "author": "by, planner, user, 作者, 填写人, 调整人, 计划员",
        "reason": "comment, note, why, 原因, 理由, 备注",
    },
    "rates": {
        "date": "day, 日期",
        "currency": _CURRENCY,
        "rate": "exchange_rate, fx_rate, value, 汇率",
    },
}
"""For each table and field the other names of its column, separated by commas."""

PERSONAL = (
    "customer_name, client_name, buyer_name, billing_name, shipping_name, first_name, last_name, full_name, recipient, "
    "recipient_name, buyer, receiver, consignee, contact, contact_name, email, e_mail, mail, customer_email, buyer_email, "
    "email_address, phone, mobile, telephone, tel, phone_number, buyer_phone_number, customer_phone, address, address1, "
    "address2, street, zip, zip_code, postcode, postal_code, shipping_address, billing_address, ship_address_1, "
    "ship_address_2, ship_address_3, ship_postal_code, birthday, date_of_birth, id_number, 姓名, 客户, 客户名, 客户姓名, 客户名称, "
    "买家, 买家姓名, 买家昵称, 买家会员名, 会员名, 昵称, 收货人, 收货人姓名, 收件人, 联系人, 电话, 手机, 手机号, 手机号码, 联系电话, 联系手机, "
    "固定电话, 地址, 收货地址, 详细地址, 邮箱, 电子邮件, 电子邮箱, 邮编, 身份证, 身份证号, 旺旺, 旺旺号, 支付宝账号, 买家支付宝账号, 生日"
)
PERSONAL_STARTS = ("shipping", "billing")
PERSONAL_ENDS = (
    "phone",
    "email",
    "mail",
    "address",
    "firstname",
    "lastname",
    "电话",
    "手机",
    "手机号",
    "地址",
    "邮箱",
    "姓名",
)
PERSONAL_TABLES = frozenset({"sales", "stock", "incoming"})
"""Where a column called name or address speaks of a person; in the other tables it speaks of goods and firms."""
