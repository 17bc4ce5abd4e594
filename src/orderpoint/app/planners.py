"""Who forecasts and who decides: the words of a request as objects."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from orderpoint.app.forecasters import BY_EFFORT, DEFAULT, forecaster_named
from orderpoint.app.request import PlanRequest
from orderpoint.domain.errors import Fault, InputFaults, UsageError
from orderpoint.forecast.base import Forecaster
from orderpoint.optimize.base import Policy
from orderpoint.optimize.cims import Cims
from orderpoint.optimize.maxserv import MaxServ
from orderpoint.optimize.mincost import MinCost
from orderpoint.optimize.rio import Rio
from orderpoint.optimize.rules import RuleSet, default_rules, parse_rules
from orderpoint.optimize.sampling import Effort, Sampling
from orderpoint.optimize.scollab import Scollab
from orderpoint.optimize.service.words import ServiceWords, read_service
from orderpoint.tables.snapshot import Snapshot

REPLAY_PATHS = 128

RULES_ALONE = "rio"
"""The method that is rules and nothing else; with any other method they are its guard rails."""

POLICIES: Mapping[str, Callable[[Sampling, ServiceWords], Policy]] = {
    "mincost": lambda sampling, _: MinCost(sampling),
    "maxserv": lambda sampling, service: MaxServ(sampling, **vars(service)),
    "cims": lambda sampling, _: Cims(sampling),
    "scollab": lambda sampling, _: Scollab(sampling),
}
"""The other named algorithms by their names, each made from its sampling and what is asked of service."""


def forecaster_for(request: PlanRequest, snapshot: Snapshot) -> Forecaster:
    """The forecaster of the request's effort, scored on the sum of periods that most series must cover."""
    return forecaster_named(BY_EFFORT[request.effort], snapshot, request.effort)


def replay_forecaster_for(snapshot: Snapshot) -> Forecaster:
    """The quick forecaster: the replay of the past forecasts anew at every review."""
    return forecaster_named(DEFAULT, snapshot, "quick")


def rules_for(request: PlanRequest) -> RuleSet | None:
    """The rules of the request's file, None without one. Raises InputFaults with all that is wrong with it."""
    if request.rules is None:
        return None
    try:
        words = request.rules.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputFaults((Fault(request.rules.name, "unreadable", details={"cause": str(error)}),)) from None
    return parse_rules(words, request.rules.name)


def service_for(request: PlanRequest, methods: Collection[str]) -> ServiceWords:
    """What the request asks of service. Raises ServiceFaults with all that is wrong with it.

    And UsageError where something is asked that none of the `methods` looks at.
    """
    service = read_service(request.measure, request.targets, request.max_orders)
    if service != ServiceWords() and "maxserv" not in methods:
        raise UsageError("service_needs_maxserv")
    return service


def policy_for(request: PlanRequest, method: str, sampling: Sampling) -> Policy:
    """The algorithm named `method`, between the request's rules where there are some."""
    rules = rules_for(request)
    if method == RULES_ALONE:
        return Rio(rules or default_rules(), sampling=sampling)
    policy = POLICIES[method](sampling, read_service(request.measure, request.targets, request.max_orders))
    return policy if rules is None else Rio(rules, policy, sampling, method)


def sampling_for(request: PlanRequest) -> Sampling:
    """The paths that the request's effort allows."""
    return Sampling(Effort(request.effort), request.seed)


def replay_sampling_for(request: PlanRequest) -> Sampling:
    """Few paths: the replay of the past decides many times, and its errors average out."""
    return Sampling(seed=request.seed, paths=REPLAY_PATHS)
