"""The text of a rule file: its tree, and the faults found in it with their places."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import ScalarNode

from orderpoint.domain.errors import Fault
from orderpoint.optimize.rules.expression import Expression, read_expression
from orderpoint.optimize.rules.fields import Kind
from orderpoint.optimize.rules.kinds import nearest
from orderpoint.optimize.rules.places import Node, Place, place_at, place_in, place_of


@dataclass
class RuleText:
    """One text; `file` is what faults call it, and `faults` grows as it is read."""

    text: str
    file: str
    faults: list[Fault] = field(default_factory=list)

    def composed(self) -> Node | None:
        """The tree of the text, None where it is empty or no YAML."""
        try:
            return YAML(typ="safe", pure=True).compose(self.text)
        except MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            place = Place(mark.line + 1, mark.column + 1) if mark else Place(1, 1)
            self.report(place, "rule_yaml", cause=str(error.problem or ""))
        except YAMLError as error:
            place = place_at(self.text, int(getattr(error, "position", 0)))
            self.report(place, "rule_yaml", cause=str(getattr(error, "reason", error)))
        except RecursionError:
            self.report(Place(1, 1), "rule_yaml", cause="nested too deeply")
        return None

    def report(self, place: Place, code: str, value: str = "", **details: str) -> None:
        """Note a fault."""
        self.faults.append(Fault(self.file, code, place.row, str(place.column), value or None, details))

    def expression(self, node: Node, wanted: Kind) -> Expression | None:
        """The expression in a scalar, None where it has faults."""
        if not isinstance(node, ScalarNode):
            self.report(place_of(node), "rule_not_an_expression")
            return None
        read, mistakes = read_expression(node.value, wanted)
        for mistake in mistakes:
            place = place_in(self.text, node, mistake.offset)
            self.report(place, mistake.code, mistake.value, **mistake.details)
        return read

    def entries(self, node: Node, known: Sequence[str], unknown: str) -> dict[str, tuple[Node, Node]]:
        """Key -> (its node, its value) of a mapping; keys that are not known or come twice are faults."""
        found: dict[str, tuple[Node, Node]] = {}
        for key, value in node.value:
            word = str(key.value) if isinstance(key, ScalarNode) else ""
            if word not in known:
                self.report(place_of(key), unknown, word, nearest=nearest(word, known))
            elif word in found:
                self.report(place_of(key), "rule_key_twice", word)
            else:
                found[word] = (key, value)
        return found
