"""Where in a file something stands: rows and columns as an editor counts them, from 1."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

Node = Any
"""A node of ruamel.yaml's composed tree: it knows where it starts and ends."""


@dataclass(frozen=True, order=True)
class Place:
    """A row and a column, from 1."""

    row: int
    column: int


def place_of(node: Node) -> Place:
    """Where a node starts."""
    return Place(node.start_mark.line + 1, node.start_mark.column + 1)


def place_in(text: str, node: Node, offset: int) -> Place:
    """Where the character `offset` of a scalar's value stands in the file `text`.

    Quoted, folded and literal values are the text of the file with other spaces and marks between; so the characters
    of the value that are not spaces are found one after the other.
    """
    at = node.start_mark.index
    if node.style in {"|", ">"}:
        at = text.index("\n", at)
    elif node.style is not None:
        at += 1
    found = at
    for character in node.value[: offset + 1]:
        if character.isspace():
            continue
        found = text.find(character, at, node.end_mark.index)
        if found < 0:  # written as an escape
            return place_of(node)
        at = found + 1
    return place_at(text, found)


def place_at(text: str, index: int) -> Place:
    """Where the character `index` of a text stands."""
    return Place(text.count("\n", 0, index) + 1, index - text.rfind("\n", 0, index))
