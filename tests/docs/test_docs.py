"""What the docs tell a reader to type exists."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from orderpoint.cli.commands import run

ROOT = Path(__file__).parent.parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])


def _typed(page: Path) -> list[str]:
    blocks = re.findall(r"```sh\n(.*?)```", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    return [line.split("#")[0].strip() for block in blocks for line in block.splitlines()]


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_commands_in_the_docs_exist(page: Path, capsys: pytest.CaptureFixture[str]) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), flags=re.MULTILINE))
    for line in _typed(page):
        if match := re.match(r"(?:\S*/)?orderpoint (\w[\w-]*)", line):
            assert run([match[1], "--help"]) == 0, line
            known = capsys.readouterr().out
            assert all(option in known for option in re.findall(r"--[a-z][a-z-]+", line)), line
        elif match := re.match(r"make ([a-z-]+)", line):
            assert match[1] in targets, line


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_links_within_the_repository_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", page.read_text(encoding="utf-8")):
        if "://" not in target:
            assert (page.parent / target).exists(), target


def _examples(page: Path) -> str:
    return "\n".join(re.findall(r"```python\n(.*?)```", page.read_text(encoding="utf-8"), flags=re.DOTALL))


RUN_ELSEWHERE = {"neural.md": ROOT / "tests_neural" / "test_example.py"}
"""Pages whose examples need an optional extra, and the test that runs them (`make test-neural`)."""
NO_ALGORITHM = {"teaching-article.md"}
"""Pages beside the algorithms' own."""
WITH_EXAMPLES = [page for page in PAGES if _examples(page) and page.name not in RUN_ELSEWHERE]


def test_every_algorithm_has_an_example() -> None:
    pages = {page.name for page in ROOT.glob("docs/algorithms/*.md") if not _examples(page)}
    assert pages == NO_ALGORITHM


def test_examples_that_are_run_elsewhere_are_named_there() -> None:
    for name, test in RUN_ELSEWHERE.items():
        assert any(page.name == name and _examples(page) for page in PAGES), name
        assert name in test.read_text(encoding="utf-8")


@pytest.mark.parametrize("page", WITH_EXAMPLES, ids=lambda p: p.name)
def test_examples_in_the_docs_run(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # an example may write files
    exec(compile(_examples(page), str(page), "exec"), {"__name__": "example"})
