"""How an order is chosen where the shop's past knows better than the costs and the forecast (`plan.calibration`)."""

from __future__ import annotations

from typing import NamedTuple, Protocol, runtime_checkable

from orderpoint.optimize.base import Policy


class Weighing(NamedTuple):
    """What orders are chosen by: factors on the `holding` cost and on the variance of the forecast's `level`."""

    holding: float = 1.0
    level: float = 1.0


AS_IT_IS = Weighing()


@runtime_checkable
class Weighs(Protocol):
    """A policy of least expected cost, to which a weighing means what it says.

    What it promises - service targets, minimum stocks, rules - and what it reports know the costs and the forecast as
    they are.
    """

    def weighed_by(self, weighing: Weighing) -> Policy:
        """The same policy under another weighing."""
        ...
