"""The blank templates of `orderpoint init`: valid input as they are, explained in two languages, never overwriting."""

from __future__ import annotations

from pathlib import Path

import pytest

from orderpoint.domain.errors import InputFaults, MachineError
from orderpoint.ingest.intake import read
from orderpoint.ingest.templates import column_help, explanation, write_templates
from orderpoint.messages import LANGUAGES, Language
from orderpoint.messages.templates import COLUMNS_HELP, TABLES_HELP
from orderpoint.tables.contract import TABLES


def test_every_column_of_the_contract_is_explained_and_no_other() -> None:
    keys = {spec.help_key(c.name) for spec in TABLES.values() for c in spec.columns}
    assert set(COLUMNS_HELP) == keys
    assert set(TABLES_HELP) == set(TABLES)


def test_each_table_has_a_file_with_the_contracts_header(tmp_path: Path) -> None:
    written = write_templates(tmp_path / "new")
    names = {p.name for p in written.written}
    assert names == {f"{t}.csv" for t in TABLES} | {"README.txt", "各列说明.txt"}
    for name, spec in TABLES.items():
        assert (tmp_path / "new" / f"{name}.csv").read_text() == ",".join(spec.names) + "\n"


def test_untouched_templates_are_valid_but_for_their_empty_sales(tmp_path: Path) -> None:
    write_templates(tmp_path)
    with pytest.raises(InputFaults) as caught:
        read([tmp_path])
    assert [(f.file, f.code) for f in caught.value.faults] == [("sales.csv", "no_rows")]


def test_templates_with_sales_are_read(tmp_path: Path) -> None:
    write_templates(tmp_path)
    with (tmp_path / "sales.csv").open("a") as file:
        file.writelines(f"2025-01-{d:02},A,,{d},,,,,,,\n" for d in range(1, 29))
    assert read([tmp_path]).tables["sales"]["quantity"].sum() == sum(range(1, 29))


def test_what_is_there_is_never_touched(tmp_path: Path) -> None:
    (tmp_path / "sales.csv").write_text("mine")
    done = write_templates(tmp_path)
    assert (tmp_path / "sales.csv").read_text() == "mine"
    assert done.kept == (tmp_path / "sales.csv",)
    again = write_templates(tmp_path)
    assert again.written == ()


def test_a_file_in_the_place_of_the_folder_is_the_machines_fault(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("")
    with pytest.raises(MachineError):
        write_templates(tmp_path / "taken")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_explanation_marks_what_is_needed_and_names_the_choices(language: Language) -> None:
    text = explanation(language)
    lines = text.splitlines()
    assert any(line.split()[:1] == ["quantity*"] for line in lines)
    assert "discontinued" in column_help(TABLES["items"], TABLES["items"].column("status"), language)
    assert text.index("sales.csv") < text.index("rates.csv")
