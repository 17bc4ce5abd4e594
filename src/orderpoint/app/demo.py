"""The demo: invent a shop, lay its files on disk as a user would have them, and plan it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from orderpoint.app.plan_folder import PlanOutcome, plan_folder
from orderpoint.app.request import PlanRequest, Progress
from orderpoint.messages import Language
from orderpoint.simulate.world import WorldSettings, invent, write

SHOP, PLAN = "shop", "plan"


@dataclass(frozen=True)
class DemoRequest:
    """Where the demo goes and how large its shop is."""

    out: Path
    items: int
    locations: int
    seed: int
    language: Language


@dataclass(frozen=True, eq=False)
class DemoOutcome:
    """The invented shop's files, and its plan."""

    shop: Path
    folder: Path
    plan: PlanOutcome


def run_demo(request: DemoRequest, tell: Progress) -> DemoOutcome:
    """Invent, write and plan. The same request gives the same files."""
    tell("demo_inventing")
    settings = WorldSettings(
        items=request.items, locations=request.locations, seed=request.seed, language=request.language.value
    )
    shop = request.out / SHOP
    write(invent(settings), shop)
    outcome = plan_folder(PlanRequest(inputs=(shop,), out=request.out / PLAN, language=request.language), tell)
    return DemoOutcome(shop, request.out / PLAN, outcome)
