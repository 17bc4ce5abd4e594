"""Repairs of what was sold: overlapping exports, returns, cancellations; each one is listed."""
