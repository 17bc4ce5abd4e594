"""Supplier, warehouse and shops as one network: parts of SCOLLAB, each usable alone (docs/algorithms/scollab.md)."""
