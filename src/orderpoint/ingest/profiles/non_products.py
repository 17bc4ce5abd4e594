"""Codes that stand on invoices but on no shelf: postage, fees, discounts, vouchers, samples, tests, manual entries.

Three signs, each careful enough for real catalogues: the code itself is a word of that kind; the code's usual
description is, as a whole, such a phrase ("DOTCOM POSTAGE", not "POSTAGE STAMP MUG"); or the code is a stray one
among many of another form (a single letter, perhaps with one digit, where nearly all codes are longer).
"""

from __future__ import annotations

import polars as pl

from orderpoint.ingest.profiles import cells
from orderpoint.ingest.profiles.catalogue import usual_names

FEE = "no_product_fee"
VOUCHER = "no_product_voucher"
MANUAL = "no_product_manual"
SAMPLE = "no_product_sample"
TEST = "no_product_test"
TOO_CHEAP = "no_product_token_price"


def _whole(*alternatives: str) -> str:
    return f"^(?:{'|'.join(alternatives)})$"


CODES: dict[str, str] = {
    FEE: _whole(
        "post|postage|shipping|ship|freight|carriage|delivery|handling",
        "bank ?charges?|tax|vat|insurance|surcharge|tip|deposit",
        r"(?:(?:amazon|ebay|paypal|bank|service|handling|delivery)[ _-]?)?fees?",
        "运费|邮费|快递费|服务费|手续费",
    ),
    VOUCHER: _whole(
        r"gift|(?:e-?)?gift[ _-]?(?:card|voucher)s?(?:[ _-].*)?|gift_\d+_\d+|voucher|礼品卡|代金券|优惠券",
    ),
    MANUAL: _whole(r"manual|adjust(?:ment)?\d*|disc(?:ount)?|coupon|credit|refund|bad ?debt|补差价|差价|补拍"),
    SAMPLE: _whole("samples?|样品|赠品"),
    TEST: _whole(r"test[ _-]?\d*|测试.*"),
}
"""Reason -> pattern of the whole code, lower case."""

NAMES: dict[str, str] = {
    FEE: _whole(
        r"(?:\w+ ){0,2}(?:postage|carriage|shipping|freight)(?: (?:charge|fee|cost)s?)?",
        r"(?:bank|delivery|shipping|handling|service) (?:charge|fee)s?",
        r"(?:\w+ )?fee|(?:\w+ )?commission",
        "(?:运费|邮费).{0,6}|.{0,4}(?:邮费|运费)(?:差价|补拍|链接|专拍)?.{0,4}|(?:服务|手续|快递|包装)费",
    ),
    VOUCHER: _whole(
        r"(?:e-)?gift (?:card|voucher|certificate)s?",
        r".{0,24} gift (?:card|voucher)s?(?: \W?[\d.]+)?",
        "(?:电子)?礼品卡.{0,6}|(?:代金|优惠|购物)券.{0,6}",
    ),
    MANUAL: _whole(
        "manual|discount|adjust(?:ment)?(?: .*)?",
        ".{0,6}(?:补差价|差价补拍|补差|差价链接|差价专拍).{0,8}",
    ),
    SAMPLE: _whole("samples?"),
    TEST: _whole(r"(?:this is a )?test(?: product| item| order)?\W?|测试.{0,6}"),
}
"""Reason -> pattern of the whole usual description, lower case and with single spaces."""

STRAY = r"^[A-Za-z]\d?$"
STRAY_SHARE_MAX = 0.02
STRAY_CATALOGUE_MIN = 50
TOKEN_PRICE_MAX = 0.01


def find(lines: pl.DataFrame, counted: pl.DataFrame, delimiter: str = "") -> pl.DataFrame:
    """`item`, `reason` of the codes that are no product, by reason and code.

    `lines` are order lines with `item` and perhaps `price`, `counted` their `catalogue.spellings`, `delimiter` that
    of the file.
    """
    codes = usual_names(counted).with_columns(pl.col("item").str.to_lowercase().alias("_code"))
    reason = pl.lit(None, pl.String)
    for patterns, column in ((NAMES, "_name"), (CODES, "_code")):
        for code, pattern in patterns.items():
            reason = pl.when(pl.col(column).str.contains(pattern)).then(pl.lit(code)).otherwise(reason)
    stray = codes["item"].str.contains(STRAY)
    if codes.height >= STRAY_CATALOGUE_MIN and stray.sum() <= STRAY_SHARE_MAX * codes.height:
        reason = pl.when(pl.col("item").str.contains(STRAY)).then(pl.coalesce(reason, pl.lit(MANUAL))).otherwise(reason)
    token = pl.col("item").is_in(_token_priced(lines, delimiter).implode())
    reason = pl.when(token).then(pl.coalesce(reason, pl.lit(TOO_CHEAP))).otherwise(reason)
    return codes.select("item", reason.alias("reason")).drop_nulls().sort("reason", "item")


def _token_priced(lines: pl.DataFrame, delimiter: str) -> pl.Series:
    """Codes whose usual price is below a hundredth of the currency's unit: nobody sells at that, it books something."""
    if "price" not in lines.columns:
        return pl.Series("item", [], pl.String)
    priced = lines.select("item", cells.number(lines, "price", delimiter).alias("price")).filter(pl.col("price") > 0)
    some = priced.filter(pl.col("price") < TOKEN_PRICE_MAX)["item"].unique()
    suspects = priced.filter(pl.col("item").is_in(some.implode()))
    usual = suspects.group_by("item").agg(pl.col("price").median().alias("usual"))
    return usual.filter(pl.col("usual") < TOKEN_PRICE_MAX)["item"]
