"""One self-contained HTML document from a template: style and pictures inside, nothing loaded from elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import resources
from typing import Any

from orderpoint import __version__
from orderpoint.messages import Language, say
from orderpoint.messages.report import REPORT


def document(template: str, language: Language, words: Mapping[str, str], **content: Any) -> str:  # noqa: ANN401
    """The page of `templates/TEMPLATE`, with the style sheet; texts are escaped, markup is not.

    `words`: the page's sentences by name, among them `title`, beside those that every page has; `content`: what else
    the template shows.
    """
    from jinja2 import Environment, FunctionLoader, select_autoescape  # noqa: PLC0415 -- needed only for pages

    environment = Environment(
        loader=FunctionLoader(_text), autoescape=select_autoescape(default=True), trim_blocks=True, lstrip_blocks=True
    )
    every = {
        "made_by": say(REPORT, "made_by", language, version=__version__),
        "basis_notes": say(REPORT, "basis_notes", language),
    }
    page = environment.get_template(template)
    return page.render(style=markup(_text("style.css")), language=str(language), t={**every, **words}, **content)


def _text(name: str) -> str:
    return (resources.files("orderpoint.report") / "templates" / name).read_text(encoding="utf-8")


def markup(drawn: str) -> Any:  # noqa: ANN401 -- markupsafe is typed, but comes with Jinja only
    """Our own style sheet or picture, whose texts were escaped when it was drawn, as it stands."""
    from markupsafe import Markup  # noqa: PLC0415 -- comes with Jinja

    return Markup(drawn)  # noqa: S704 -- our own
