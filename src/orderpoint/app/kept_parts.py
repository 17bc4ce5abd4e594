"""Finished parts of a forecast on disk, so that a run that was interrupted goes on where it ended."""

from __future__ import annotations

import hashlib
import os
import shutil
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from orderpoint import __version__
from orderpoint.app.request import PlanRequest

FOLDER = ".orderpoint-parts"
"""Beside the results: one folder of parts for each run that was interrupted."""


@dataclass(frozen=True)
class KeptParts:
    """The folder of one run: of the same files and the same words."""

    folder: Path

    @classmethod
    def of(cls, request: PlanRequest, out: Path) -> KeptParts:
        """The folder for what `request` asks, beside the results at `out`."""
        files = sorted(f for path in request.inputs for f in (path.rglob("*") if path.is_dir() else [path]))
        seen = [(str(f.absolute()), f.stat().st_size, f.stat().st_mtime_ns) for f in files if f.is_file()]
        words = (request.today, request.period, request.label, request.horizon, request.effort, request.mapping)
        told = hashlib.blake2b(f"{__version__} {seen} {words}".encode(), digest_size=16)
        return cls(out.absolute().parent / FOLDER / told.hexdigest())

    def load(self, key: str) -> Mapping[str, NDArray[Any]] | None:
        """The arrays that were saved under this key; None where none were, or they cannot be read."""
        try:
            with (self.folder / f"{key}.npz").open("rb") as file:
                return dict(np.load(file, allow_pickle=False))
        except (OSError, ValueError, zipfile.BadZipFile):
            return None

    def save(self, key: str, arrays: Mapping[str, NDArray[Any]]) -> None:
        """Keep them, whole or not at all."""
        self.folder.mkdir(parents=True, exist_ok=True)
        aside = self.folder / f"{key}.{os.getpid()}.aside"
        with aside.open("wb") as file:
            np.savez(file, allow_pickle=False, **arrays)
        aside.replace(self.folder / f"{key}.npz")

    def drop(self) -> None:
        """All parts have served."""
        shutil.rmtree(self.folder, ignore_errors=True)
        if self.folder.parent.is_dir() and not any(self.folder.parent.iterdir()):
            self.folder.parent.rmdir()
