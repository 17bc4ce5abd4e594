"""Build-up and run-down of stock over the reviews of a season, for CIMS (docs/algorithms/cims.md)."""
