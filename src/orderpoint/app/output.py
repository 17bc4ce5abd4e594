"""Writing a run's files so that no half result is ever seen: all aside first, then renamed."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

Writer = Callable[[Path], None]
"""Writes one file at the given path."""


def write_all(folder: Path, writers: Mapping[str, Writer], gone: Collection[str] = ()) -> list[Path]:
    """Write the named files into `folder`, all or none; files of other names in it are left alone.

    `gone`: files that an earlier run may have left and this one has none of; they are removed.

    Everything is written into a hidden folder on the same disk first. A folder that does not exist yet appears in one
    rename; in one that does, each file is replaced in one rename, in the order given. Raises OSError with nothing
    changed where the writing fails.
    """
    folder = folder.absolute()
    with _staging(folder.parent) as staging:
        for name, write in writers.items():
            write(staging / name)
        if not folder.exists():
            staging.chmod(0o777 & ~_umask())
            staging.rename(folder)
        else:
            for name in writers:
                os.replace(staging / name, folder / name)  # noqa: PTH105 -- Path.replace returns a path we do not need
            for name in gone:
                (folder / name).unlink(missing_ok=True)
    return [folder / name for name in writers]


@contextmanager
def _staging(parent: Path) -> Iterator[Path]:
    parent.mkdir(parents=True, exist_ok=True)
    staging = Path(tempfile.mkdtemp(prefix=".orderpoint-", dir=parent))
    try:
        yield staging
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
