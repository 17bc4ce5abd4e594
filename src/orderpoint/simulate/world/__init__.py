"""An invented shop: what it would see, in the tables of the file contract, and the truth that no shop knows.

`invent(WorldSettings(items=500))` gives a `World`; `write(world, folder)` lays it on disk; `stream(settings, folder)`
writes a shop of any size as Parquet without keeping it. `World.future(days)` goes on from today, so that a plan can
be judged by its true cost. docs/world.md tells what it is made of, and to which data each number is fitted.
"""

from __future__ import annotations

from orderpoint.simulate.world.invent import TABLES, World, invent
from orderpoint.simulate.world.settings import WorldSettings
from orderpoint.simulate.world.truth import Future, Truth
from orderpoint.simulate.world.write import stream, write

__all__ = ["TABLES", "Future", "Truth", "World", "WorldSettings", "invent", "stream", "write"]
