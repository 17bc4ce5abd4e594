"""What is said of an item: whether it may be ordered, and what happens to demand that finds no stock."""

from __future__ import annotations

from enum import StrEnum


class Status(StrEnum):
    """Life state of an item. Frozen and discontinued items are never ordered."""

    ACTIVE = "active"
    FROZEN = "frozen"
    DISCONTINUED = "discontinued"


class Shortage(StrEnum):
    """What happens to demand that finds no stock: it is lost, or it waits (backlog)."""

    LOST = "lost"
    BACKLOG = "backlog"
