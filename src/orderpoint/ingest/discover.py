"""Which files an input names: itself, or the files of a folder (not of its folders) that could be tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from orderpoint.domain.errors import Fault, UsageError
from orderpoint.ingest.naming import EARLIER_OUTPUTS, table_named
from orderpoint.tables.contract import OUTPUTS

HEADER_BYTES_MAX = 65_536


class Format(StrEnum):
    """How a file is written, by its ending."""

    TEXT = "text"
    PARQUET = "parquet"
    EXCEL = "excel"


ENDINGS = {
    ".csv": Format.TEXT,
    ".tsv": Format.TEXT,
    ".txt": Format.TEXT,
    ".parquet": Format.PARQUET,
    ".pq": Format.PARQUET,
    ".xlsx": Format.EXCEL,
    ".xlsm": Format.EXCEL,
    ".xlsb": Format.EXCEL,
    ".xls": Format.EXCEL,
    ".ods": Format.EXCEL,
}


@dataclass(frozen=True, slots=True)
class Found:
    """One file to read; `named` where the user gave the file itself, not its folder."""

    path: Path
    format: Format
    named: bool

    @property
    def table(self) -> str | None:
        """The contract's table it is named after, None for other names."""
        return table_named(self.path.stem)


@dataclass(frozen=True, slots=True)
class Discovery:
    """The files to read, the names of those in the folders that are not read, and what is wrong."""

    files: tuple[Found, ...]
    not_read: tuple[str, ...] = ()
    faults: tuple[Fault, ...] = ()


def discover(inputs: Sequence[Path]) -> Discovery:
    """The files that `inputs` name, those of a folder in the order of their names.

    A file in a folder with another ending, a hidden file and the outputs of an earlier plan are not read.
    Raises UsageError where an input does not exist.
    """
    files: dict[Path, Found] = {}
    not_read: list[str] = []
    faults: list[Fault] = []
    for given in inputs:
        path = Path(given)
        if not path.exists():
            raise UsageError("input_not_found", path=str(given))
        if path.is_dir():
            found, other = _in_folder(path)
            not_read += other
            for file in found:
                files.setdefault(file.path.resolve(), file)
        elif path.suffix.lower() in ENDINGS:
            files[path.resolve()] = Found(path, ENDINGS[path.suffix.lower()], named=True)
        else:
            faults.append(
                Fault(path.name, "unknown_format", value=path.suffix, details={"endings": ", ".join(ENDINGS)})
            )
    return Discovery(tuple(files.values()), tuple(not_read), tuple(faults))


def _is_earlier_output(path: Path) -> bool:
    """Whether a plan wrote the file. Shops call exports orders.csv, too: text with another header is theirs."""
    name = path.stem.lower()
    if name not in EARLIER_OUTPUTS:
        return False
    if name not in OUTPUTS or ENDINGS[path.suffix.lower()] is not Format.TEXT:
        return True
    try:
        with path.open("rb") as file:
            header = file.readline(HEADER_BYTES_MAX).decode("utf-8-sig", errors="replace").strip()
    except OSError:
        return True
    return not header or header.startswith(",".join(OUTPUTS[name]))


def _in_folder(folder: Path) -> tuple[list[Found], list[str]]:
    found: list[Found] = []
    other: list[str] = []
    for path in sorted(folder.iterdir(), key=lambda p: p.name):
        if not path.is_file() or path.name.startswith((".", "~$")):
            continue
        ending = path.suffix.lower()
        if ending not in ENDINGS or _is_earlier_output(path):
            other.append(path.name)
        else:
            found.append(Found(path, ENDINGS[ending], named=False))
    return found, other
