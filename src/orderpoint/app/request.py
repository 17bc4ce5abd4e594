"""What a user asks of a planning run."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Literal

from orderpoint.domain.calendar import Period
from orderpoint.messages import Language

Progress = Callable[[str], None]
"""Called with a key of `messages.command_line` when a step begins."""

Effort = Literal["quick", "standard", "best"]


@dataclass(frozen=True)
class PlanRequest:
    """The words of `orderpoint plan`, checked for form; None where the data decide.

    `inputs`: files or one folder. `out`: folder of the results. `label`: whether dates name the first or the last day
    of their period. `budget` is money; `rules` a file of rules (docs/algorithms/rio.md); `min_stock` and `max_stock`
    are levels in units for every series; `measure`, `targets` and `max_orders` are what MAXSERV is asked for, in the
    words of `optimize.service.words`; `mapping` is column -> field. `previous`: results of earlier runs (None: those
    that lie where this one writes). `memory`: GiB that the forecast may take (None: what it needs).
    """

    inputs: tuple[Path, ...]
    out: Path | None = None
    today: date | None = None
    period: Period | None = None
    label: Literal["start", "end"] = "start"
    horizon: int | None = None
    method: str = "mincost"
    budget: float | None = None
    rules: Path | None = None
    measure: str | None = None
    targets: tuple[str, ...] = ()
    max_orders: str | None = None
    effort: Effort = "quick"
    min_stock: float | None = None
    max_stock: float | None = None
    mapping: Mapping[str, str] = field(default_factory=dict)
    previous: Path | None = None
    seed: int = 1
    workers: int | None = None
    memory: float | None = None
    language: Language = Language.EN
