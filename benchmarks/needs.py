"""What a benchmark needs from outside, and how it says that it is not there."""

from __future__ import annotations

import os
from pathlib import Path


class MissingError(Exception):
    """Something that the benchmark needs is not there; the message names it and the remedy."""


def data_folder(name: str) -> Path:
    """The folder of one set of real data. Raises MissingError where it is not there."""
    root = os.environ.get("ORDERPOINT_DATA")
    if not root:
        raise MissingError("needs real data: set ORDERPOINT_DATA to the folder that holds it")
    folder = Path(root) / name
    if not folder.is_dir():
        raise MissingError(f"needs the data set {name} below ORDERPOINT_DATA")
    return folder
