"""Blank templates of every table: a header each, and the explanation of each column beside them.

The files are valid input as they are: a header without rows is an empty table. Only empty sales are a fault, and the
explanation says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from orderpoint.domain.errors import MachineError
from orderpoint.messages import LANGUAGES, Language, say
from orderpoint.messages.templates import COLUMNS_HELP, TABLES_HELP, TEMPLATES
from orderpoint.tables.contract import TABLES, ColumnSpec, TableSpec

SALES = "sales"


@dataclass(frozen=True, slots=True)
class Written:
    """Files that were written, and those that were there before and were left as they are."""

    written: tuple[Path, ...]
    kept: tuple[Path, ...]


def write_templates(folder: Path) -> Written:
    """Writes a CSV file for every table, and the explanation in each language, into `folder`, made where needed.

    A file that exists is never touched. Raises MachineError where the folder cannot be written to.
    """
    contents = {folder / f"{name}.csv": ",".join(spec.names) + "\n" for name, spec in TABLES.items()}
    for language in LANGUAGES:
        contents[folder / say(TEMPLATES, "file", language)] = explanation(language)
    written, kept = [], []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for path, text in contents.items():
            try:
                with path.open("x", encoding="utf-8-sig" if path.suffix == ".txt" else "utf-8", newline="\n") as file:
                    file.write(text)
            except FileExistsError:
                kept.append(path)
            else:
                written.append(path)
    except PermissionError as error:
        raise MachineError("no_permission", path=str(folder)) from error
    except OSError as error:
        raise MachineError("machine_failed", path=str(folder), cause=error.strerror or str(error)) from error
    return Written(tuple(written), tuple(kept))


def explanation(language: Language) -> str:
    """The text beside the templates: what each table and each of its columns is for."""
    parts = [say(TEMPLATES, "title", language), say(TEMPLATES, "how", language), ""]
    for spec in TABLES.values():
        parts += [*_table(spec, language), ""]
    return "\n".join(parts)


def column_help(spec: TableSpec, column: ColumnSpec, language: Language) -> str:
    """What a column is for, with the words it may hold."""
    text = say(COLUMNS_HELP, spec.help_key(column.name), language)
    if not column.choices:
        return text
    return f"{text} ({say(TEMPLATES, 'choices', language, words=', '.join(column.choices))})"


def _table(spec: TableSpec, language: Language) -> list[str]:
    wide = max(len(c.name) for c in spec.columns) + 1
    lines = [f"{spec.name}.csv", f"  {say(TABLES_HELP, spec.name, language)}"]
    if spec.name == SALES:
        lines.append(f"  {say(TEMPLATES, 'fill_me', language)}")
    for column in spec.columns:
        name = column.name + ("*" if column.required else "")
        lines.append(f"    {name:<{wide}}  {column_help(spec, column, language)}")
    return lines
