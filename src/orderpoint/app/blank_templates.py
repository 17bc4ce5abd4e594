"""Blank templates for a user to fill in."""

from __future__ import annotations

from pathlib import Path

from orderpoint.ingest.templates import Written, write_templates

__all__ = ["Written", "blank_templates"]


def blank_templates(folder: Path) -> Written:
    """Write a blank CSV for every table and the explanations into `folder`; files that exist are left as they are."""
    return write_templates(folder)
