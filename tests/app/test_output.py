"""All or nothing: no half result is ever seen."""

from __future__ import annotations

import errno
from collections.abc import Callable
from pathlib import Path
from typing import Never

import pytest

from orderpoint.app.output import write_all


def _text(content: str) -> Callable[[Path], object]:
    return lambda path: path.write_text(content, encoding="utf-8")


def _full_disk(path: Path) -> Never:
    raise OSError(errno.ENOSPC, "No space left on device", str(path))


def test_a_new_folder_appears_whole(tmp_path: Path) -> None:
    write_all(tmp_path / "deep" / "out", {"a.csv": _text("a"), "b.csv": _text("b")})
    assert sorted(p.name for p in (tmp_path / "deep" / "out").iterdir()) == ["a.csv", "b.csv"]
    assert [p.name for p in (tmp_path / "deep").iterdir()] == ["out"], "the folder aside is gone"


def test_a_failed_run_leaves_no_new_folder(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="space"):
        write_all(tmp_path / "out", {"a.csv": _text("a"), "b.csv": _full_disk})
    assert list(tmp_path.iterdir()) == []


def test_a_failed_run_leaves_the_earlier_result_as_it_was(tmp_path: Path) -> None:
    out = tmp_path / "out"
    write_all(out, {"a.csv": _text("old"), "b.csv": _text("old")})
    with pytest.raises(OSError, match="space"):
        write_all(out, {"a.csv": _text("new"), "b.csv": _full_disk})
    assert {p.name: p.read_text(encoding="utf-8") for p in out.iterdir()} == {"a.csv": "old", "b.csv": "old"}


def test_an_interrupt_half_way_leaves_nothing(tmp_path: Path) -> None:
    def interrupted(_path: Path) -> Never:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_all(tmp_path / "out", {"a.csv": _text("a"), "b.csv": interrupted})
    assert list(tmp_path.iterdir()) == []


def test_files_of_the_user_in_the_folder_are_left_alone(tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "notes.txt").write_text("mine", encoding="utf-8")
    write_all(out, {"a.csv": _text("a")})
    assert (out / "notes.txt").read_text(encoding="utf-8") == "mine"
    assert (out / "a.csv").read_text(encoding="utf-8") == "a"


def test_what_an_earlier_run_left_and_this_one_has_not_is_removed(tmp_path: Path) -> None:
    out = tmp_path / "out"
    write_all(out, {"a.csv": _text("old"), "b.csv": _text("old"), "mine.txt": _text("kept")})
    write_all(out, {"a.csv": _text("new")}, gone=["b.csv", "c.csv"])
    assert sorted(p.name for p in out.iterdir()) == ["a.csv", "mine.txt"]
