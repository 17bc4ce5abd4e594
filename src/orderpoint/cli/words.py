"""The words that many commands take, written once; `taking` spreads them into a command's options."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import MISSING, dataclass, fields
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar, get_type_hints

from orderpoint.cli import options
from orderpoint.messages import Language

if TYPE_CHECKING:
    from orderpoint.app.request import PlanRequest

LAST = ("lang", "json")
"""Options that close the help of every command."""

W = TypeVar("W", bound="FileWords")
R = TypeVar("R")


@dataclass(frozen=True, kw_only=True)
class FileWords:
    """What to read and where to write."""

    inputs: options.Inputs
    out: options.Out = None
    today: options.Today = None
    period: options.PeriodOption = None
    label: options.Label = options.LabelWord.START
    mapping: options.Mapping = None
    lang: options.Lang = Language.EN
    json: options.Json = False

    @property
    def what(self) -> str:
        """The names of the inputs, as the progress bar shows them."""
        return ", ".join(path.name for path in self.inputs)


@dataclass(frozen=True, kw_only=True)
class ShopWords(FileWords):
    """What a plan may be told beside the method."""

    horizon: options.Horizon = None
    budget: options.Budget = None
    rules: options.Rules = None
    measure: options.MeasureOption = None
    targets: options.Targets = None
    orders: options.Orders = None
    effort: options.EffortOption = options.EffortWord.QUICK
    min_stock: options.MinStock = None
    max_stock: options.MaxStock = None
    seed: options.Seed = 1
    workers: options.Workers = None

    def request(self, method: str) -> PlanRequest:
        """The words as a request. Raises typer.BadParameter on a mapping that is none."""
        from orderpoint.app.request import PlanRequest

        return PlanRequest(
            inputs=tuple(self.inputs),
            out=self.out,
            today=self.today,
            period=self.period,
            label=self.label.value,
            horizon=self.horizon,
            method=method,
            budget=self.budget,
            rules=self.rules,
            measure=None if self.measure is None else self.measure.value,
            targets=tuple(self.targets or ()),
            max_orders=self.orders,
            effort=self.effort.value,
            min_stock=self.min_stock,
            max_stock=self.max_stock,
            mapping=options.parse_mapping(self.mapping),
            seed=self.seed,
            workers=self.workers,
            language=self.lang,
        )


@dataclass(frozen=True, kw_only=True)
class ForecastWords(FileWords):
    """What a forecast may be told."""

    effort: options.EffortOption = options.EffortWord.QUICK
    seed: options.Seed = 1
    workers: options.Workers = None

    def request(self, horizon: int | None) -> PlanRequest:
        """The words as a request. Raises typer.BadParameter on a mapping that is none."""
        from orderpoint.app.request import PlanRequest

        return PlanRequest(
            inputs=tuple(self.inputs),
            out=self.out,
            today=self.today,
            period=self.period,
            label=self.label.value,
            horizon=horizon,
            effort=self.effort.value,
            mapping=options.parse_mapping(self.mapping),
            seed=self.seed,
            workers=self.workers,
            language=self.lang,
        )


def taking(words: type[W]) -> Callable[[Callable[..., R]], Callable[..., R]]:
    """Let a command `f(words, *, own options)` be read by Typer as if it named each field of `words` itself."""

    def decorate(command: Callable[..., R]) -> Callable[..., R]:
        own = get_type_hints(command, include_extras=True)
        theirs = get_type_hints(words, include_extras=True)
        shared = [
            inspect.Parameter(
                field.name,
                inspect.Parameter.KEYWORD_ONLY,
                default=inspect.Parameter.empty if field.default is MISSING else field.default,
                annotation=theirs[field.name],
            )
            for field in sorted(fields(words), key=lambda field: field.name in LAST)
        ]
        mine = [
            parameter.replace(annotation=own[name])
            for name, parameter in list(inspect.signature(command).parameters.items())[1:]
        ]
        words_first = [parameter for parameter in mine if parameter.default is inspect.Parameter.empty]
        options_after = [parameter for parameter in mine if parameter.default is not inspect.Parameter.empty]
        parameters = [*words_first, shared[0], *options_after, *shared[1:]]

        @wraps(command)
        def flat(**given: Any) -> R:  # noqa: ANN401 -- Typer hands over what it parsed
            taken = {field.name: given.pop(field.name) for field in fields(words)}
            return command(words(**taken), **given)

        flat.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]  # what Typer reads
        flat.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
        return flat

    return decorate
