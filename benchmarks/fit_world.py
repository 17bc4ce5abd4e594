"""Fit the invented shop's parameters to real data, and print each number with the data set it comes from.

usage: ORDERPOINT_DATA=FOLDER python benchmarks/fit_world.py [WORD...]     only the fits whose name contains a word

The figures printed here are the named constants of `orderpoint.simulate.world.fitted`; the tests of that room compare
the two where the data are at hand. Nothing of the data itself enters the product. `docs/world.md` says how each one
is used.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import numpy as np
import polars as pl

NOT_A_PRODUCT = (
    r"^(\d{5}[A-Z]{0,2})$"  # of online_retail_ii: every other code is postage, a fee, a sample or a correction
)


def data_folder() -> Path:
    """The folder of real data; ends with the remedy where it is not set."""
    folder = os.environ.get("ORDERPOINT_DATA")
    if not folder:
        sys.exit("ORDERPOINT_DATA is not set: point it at the folder that holds m5/, rossmann/ and the others")
    return Path(folder)


def m5_daily(folder: Path) -> tuple[pl.DataFrame, np.ndarray]:
    """Keys and units (series, day) of the 152 days d_1762..d_1913 of M5, the series that sold at all."""
    wide = pl.read_parquet(folder / "m5" / "sales_daily_wide_d1762_d1913.parquet")
    units = wide.select(pl.col("^d_.*$")).to_numpy().astype(float)
    seen = units.sum(axis=1) > 0
    return wide.filter(pl.Series(seen)), units[seen]


def rates(folder: Path) -> dict[str, float]:
    """Lognormal spread of the daily rate of a series, and how two places of one item differ (M5)."""
    keys, units = m5_daily(folder)
    log_rate = np.log(units.mean(axis=1))
    by_item = keys.select("item_id").with_columns(log_rate=pl.Series(log_rate))
    between = by_item.group_by("item_id").agg(pl.col("log_rate").mean(), (pl.col("log_rate").var()).alias("within"))
    within_var = between["within"].drop_nulls().mean()
    return {
        "LOG_RATE_MEAN": float(log_rate.mean()),
        "LOG_RATE_SD": float(log_rate.std()),
        "LOG_RATE_WITHIN_ITEM_SD": float(np.sqrt(within_var)),
        "ZERO_SHARE": float((units == 0).mean()),
    }


def shop_rates(folder: Path) -> dict[str, float]:
    """The same for a real web shop: orders of an item a day, over the year to 2011-08-31 (Online Retail II)."""
    lines = retail_lines(folder).filter((pl.col("quantity") > 0) & (pl.col("day") > pl.date(2010, 8, 31)))
    daily = lines.group_by("stock_code").agg(pl.col("quantity").sum() / 365.0, pl.len().alias("lines"))
    log_rate = daily.filter(pl.col("lines") >= 4)["quantity"].log()
    log_price = (
        lines.filter(pl.col("unit_price") > 0)
        .group_by("stock_code")
        .agg(pl.col("unit_price").median())["unit_price"]
        .log()
    )
    return {
        "WEB_LOG_RATE_MEAN": float(log_rate.mean()),
        "WEB_LOG_RATE_SD": float(log_rate.std()),
        "WEB_LOG_PRICE_SD": float(log_price.std()),
    }


def retail_lines(folder: Path) -> pl.DataFrame:
    """Product lines of Online Retail II, the overlap of its two sheets counted once."""
    lines = pl.read_parquet(folder / "online_retail_ii" / "transactions.parquet")
    first, second = pl.col("sheet") == "2009-2010", pl.col("sheet") == "2010-2011"
    once = (first & (pl.col("invoice_date") < pl.datetime(2010, 12, 1))) | second
    return lines.filter(once & pl.col("stock_code").str.contains(NOT_A_PRODUCT)).with_columns(
        day=pl.col("invoice_date").dt.date()
    )


def returns(folder: Path) -> dict[str, float]:
    """Share of lines that come back (same customer and item later), and after how many days (Online Retail II)."""
    lines = retail_lines(folder).filter(pl.col("customer_id").is_not_null())
    sold = lines.filter(pl.col("quantity") > 0)
    back = (
        lines.filter(pl.col("quantity") < 0)
        .with_columns(returned=pl.col("day"), quantity=-pl.col("quantity"))
        .sort("returned")
    )
    pairs = back.select("customer_id", "stock_code", "quantity", "returned").join_asof(
        sold.select("customer_id", "stock_code", "day").sort("day"),
        left_on="returned",
        right_on="day",
        by=["customer_id", "stock_code"],
        check_sortedness=False,
    )
    delay = (pairs["returned"] - pairs["day"]).dt.total_days().drop_nulls().to_numpy()
    return {"RETURN_LINE_SHARE": len(delay) / sold.height, "RETURN_DELAY_MEDIAN_DAYS": float(np.median(delay))}


def overdispersion(folder: Path) -> dict[str, float]:
    """Negative binomial size k by moments, var = mean + mean^2 / k, after weekday and 28-day level are removed (M5).

    The spread of log k and its slope on the log rate are those of the series that sell at least 1 a day; below that
    the moments say nothing.
    """
    _, units = m5_daily(folder)
    days = units.shape[1] // 28 * 28
    blocks = units[:, :days].reshape(len(units), -1, 28)
    mean = blocks.mean(axis=2)
    weekday = blocks.reshape(len(units), -1, 4, 7).sum(axis=(0, 1, 2))
    factor = np.tile(weekday / weekday.mean(), 4)
    level = mean[:, :, None] * factor
    excess = ((blocks - level) ** 2 - level).sum(axis=(1, 2)) * 28 / 27
    size = (level**2).sum(axis=(1, 2)) / np.maximum(excess, 1e-9)
    rate = units.mean(axis=1)
    fast = (rate >= 1.0) & (size > 0.05) & (size < 100.0)
    slope, intercept = np.polyfit(np.log(rate[fast]), np.log(size[fast]), 1)
    residual = np.log(size[fast]) - (intercept + slope * np.log(rate[fast]))
    return {
        "LOG_SIZE_AT_RATE_ONE": float(intercept),
        "LOG_SIZE_SLOPE": float(slope),
        "LOG_SIZE_SD": float(residual.std()),
        "SHARE_UNDERDISPERSED": float((excess[rate >= 1.0] <= 0).mean()),
    }


def drift(folder: Path) -> dict[str, float]:
    """Slow drift of a series' log level as a mean-reverting walk (M5, three years of months of 30 units and more).

    The variance of a difference over k months is 2 noise + 2 sd^2 (1 - rho^k); (sd, rho, noise) by least squares over
    k = 1..18.
    """
    months = pl.read_parquet(folder / "m5" / "sales_monthly.parquet").sort("id", "month")
    units = months.pivot(on="month", index="id", values="sales").drop("id").to_numpy().astype(float)[:, 1:-1][:, -36:]
    units = units[(units >= 30).all(axis=1)]
    level = np.log(units) - np.log(units.sum(axis=0) / units.sum(axis=0).mean())
    lags = np.arange(1, 19)
    variance = np.array([((level[:, k:] - level[:, :-k]) ** 2).mean() for k in lags])
    best = (np.inf, 0.0, 0.0, 0.0)
    for rho in np.arange(0.5, 0.996, 0.005):
        design = np.stack([np.full(len(lags), 2.0), 2.0 * (1.0 - rho**lags)], axis=1)
        (noise, spread), *_ = np.linalg.lstsq(design, variance, rcond=None)
        best = min(best, (float(((design @ [noise, spread] - variance) ** 2).sum()), rho, spread, noise))
    return {
        "DRIFT_SD": float(np.sqrt(best[2])),
        "DRIFT_MONTHLY_CORRELATION": float(best[1]),
        "DRIFT_NOISE_SD": float(np.sqrt(max(best[3], 0))),
    }


def weekday_profile(folder: Path) -> dict[str, float]:
    """Weekday factors, Monday first, by M5 category and for store_item_demand (synthetic, shown to compare)."""
    keys, units = m5_daily(folder)
    calendar = pl.read_parquet(folder / "m5" / "calendar.parquet")
    first = calendar.filter(pl.col("d") == "d_1762")["date"].item()
    day = (np.arange(units.shape[1]) + first.weekday()) % 7
    out = {}
    for category in sorted(set(keys["cat_id"])):
        total = units[(keys["cat_id"] == category).to_numpy()].sum(axis=0)
        profile = np.array([total[day == d].mean() for d in range(7)])
        out |= {f"WEEKDAY_{category}_{d}": float(v) for d, v in enumerate(profile / profile.mean())}
    items = pl.read_parquet(folder / "store_item_demand" / "train.parquet")
    plain = (
        items.group_by(pl.col("date").dt.weekday().alias("d")).agg(pl.col("sales").mean()).sort("d")["sales"].to_numpy()
    )
    return out | {f"WEEKDAY_STORE_ITEM_{d}": float(v) for d, v in enumerate(plain / plain.mean())}


def yearly_profile(folder: Path) -> dict[str, float]:
    """Spread of the monthly factors by category, after a linear trend (M5 months), and of store_item_demand."""
    months = pl.read_parquet(folder / "m5" / "sales_monthly.parquet").filter(
        pl.col("month").is_between(pl.date(2012, 1, 1), pl.date(2015, 12, 1))
    )
    out = {}
    for category in ("FOODS", "HOBBIES", "HOUSEHOLD"):
        total = (
            months.filter(pl.col("item_id").str.starts_with(category))
            .group_by("month")
            .agg(pl.col("sales").sum())
            .sort("month")
        )
        per_day = total["sales"].to_numpy() / total["month"].dt.month_end().dt.day().to_numpy()
        trend = np.polyval(np.polyfit(np.arange(48), np.log(per_day), 1), np.arange(48))
        out[f"YEARLY_SD_{category}"] = float((np.log(per_day) - trend).reshape(4, 12).mean(axis=0).std())
    items = pl.read_parquet(folder / "store_item_demand" / "train.parquet")
    plain = items.group_by(pl.col("date").dt.month().alias("m")).agg(pl.col("sales").mean())["sales"].log()
    return out | {"YEARLY_SD_STORE_ITEM": float(plain.std())}


def promotion(folder: Path) -> dict[str, float]:
    """Uplift of a promotion day over the same store, weekday and month, and the dip after it (Rossmann).

    The dip: how a plain week right after a promotion week differs from one that follows a plain week. Monday to Friday,
    January to November.
    """
    days = (
        pl.read_parquet(folder / "rossmann" / "sales_open_days.parquet")
        .filter(pl.col("DayOfWeek") <= 5)
        .sort("Store", "Date")
    )
    month = pl.col("Date").dt.month()
    days = days.with_columns(
        log=pl.col("Sales").log(),
        since=(
            pl.col("Date") - pl.when(pl.col("Promo") == 1).then(pl.col("Date")).forward_fill().over("Store")
        ).dt.total_days(),
    )
    days = days.filter(month.is_between(1, 11))
    level = days.with_columns(log=pl.col("log") - pl.col("log").mean().over("Store", "DayOfWeek", month))
    by_store = level.group_by("Store").agg(
        uplift=pl.col("log").filter(pl.col("Promo") == 1).mean() - pl.col("log").filter(pl.col("Promo") == 0).mean()
    )["uplift"]
    plain = days.filter(pl.col("Promo") == 0)
    plain = plain.with_columns(log=pl.col("log") - pl.col("log").mean().over("Store", "DayOfWeek", month))
    after = plain.group_by(pl.col("since") <= 7).agg(pl.col("log").mean(), pl.len()).drop_nulls().sort("since")
    return {
        "PROMOTION_LOG_UPLIFT": float(by_store.mean()),
        "PROMOTION_LOG_UPLIFT_SD": float(by_store.std()),
        "AFTER_PROMOTION_LOG_DIP": float(after["log"][1] - after["log"][0]),
    }


def festival(folder: Path) -> dict[str, float]:
    """How the two weeks before Christmas rise above November, and how the days after fall below it (Rossmann)."""
    days = pl.read_parquet(folder / "rossmann" / "sales_open_days.parquet").filter(pl.col("DayOfWeek") <= 6)
    out = []
    for year in (2013, 2014):

        def level(first: pl.Expr, last: pl.Expr) -> float:
            return days.filter(pl.col("Date").is_between(first, last) & (pl.col("Promo") == 0))["Sales"].mean()

        base = level(pl.date(year, 11, 1), pl.date(year, 11, 30))
        out.append(
            (
                level(pl.date(year, 12, 9), pl.date(year, 12, 23)) / base,
                level(pl.date(year, 12, 27), pl.date(year + 1, 1, 11)) / base,
            )
        )
    rise, fall = np.array(out).mean(axis=0)
    return {"CHRISTMAS_UPLIFT": float(rise), "AFTER_CHRISTMAS": float(fall)}


def elasticity(folder: Path) -> dict[str, float]:
    """Own and competitor price elasticity, and a deal's lift, by brand with store and month effects (orange juice)."""
    weeks = pl.read_parquet(folder / "orange_juice" / "sales.parquet")
    prices = [f"price{b}" for b in range(1, 12)]
    own, other, deal = [], [], []
    for (brand,), part in weeks.group_by("brand", maintain_order=True):
        rival = [p for p in prices if p != f"price{brand}"]
        frame = part.with_columns(
            own=pl.col(f"price{brand}").log(),
            rival=pl.mean_horizontal([pl.col(p).log() for p in rival]),
            deal=pl.col("deal").cast(float),
        )
        columns = ["logmove", "own", "rival", "deal", "feat"]
        frame = frame.with_columns([pl.col(c) - pl.col(c).mean().over("store") for c in columns])
        month = (frame["week"].to_numpy() // 4)[:, None] == np.unique(frame["week"].to_numpy() // 4)[None, 1:]
        design = np.column_stack([frame.select(columns[1:]).to_numpy(), month])
        beta = np.linalg.lstsq(design, frame["logmove"].to_numpy(), rcond=None)[0]
        own.append(beta[0]), other.append(beta[1]), deal.append(beta[2])
    return {
        "ELASTICITY_MEAN": float(np.mean(own)),
        "ELASTICITY_SD": float(np.std(own)),
        "COMPETITOR_ELASTICITY_MEAN": float(np.mean(other)),
        "DEAL_LOG_LIFT": float(np.mean(deal)),
    }


def lead_times(folder: Path) -> dict[str, float]:
    """Spread of the days from order to delivery within a vendor, mode and country, and against the promise (SCMS)."""
    lines = pl.read_parquet(folder / "scms_shipments" / "delivery_history.parquet")
    sent = pl.col("po_sent_to_vendor_date").str.to_date("%m/%d/%y", strict=False)
    lines = (
        lines.with_columns(sent=sent)
        .drop_nulls("sent")
        .with_columns(
            days=(pl.col("delivered_to_client_date") - pl.col("sent")).dt.total_days(),
            promised=(pl.col("scheduled_delivery_date") - pl.col("sent")).dt.total_days(),
            late=(pl.col("delivered_to_client_date") - pl.col("scheduled_delivery_date")).dt.total_days(),
        )
        .filter(pl.col("days").is_between(3, 500))
    )
    # one delivery is one draw: lines that travelled together are one
    trips = lines.group_by("vendor", "shipment_mode", "country", "po_so", "delivered_to_client_date").agg(
        pl.col("days", "late", "promised").first()
    )
    lanes = (
        trips.group_by("vendor", "shipment_mode", "country")
        .agg(
            pl.len().alias("n"),
            pl.col("days").mean().alias("mean"),
            pl.col("days").std().alias("sd"),
            pl.col("days").log().std().alias("log_sd"),
            pl.col("days").skew().alias("skew"),
        )
        .filter(pl.col("n") >= 8)
    )
    cv = lanes["sd"] / lanes["mean"]
    mean_of = trips.group_by("shipment_mode").agg(pl.col("days").median()).sort("shipment_mode")
    out = {f"LEAD_TIME_MEDIAN_{m.upper().replace(' ', '_')}": float(d) for m, d in mean_of.iter_rows()}
    return out | {
        "LEAD_TIME_CV_MEDIAN": float(cv.median()),
        "LEAD_TIME_CV_Q25": float(cv.quantile(0.25)),
        "LEAD_TIME_CV_Q75": float(cv.quantile(0.75)),
        "LEAD_TIME_SKEW_OVER_CV_MEDIAN": float((lanes["skew"] / cv).median()),
        "LEAD_TIME_OVER_PROMISE_SD": float((trips["days"] / trips["promised"]).filter(trips["promised"] > 7).std()),
        "LATE_SHARE": float((trips["late"] > 0).mean()),
        "LATE_MEDIAN_DAYS": float(trips.filter(pl.col("late") > 0)["late"].median()),
    }


def stockouts(folder: Path) -> dict[str, float]:
    """Share of item-weeks out of stock (VN2) and of opening hours out of stock (FreshRetailNet)."""
    weeks = pl.read_parquet(folder / "vn2_inventory" / "weekly_sales_in_stock.parquet")
    hours = pl.read_parquet(folder / "freshretailnet_subset" / "daily.parquet")["hourly_stockout_6_22"].list.mean()
    return {"WEEKS_OUT_OF_STOCK": 1.0 - float(weeks["in_stock"].mean()), "HOURS_OUT_OF_STOCK": float(hours.mean())}


FITS = {
    "rates (m5)": rates,
    "shop_rates (online_retail_ii)": shop_rates,
    "returns (online_retail_ii)": returns,
    "overdispersion (m5)": overdispersion,
    "drift (m5)": drift,
    "weekday_profile (m5, store_item_demand)": weekday_profile,
    "yearly_profile (m5, store_item_demand)": yearly_profile,
    "promotion (rossmann)": promotion,
    "festival (rossmann)": festival,
    "elasticity (orange_juice)": elasticity,
    "lead_times (scms_shipments)": lead_times,
    "stockouts (vn2_inventory, freshretailnet_subset)": stockouts,
}


def main(words: list[str]) -> None:
    """Print every fit whose name contains one of the words, or all of them."""
    folder = data_folder()
    for name, fit in FITS.items():
        if words and not any(w in name for w in words):
            continue
        print(name)
        for constant, value in fit(folder).items():
            print(f"    {constant:34} {value:10.4f}")


if __name__ == "__main__":
    main(sys.argv[1:])
