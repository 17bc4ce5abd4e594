"""One self-contained HTML document from a template: style and pictures inside, nothing loaded from elsewhere."""

from __future__ import annotations

from importlib import resources
from typing import Any

from orderpoint.messages import Language


def document(template: str, language: Language, **content: Any) -> str:  # noqa: ANN401 -- what the template shows
    """The page of `templates/TEMPLATE`, with the style sheet; texts in `content` are escaped, markup is not."""
    from jinja2 import Environment, select_autoescape  # noqa: PLC0415 -- needed only where a page is made

    folder = resources.files("orderpoint.report") / "templates"
    environment = Environment(autoescape=select_autoescape(default=True), trim_blocks=True, lstrip_blocks=True)
    page = environment.from_string((folder / template).read_text(encoding="utf-8"))
    return page.render(
        style=markup((folder / "style.css").read_text(encoding="utf-8")), language=str(language), **content
    )


def markup(drawn: str) -> Any:  # noqa: ANN401 -- markupsafe is typed, but comes with Jinja only
    """Our own style sheet or picture, whose texts were escaped when it was drawn, as it stands."""
    from markupsafe import Markup  # noqa: PLC0415 -- comes with Jinja

    return Markup(drawn)  # noqa: S704 -- our own
