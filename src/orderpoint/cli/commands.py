"""The commands of `orderpoint`, each a thin translation of words into one call of `app`."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from orderpoint.cli import options
from orderpoint.cli.failures import INTERRUPTED, report
from orderpoint.cli.words import FileWords, ForecastWords, ShopWords, taking
from orderpoint.messages import Language

app = typer.Typer(
    name="orderpoint",
    help="What your shop should order today, and why: from sales, stock and supply files to a purchase plan.",
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def run(words: Sequence[str]) -> int:
    """Run one command line; the exit status."""
    language = _language(words)
    try:
        status = app(list(words) or ["--help"], standalone_mode=False)
    except typer.TyperException as error:
        context = getattr(error, "ctx", None)
        usage = f"{context.get_usage()}\n" if context is not None else ""
        sys.stderr.write(f"{usage}{error.format_message()}\n")
        return error.exit_code
    except typer.Abort:
        return report(KeyboardInterrupt(), language)
    except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001 -- `report` raises again what it does not know
        return report(error, language)
    if status == INTERRUPTED:  # Typer turns the interrupt into a status and says nothing
        return report(KeyboardInterrupt(), language)
    return status if isinstance(status, int) else 0


def _language(words: Sequence[str]) -> Language:
    """The language asked for, found before the words are parsed, so that faults of parsing are told in it, too."""
    for word, following in zip(words, [*words[1:], ""], strict=False):
        if word == "--lang=zh" or (word == "--lang" and following == "zh"):
            return Language.ZH
    return Language.EN


@app.callback()
def _root(
    *, version: Annotated[bool, typer.Option("--version", help="Print the version and end.", is_eager=True)] = False
) -> None:
    if version:
        from orderpoint import __version__

        typer.echo(f"orderpoint {__version__}")
        raise typer.Exit


@app.command()
@taking(ShopWords)
def plan(
    words: ShopWords,
    *,
    method: options.Method = options.MethodWord.MINCOST,
    previous: options.Previous = None,
    memory: options.Memory = None,
) -> None:
    """Plan purchases: forecast demand, decide what to order today, and write tables and a report."""
    from orderpoint.app.plan_folder import plan_folder
    from orderpoint.cli.printing import print_plan
    from orderpoint.cli.progress import progress

    request = replace(words.request(method.value), previous=previous, memory=memory)
    with progress(words.lang, what=words.what) as tell:
        outcome = plan_folder(request, tell)
    print_plan(outcome, words.lang, as_json=words.json)


@app.command()
@taking(ShopWords)
def compare(words: ShopWords, *, methods: options.Methods = "mincost,maxserv", paths: options.Paths = 200) -> None:
    """Compare methods on the same paths of demand: cost, service, turnover, with paired confidence intervals."""
    from orderpoint.app.play_methods import PlayRequest, compare_methods
    from orderpoint.cli.printing import print_played
    from orderpoint.cli.progress import progress

    names = options.parse_methods(methods)
    request = PlayRequest(words.request(names[0]), names, paths)
    with progress(words.lang, what=words.what) as tell:
        outcome = compare_methods(request, tell)
    print_played(outcome, words.lang, as_json=words.json)


@app.command()
@taking(ShopWords)
def simulate(
    words: ShopWords,
    *,
    policy: options.PolicyOption = options.MethodWord.MINCOST,
    paths: options.Paths = 1000,
    html: options.Html = False,
) -> None:
    """Simulate the days to come under one method, and hold its plan to its word."""
    from orderpoint.app.play_methods import PlayRequest, simulate_method
    from orderpoint.cli.printing import print_played
    from orderpoint.cli.progress import progress

    request = PlayRequest(words.request(policy.value), (policy.value,), paths, html)
    with progress(words.lang, what=words.what) as tell:
        outcome = simulate_method(request, tell)
    print_played(outcome, words.lang, as_json=words.json)


@app.command()
@taking(ForecastWords)
def forecast(
    words: ForecastWords,
    *,
    model: options.Model = None,
    horizon: options.Horizon = None,
    previous: options.Previous = None,
    memory: options.Memory = None,
    html: options.Html = False,
) -> None:
    """Forecast demand: mean and quantiles of every series and period, and which models speak."""
    from orderpoint.app.forecast_folder import ForecastRequest, forecast_folder
    from orderpoint.cli.printing import print_forecast
    from orderpoint.cli.progress import progress

    asked = replace(words.request(horizon), previous=previous, memory=memory)
    request = ForecastRequest(asked, options.parse_model(model), html=html)
    with progress(words.lang, what=words.what) as tell:
        outcome = forecast_folder(request, tell)
    print_forecast(outcome, words.lang, as_json=words.json)


@app.command()
@taking(ForecastWords)
def explain(
    words: ForecastWords,
    *,
    item: options.Item,
    location: options.LocationOption = None,
    model: options.Model = None,
    horizon: options.Horizon = None,
    previous: options.PreviousOfForecast = None,
    html: options.Html = False,
) -> None:
    """Explain a forecast: recent sales, stockouts, season, prices, promotions, events and overrides, added up."""
    from orderpoint.app.explain_item import ExplainRequest, explain_item
    from orderpoint.cli.printing import print_explained
    from orderpoint.cli.progress import progress

    asked = replace(words.request(horizon), previous=previous)
    request = ExplainRequest(asked, item, location, options.parse_model(model), html)
    with progress(words.lang, what=words.what) as tell:
        outcome = explain_item(request, tell)
    print_explained(outcome, words.lang, as_json=words.json)


@app.command("what-if")
@taking(ShopWords)
def what_if(
    words: ShopWords,
    *,
    first: options.ChangedFrom,
    last: options.ChangedTo = None,
    items: options.ChangedItems = None,
    location: options.LocationOption = None,
    price: options.ChangedPrice = None,
    promotion: options.ChangedPromotion = None,
    event: options.ChangedEvent = None,
    uplift: options.ChangedUplift = None,
    launch: options.ChangedLaunch = False,
    method: options.Method = options.MethodWord.MINCOST,
    model: options.Model = None,
    previous: options.PreviousOfForecast = None,
    html: options.Html = False,
) -> None:
    """Change a price, a promotion, an event or a launch: demand, stock and money before and after."""
    from orderpoint.app.what_if_folder import Change, WhatIfRequest, what_if_folder
    from orderpoint.cli.printing import print_what_if
    from orderpoint.cli.progress import progress

    change = Change(first, last or first, tuple(items or ()), location, price, promotion, event, uplift, launch)
    asked = replace(words.request(method.value), previous=previous)
    request = WhatIfRequest(asked, change, options.parse_model(model), html)
    with progress(words.lang, what=words.what) as tell:
        outcome = what_if_folder(request, tell)
    print_what_if(outcome, words.lang, as_json=words.json)


@app.command()
@taking(ForecastWords)
def backtest(
    words: ForecastWords,
    *,
    models: options.Models = None,
    origins: options.Origins = 4,
    horizon: options.HeldBack = None,
    memory: options.Memory = None,
    html: options.Html = False,
) -> None:
    """Hold forecasts against what came: accuracy, honesty of the spread, value added, and cost in stock."""
    from orderpoint.app.backtest_folder import BacktestRequest, backtest_folder
    from orderpoint.cli.printing import print_backtest
    from orderpoint.cli.progress import progress

    asked = replace(words.request(horizon), memory=memory)
    request = BacktestRequest(asked, options.parse_models(models), origins, html)
    with progress(words.lang, what=words.what) as tell:
        outcome = backtest_folder(request, tell)
    print_backtest(outcome, words.lang, as_json=words.json)


@app.command()
@taking(FileWords)
def check(words: FileWords, *, html: options.Html = False) -> None:
    """Check the data: what was recognised, what is missing, doubtful or set aside."""
    from orderpoint.app.check_folder import CheckRequest, check_folder
    from orderpoint.cli.printing import print_check
    from orderpoint.cli.progress import progress

    request = CheckRequest(
        inputs=tuple(words.inputs),
        out=words.out,
        today=words.today,
        mapping=options.parse_mapping(words.mapping),
        period=words.period,
        label=words.label.value,
        html=html,
        language=words.lang,
    )
    with progress(words.lang, what=words.what) as tell:
        outcome = check_folder(request, tell)
    print_check(outcome, words.lang, as_json=words.json)


@app.command()
def init(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="Where to write the templates.")],
    *,
    lang: options.Lang = Language.EN,
) -> None:
    """Write blank templates of every table, with a line of explanation for each column."""
    from orderpoint.app.blank_templates import blank_templates
    from orderpoint.cli.printing import print_templates

    print_templates(blank_templates(folder), folder, lang)


@app.command()
def demo(
    *,
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Folder of the invented shop and its plan.")] = Path(
        "orderpoint-demo"
    ),
    items: Annotated[
        int, typer.Option("--items", min=20, max=100_000, metavar="N", help="Items of the invented shop.")
    ] = 500,
    locations: Annotated[int, typer.Option("--locations", min=1, max=50, metavar="N", help="Its locations.")] = 3,
    once: Annotated[bool, typer.Option("--once", help="Do all but serve, and print the path of report.html.")] = False,
    port: Annotated[int, typer.Option("--port", min=1, max=65535, help="Port to serve on.")] = 8000,
    seed: Annotated[int, typer.Option("--seed", min=0, metavar="N", help="Seed of the invention.")] = 1,
    lang: options.Lang = Language.EN,
) -> None:
    """Invent a realistic shop, plan it, and serve the result on http://127.0.0.1:8000."""
    from orderpoint.app.demo import DemoRequest, run_demo
    from orderpoint.cli.printing import print_demo
    from orderpoint.cli.progress import progress

    with progress(lang, items=items, locations=locations, what=out.name) as tell:
        outcome = run_demo(DemoRequest(out, items, locations, seed, lang), tell)
    print_demo(outcome, lang)
    if not once:
        _serve(outcome.folder, port, lang)


@app.command()
def serve(
    folder: Annotated[
        Path, typer.Argument(metavar="FOLDER", exists=True, file_okay=False, help="A folder that `plan` wrote.")
    ],
    *,
    port: Annotated[int, typer.Option("--port", min=1, max=65535, help="Port to serve on.")] = 8000,
    lang: options.Lang = Language.EN,
) -> None:
    """Serve the results of a plan on http://127.0.0.1:8000 until Ctrl-C."""
    _serve(folder, port, lang)


def _serve(folder: Path, port: int, language: Language) -> None:
    from orderpoint.messages import say
    from orderpoint.messages.command_line import COMMAND_LINE
    from orderpoint.web.results import serve_results

    def ready(url: str) -> None:
        typer.echo(say(COMMAND_LINE, "serving", language, url=url))

    serve_results(folder, port, ready)
