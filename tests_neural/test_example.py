"""The example of docs/algorithms/neural.md runs; `tests/docs` names that page as left to this file."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

PAGE = Path(__file__).parent.parent / "docs" / "algorithms" / "neural.md"


def test_the_example_in_the_docs_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # it writes a file
    example = "\n".join(re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), flags=re.DOTALL))
    assert "Neural" in example
    exec(compile(example, str(PAGE), "exec"), {"__name__": "example"})
