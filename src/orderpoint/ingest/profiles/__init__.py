"""Exports of shop systems, recognised by their headers: one file for each system, one explicit list of all.

The order of `PROFILES` is the order in which they are asked; the first that matches converts the table.
"""

from __future__ import annotations

from orderpoint.ingest.profiles.amazon import ALL_ORDERS, NEW_ORDERS
from orderpoint.ingest.profiles.base import Converted, Profile
from orderpoint.ingest.profiles.catalogue import merged_items
from orderpoint.ingest.profiles.invoice_lines import InvoiceLines
from orderpoint.ingest.profiles.jd import FORM as JD_ORDERS
from orderpoint.ingest.profiles.order_lines import OrderReport
from orderpoint.ingest.profiles.shopify_inventory import ShopifyInventory
from orderpoint.ingest.profiles.shopify_orders import ShopifyOrders
from orderpoint.ingest.profiles.taobao import TaobaoOrders
from orderpoint.ingest.profiles.teaching import TeachingFile
from orderpoint.ingest.profiles.wide import WideFile
from orderpoint.ingest.profiles.woocommerce_orders import BY_LINE, WooCommerceOrders
from orderpoint.ingest.profiles.woocommerce_products import WooCommerceProducts
from orderpoint.ingest.reading import RawTable

__all__ = ["PROFILES", "Converted", "Profile", "merged_items", "profile_of"]

PROFILES: tuple[Profile, ...] = (
    ShopifyOrders(),
    ShopifyInventory(),
    WooCommerceProducts(),
    OrderReport(BY_LINE),
    WooCommerceOrders(),
    OrderReport(JD_ORDERS),
    TaobaoOrders(),
    OrderReport(ALL_ORDERS),
    OrderReport(NEW_ORDERS),
    InvoiceLines(),
    TeachingFile(),
    WideFile(),
)


def profile_of(raw: RawTable) -> Profile | None:
    """The first profile whose headers `raw` has, None where it is no known export."""
    return next((p for p in PROFILES if p.matches(raw)), None)
