"""What all tests share: the folder of real data, the browser, and how long Hypothesis looks."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

# No deadlines: a busy machine is no bug. `make test` looks at the same examples every time, `make proof` at new ones.
settings.register_profile("quick", deadline=None, max_examples=50, derandomize=True)
settings.register_profile("proof", deadline=None, max_examples=2000, print_blob=True)
settings.load_profile("quick")


@pytest.fixture(scope="session")
def data_folder() -> Path:
    """The folder of real data; a test that asks for it is skipped where ORDERPOINT_DATA is not set."""
    name = os.environ.get("ORDERPOINT_DATA")
    if not name:
        pytest.skip("needs real data: set ORDERPOINT_DATA to the folder that holds it")
    folder = Path(name)
    if not folder.is_dir():
        pytest.fail(f"ORDERPOINT_DATA names no folder: {name}")
    return folder


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium without a window; a test that asks for it is skipped where it is not installed."""
    program = shutil.which("chromium")
    if program is None:
        pytest.skip("needs Debian's Chromium: apt-get install chromium")
    from playwright.sync_api import sync_playwright

    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=program, args=arguments)
        yield chromium
        chromium.close()
