"""Forecasts that were published, held against the sales that came: accuracy, drift, and what to do about it."""
