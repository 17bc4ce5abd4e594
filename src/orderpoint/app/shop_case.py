"""From files on disk to the case that a plan, a comparison or a simulation works on."""

from __future__ import annotations

from dataclasses import dataclass

from orderpoint.app.planners import (
    forecaster_for,
    policy_for,
    replay_forecaster_for,
    replay_sampling_for,
    sampling_for,
    service_for,
)
from orderpoint.app.request import PlanRequest, Progress
from orderpoint.domain.errors import UsageError
from orderpoint.ingest.bucketing import bucket
from orderpoint.ingest.grid import BucketOptions
from orderpoint.ingest.intake import read
from orderpoint.ingest.reading import Note, Reading, ReadOptions
from orderpoint.ingest.snapshot import SnapshotOptions, state_of
from orderpoint.optimize.limits.conflicts import conflicts
from orderpoint.optimize.limits.firm import require_possible
from orderpoint.optimize.service.words import check_categories
from orderpoint.optimize.shared_terms import CONTAINER_FILL, terms_of
from orderpoint.plan.case import PlanCase
from orderpoint.tables.snapshot import Snapshot


@dataclass(frozen=True, eq=False)
class ShopCase:
    """What was read, the case that follows, how many series each default is used for, and all remarks."""

    reading: Reading
    case: PlanCase
    defaults: dict[str, int]
    notes: tuple[Note, ...]


def shop_case(request: PlanRequest, tell: Progress, methods: tuple[str, ...] = ()) -> ShopCase:
    """Read the request's files; `methods`: what else than the request's method is to be used on them.

    Raises InputFaults, UsageError or InfeasibleError, with nothing written.
    """
    tell("reading")
    wanted = {request.method, *methods}
    policy = policy_for(request, request.method, sampling_for(request))
    service = service_for(request, wanted)
    reading = read(request.inputs, ReadOptions(today=request.today, mapping=request.mapping))
    tell("bucketing")
    bucketed = bucket(reading, BucketOptions(request.today, request.period, request.label))
    limits = SnapshotOptions(request.horizon, request.budget, request.min_stock, request.max_stock)
    state = state_of(reading, bucketed.sales, limits)
    require_possible(state.snapshot, request.min_stock, terms_of(state.snapshot, CONTAINER_FILL))
    check_categories(service.targets, state.snapshot.catalog.category)
    if "scollab" in wanted and state.snapshot.network is None:
        raise UsageError("scollab_needs_network")
    case = PlanCase(
        sales=bucketed.sales,
        known=state.known,
        snapshot=state.snapshot,
        forecaster=forecaster_for(request, state.snapshot),
        policy=policy,
        replayed_by=policy_for(request, request.method, replay_sampling_for(request)),
        replayed_with=replay_forecaster_for(state.snapshot),
        shown_periods=request.horizon,
        seed=request.seed,
        language=request.language,
    )
    unused = _network_unused(wanted, state.snapshot)
    notes = (*reading.notes, *bucketed.notes, *state.notes, *unused, *_conflicts(state.snapshot))
    return ShopCase(reading, case, state.defaults, notes)


def _network_unused(methods: set[str], snapshot: Snapshot) -> tuple[Note, ...]:
    """A remark where there is a network that no method looks at."""
    if snapshot.network is None or "scollab" in methods:
        return ()
    return (Note("network", "network_unused", {"method": ", ".join(sorted(methods))}),)


def _conflicts(snapshot: Snapshot) -> tuple[Note, ...]:
    """A remark for each pair of limits that contradict each other, with the items whose lines they end."""
    by_limits: dict[tuple[str, ...], list[str]] = {}
    names = snapshot.index.item_names()
    for conflict in conflicts(snapshot):
        by_limits.setdefault(conflict.limits, []).append(names[conflict.series])
    return tuple(
        Note(
            "",
            "limits_conflict",
            {"count": str(len(items)), "limits": ", ".join(limits), "items": ", ".join(items[:5])},
        )
        for limits, items in by_limits.items()
    )


def use_workers(workers: int | None) -> None:
    """Bound the threads of the compiled kernels; the result is the same for any number."""
    if workers is not None:
        import numba  # noqa: PLC0415 -- slow to import, needed where the number is given

        numba.set_num_threads(min(workers, numba.get_num_threads()))
