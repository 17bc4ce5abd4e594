"""Finished parts of a forecast on disk, so that a run that was interrupted goes on where it ended."""

from __future__ import annotations

import hashlib
import os
import shutil
import time
import zipfile
import zlib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from orderpoint import __version__
from orderpoint.app.request import PlanRequest
from orderpoint.ingest.discover import discover

FOLDER = ".orderpoint-parts"
"""Beside the results: one folder of parts for each run that was interrupted."""
KEPT_DAYS = 14
BROKEN = (OSError, EOFError, ValueError, KeyError, NotImplementedError, zipfile.BadZipFile, zlib.error)
"""What numpy raises for a file that is cut short or damaged."""


@dataclass(frozen=True)
class KeptParts:
    """The folder of one run: of the same files and the same words."""

    folder: Path

    @classmethod
    def of(cls, request: PlanRequest, out: Path) -> KeptParts:
        """The folder for what `request` asks, beside the results at `out`."""
        files = [found.path for found in discover(request.inputs).files]
        seen = [(str(f.absolute()), f.stat().st_size, f.stat().st_mtime_ns) for f in files]
        words = (request.today, request.period, request.label, request.horizon, request.effort, request.mapping, out)
        told = hashlib.blake2b(f"{__version__} {seen} {words}".encode(), digest_size=16)
        return cls(out.absolute().parent / FOLDER / told.hexdigest())

    def load(self, key: str) -> Mapping[str, NDArray[Any]] | None:
        """The arrays that were saved under this key; None where none were, or they cannot be read."""
        try:
            with (self.folder / f"{key}.npz").open("rb") as file:
                return dict(np.load(file, allow_pickle=False))
        except BROKEN:
            return None

    def save(self, key: str, arrays: Mapping[str, NDArray[Any]]) -> None:
        """Keep them, whole or not at all."""
        self.folder.mkdir(parents=True, exist_ok=True)  # anew each time: a run beside this one may have tidied up
        aside = self.folder / f"{key}.{os.getpid()}.aside"
        with aside.open("wb") as file:
            np.savez(file, **dict(arrays))  # type: ignore[arg-type] # its other words are no names of arrays
        aside.replace(self.folder / f"{key}.npz")

    def drop(self) -> None:
        """All parts have served; so have those of runs that nobody has gone on with for KEPT_DAYS."""
        shutil.rmtree(self.folder, ignore_errors=True)
        with suppress(OSError):  # another run may tidy up, too, or keep its parts there
            for other in self.folder.parent.iterdir():
                if other.stat().st_mtime < time.time() - KEPT_DAYS * 86_400:
                    shutil.rmtree(other, ignore_errors=True)
            self.folder.parent.rmdir()
