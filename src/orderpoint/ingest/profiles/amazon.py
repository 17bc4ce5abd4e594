"""Amazon order reports: "All Orders" (amazon-order-id ...) and the seller's own (order-id, order-item-id ...).

Both are tab-separated. Times are ISO with a zone; the day is the one the file writes. item-price is the line's
total, not a unit's.
"""

from __future__ import annotations

from orderpoint.ingest.profiles.order_lines import OrderForm

PERSONAL = (
    "buyer-email",
    "buyer-name",
    "buyer-phone-number",
    "recipient-name",
    "ship-phone-number",
    "ship-address-1",
    "ship-address-2",
    "ship-address-3",
    "ship-city",
    "ship-postal-code",
    "bill-name",
    "bill-address-1",
    "bill-address-2",
    "bill-address-3",
    "bill-city",
    "bill-postal-code",
)

ALL_ORDERS = OrderForm(
    name="amazon_all_orders",
    signature=(("amazon-order-id",), ("purchase-date",), ("sku", "asin"), ("quantity", "quantity-purchased")),
    fields={
        "date": ("purchase-date",),
        "item": ("sku", "asin"),
        "quantity": ("quantity", "quantity-purchased"),
        "price": ("item-price",),
        "order": ("amazon-order-id",),
        "channel": ("sales-channel",),
        "currency": ("currency",),
    },
    product_name=("product-name",),
    status=("order-status", "item-status"),
    dropped={
        "cancel": "order_cancelled",
        "returned to seller|returning to seller|rejected by buyer|undeliverable": "order_refunded",
    },
    personal=PERSONAL,
    price_is_line_total=True,
)

NEW_ORDERS = OrderForm(
    name="amazon_orders",
    signature=(("order-item-id",), ("purchase-date",), ("quantity-purchased",), ("sku",)),
    fields={**ALL_ORDERS.fields, "order": ("order-id",)},
    product_name=("product-name",),
    personal=PERSONAL,
    price_is_line_total=True,
)
