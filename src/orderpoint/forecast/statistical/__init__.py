"""The statistical portfolio: many forms, each with many parameter sets, run over time side by side."""
