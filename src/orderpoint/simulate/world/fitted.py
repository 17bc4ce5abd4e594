"""The numbers the invented shop is made of: those fitted to real data, then those that were chosen.

Every fitted number is printed by `python benchmarks/fit_world.py` (the data folder named by ORDERPOINT_DATA); the
comment names the data set, and `docs/world.md` says how each number is used. A test fits them again where the data
are at hand.
"""

from __future__ import annotations

from typing import Final

# --- m5: 30,490 store-items of a retailer, 152 days (`fit_world.py rates overdispersion`)
LOG_RATE_MEAN: Final = -0.550  # units a day of one item at one place: lognormal
LOG_RATE_SD: Final = 1.280
LOG_RATE_WITHIN_ITEM_SD: Final = 0.663  # of which between the places of one item
LOG_SIZE_AT_RATE_ONE: Final = (
    1.121  # size k of the negative binomial (var = m + m^2 / k): log k is linear in the log rate
)
LOG_SIZE_SLOPE: Final = 0.211
LOG_SIZE_SD: Final = 1.020
ZERO_SHARE: Final = 0.588  # not an input: what a world made of the numbers above has to give back

# --- m5: 59 months of the same series (`fit_world.py drift yearly_profile`)
DRIFT_SD: Final = 0.288  # of the log level, a mean-reverting walk
DRIFT_MONTHLY_CORRELATION: Final = 0.860
YEARLY_SD: Final = {"food": 0.044, "hobby": 0.040, "household": 0.064, "seasonal": 0.203}  # seasonal: store_item_demand

# --- m5: weekday factors, Monday first (`fit_world.py weekday_profile`)
WEEKDAY: Final = {
    "food": (0.951, 0.906, 0.895, 0.903, 0.933, 1.206, 1.206),
    "hobby": (0.924, 0.896, 0.920, 0.911, 0.962, 1.242, 1.146),
    "household": (0.947, 0.867, 0.865, 0.885, 0.940, 1.268, 1.228),
}

# --- online_retail_ii: invoice lines of a web shop (`fit_world.py shop_rates returns`)
LOG_PRICE_SD: Final = 1.014
RETURN_SHARE: Final = 0.021
RETURN_DELAY_MEDIAN_DAYS: Final = 9.0

# --- orange_juice: eleven brands in 83 shops, two years (`fit_world.py elasticity`)
ELASTICITY_MEAN: Final = -2.890
ELASTICITY_SD: Final = 0.873
COMPETITOR_ELASTICITY: Final = 1.881
DEAL_LOG_LIFT: Final = 0.0  # fitted at -0.002: the price does it all, a label adds nothing

# --- rossmann: 1,115 stores, 2.5 years (`fit_world.py promotion festival`)
PROMOTION_LOG_UPLIFT: Final = 0.319  # the depths below give it back at the mean elasticity
AFTER_PROMOTION_LOG_DIP: Final = -0.045
CHRISTMAS_UPLIFT: Final = 1.294

# --- scms_shipments: days from order to delivery of 10,324 lines (`fit_world.py lead_times`)
LEAD_TIME_CV_NEAR: Final = 0.174  # actual over promised days
LEAD_TIME_CV_FAR: Final = 0.392  # lower quartile of the lanes: the rest of their spread is planned
LEAD_TIME_FAR_MEDIAN_DAYS: Final = (
    42.0  # by truck; the gamma shape: skewness 1.4 times the CV, below the gamma's 2 and the lognormal's 3
)

# --- vn2_inventory (11 % of weeks out of stock) and freshretailnet_subset (15 % of hours) bound what a rule loses:
# the invented shop's rule is set to leave 5 to 8 % of item-days empty, with SAFETY below.

# --- chosen, not fitted: no open data set at hand bears them
PROMOTION_DEPTHS: Final = (0.05, 0.08, 0.10, 0.12, 0.17)  # mean -log(1 - depth) x 2.89 = PROMOTION_LOG_UPLIFT
PROMOTION_DAILY_CHANCE: Final = 1 / 55
FESTIVAL_DEPTHS: Final = (0.10, 0.15, 0.20, 0.25)
NEAR_LEAD_TIME_DAYS: Final = (3.0, 15.0)
TRAFFIC_SD: Final = 0.05  # of a daily shock that all items of a place share
SAFETY: Final = 1.7  # of the shop's own rule, in standard deviations of a Poisson demand
