"""What is known of each item, aligned with `SeriesIndex.items`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from orderpoint.domain.catalog import Status


@dataclass(frozen=True, eq=False)
class Catalog:
    """Attributes of m items in the order of `items`; each tuple has length m, None where unknown."""

    items: tuple[str, ...]
    name: tuple[str | None, ...]
    category: tuple[str | None, ...]
    department: tuple[str | None, ...]
    status: tuple[Status, ...]
    launch: tuple[date | None, ...]
    end_of_life: tuple[date | None, ...]
    replaces: tuple[str | None, ...]
    shelf_life_days: tuple[float | None, ...]
    volume: tuple[float | None, ...]

    @classmethod
    def bare(cls, items: tuple[str, ...]) -> Catalog:
        """A catalogue that knows nothing but the names: every item is active."""
        none = (None,) * len(items)
        return cls(items, none, none, none, (Status.ACTIVE,) * len(items), none, none, none, none, none)

    def rows_of(self, items: tuple[str, ...]) -> list[int | None]:
        """Row of each of `items` here, None where it is not there."""
        at = {item: k for k, item in enumerate(self.items)}
        return [at.get(item) for item in items]

    def called(self, item: str) -> str:
        """One of the items as people call it: with its name in brackets where that tells more than its code."""
        name = self.name[self.items.index(item)]
        return item if name in (None, "", item) else f"{item} ({name})"
