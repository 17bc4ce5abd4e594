"""The rules of the house that no other tool checks."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import orderpoint

ROOT = Path(__file__).resolve().parent.parent
HEAVY = {"numba", "pandas", "polars", "pyarrow", "safetensors", "scipy", "torch"}

IMPORT_PACKAGE = "import orderpoint"
SHOW_HELP = """
sys.argv = ["orderpoint", "--help"]
from orderpoint.cli import main
try:
    main()
except SystemExit as end:
    assert not end.code, end.code
"""


def loaded_and_opened(statements: str) -> tuple[set[str], list[str]]:
    """Run statements in a new Python: the packages it has loaded, and all it opened that no import opens."""
    program = f"""
import json, sys
opened = []
def listen(event, words):
    if event == "open":
        if not str(words[0]).endswith((".py", ".pyc")):
            opened.append(str(words[0]))
    elif event.startswith(("socket.", "sqlite3.", "subprocess.")):
        opened.append(event)
sys.addaudithook(listen)
{statements}
print(chr(10) + json.dumps([sorted(name for name in sys.modules if "." not in name), opened]))
"""
    done = subprocess.run([sys.executable, "-B", "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    modules, opened = json.loads(done.stdout.splitlines()[-1])
    return set(modules), opened


def tracked_files() -> list[Path]:
    done = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        pytest.skip("not a git checkout")
    files = [ROOT / name for name in done.stdout.split("\0") if name]
    return [file for file in files if file.is_file()]


def lines_of(file: Path) -> list[str]:
    try:
        return file.read_text(encoding="utf-8").splitlines()
    except UnicodeDecodeError:
        return []  # a picture or a file in another encoding


def test_the_import_listener_sees_what_a_program_loads_and_opens() -> None:
    modules, opened = loaded_and_opened("import polars; open('/dev/null').close()")
    assert "polars" in modules
    assert "/dev/null" in opened


@pytest.mark.parametrize("statements", [IMPORT_PACKAGE, SHOW_HELP], ids=["import", "help"])
def test_no_heavy_library_is_loaded_before_it_is_needed(statements: str) -> None:
    modules, _ = loaded_and_opened(statements)
    assert "orderpoint" in modules
    assert not modules & HEAVY


def test_importing_the_package_opens_nothing() -> None:
    _, opened = loaded_and_opened(IMPORT_PACKAGE)
    assert opened == []


def test_no_source_file_is_named_after_nothing() -> None:
    nothing = re.compile(r"_*(utils?|helpers?|commons?|misc)_*")
    named = [path for path in (ROOT / "src").rglob("*") if nothing.fullmatch(path.stem.lower())]
    assert named == []


def test_the_version_stands_in_one_place() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert project["project"]["dynamic"] == ["version"]
    assert "version" not in project["project"]
    assert re.fullmatch(r"\d+\.\d+\.\d+(\.dev\d+|rc\d+)?", orderpoint.__version__)
    literal = re.compile(rf"""version\w*\s*[:=]+\s*["']{re.escape(orderpoint.__version__)}["']""")
    sources = [file for file in (ROOT / "src").rglob("*.py") if literal.search(file.read_text(encoding="utf-8"))]
    assert sources == [ROOT / "src" / "orderpoint" / "__init__.py"]


def test_the_changelog_has_a_place_for_the_next_change() -> None:
    assert "## [Unreleased]" in lines_of(ROOT / "CHANGELOG.md")


def test_constraints_are_names_and_versions_only() -> None:
    form = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*==[0-9][A-Za-z0-9.!+]*")
    lines = lines_of(ROOT / "constraints.txt")
    assert [line for line in lines if not form.fullmatch(line)] == []
    names = [re.sub(r"[._-]+", "-", line.split("==")[0]).lower() for line in lines]
    assert len(names) == len(set(names))


def test_every_dependency_is_constrained() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [*project["dependencies"], *(one for extra in project["optional-dependencies"].values() for one in extra)]
    names = {re.sub(r"[._-]+", "-", re.split(r"[\[<>=!~ ]", one)[0]).lower() for one in wanted}
    held = {re.sub(r"[._-]+", "-", line.split("==")[0]).lower() for line in lines_of(ROOT / "constraints.txt")}
    assert names <= held


def test_no_registry_and_no_path_of_one_machine_in_tracked_files() -> None:
    # Written so that this file does not find itself.
    registry = r"py[p]i\.org|python[h]osted\.org|registry\.np[m]js|deb\.deb[i]an\.org"
    personal = r"(?<![\w.~-])/(ho[m]e|Us[e]rs|ro[o]t|w[o]rk)/\w"
    here = re.escape(f"{ROOT}/") if len(ROOT.parts) > 2 else "(?!)"  # "/src" alone would be found everywhere
    forbidden = re.compile(f"{registry}|{personal}|{here}")
    found = [
        f"{file.relative_to(ROOT)}:{number}: {line.strip()[:120]}"
        for file in tracked_files()
        for number, line in enumerate(lines_of(file), start=1)
        if forbidden.search(line)
    ]
    assert found == []


def test_make_help_names_every_target() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.search(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)[1].split())
    assert {"help", "install", "demo", "test", "check", "bench", "proof", "clean"} <= targets
    assert targets >= set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    done = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True)
    assert {line.split()[1] for line in done.stdout.splitlines() if line.startswith("make ")} == targets
