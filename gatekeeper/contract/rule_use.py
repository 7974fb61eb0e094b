"""The rules that a binding names, with their options: from nodes to terms."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gatekeeper.contract.frozen import Frozen
from gatekeeper.contract.nearest import did_you_mean
from gatekeeper.contract.nodes import Listing, Node, Problems, Refused, Table, Text
from gatekeeper.contract.shapes import NotWritable, record_of
from gatekeeper.contract.typed import Reader
from gatekeeper.rule import Rule
from gatekeeper.terms import Place, Term
from gatekeeper.value import dataclass

_ONE = "Write a rule's name, or its name with options, as in - output-missing: {new: [src/a.py]}."


@dataclass(frozen=True, slots=True)
class RuleReader:
    """Reads uses of rules; `defaults` are the options given once for all clauses."""

    reader: Reader
    rules: Mapping[str, Rule[Any]]
    defaults: Mapping[str, Table]

    @property
    def problems(self) -> Problems:
        """Where problems are told."""
        return self.reader.problems

    def terms(self, uses: tuple[Node, ...]) -> tuple[Term, ...]:
        """The terms that the uses at one clause stand for; what is wrong with them is told."""
        terms: dict[tuple[str, str], Term] = {}
        for use in uses:
            term = self._term(use)
            if term is None:
                continue
            if (same := (term.rule, repr(term.options))) in terms:
                message = f"{term.rule} is bound twice to this clause with the same options."
                self.problems.add(use, message, "Take one out.")
            else:
                terms[same] = term
        return tuple(terms.values())

    def _term(self, use: Node) -> Term | None:
        named = self._name(use)
        rule = self._rule(named[0]) if named else None
        if named is None or rule is None:
            return None
        table = _merged(self.defaults.get(rule.name), named[1], use)
        options = self._options(rule, table)
        if options is None:
            return None
        given = {key.text: _plain(value) for key, value in table.entries}
        place = Place(self.problems.path, use.line, use.column)
        return Term(rule.name, options, Frozen(given), place)

    def _name(self, use: Node) -> tuple[Text, Table | None] | None:
        if isinstance(use, Text) and use.text:
            return use, None
        if isinstance(use, Table) and len(use.entries) == 1:
            name, options = use.entries[0]
            if isinstance(options, Table):
                return name, options
            self._expected_options(name, options)
        elif not isinstance(use, Refused):
            self.problems.add(use, "Expected one rule here.", _ONE)
        return None

    def _rule(self, name: Text) -> Rule[Any] | None:
        rule = self.rules.get(name.text)
        if rule is None:
            message = f'There is no rule "{name.text}".'
            self.problems.add(name, message, lambda: did_you_mean(name.text, self.rules))
        return rule

    def _options(self, rule: Rule[Any], table: Table) -> object | None:
        try:
            record = record_of(rule.options)
        except NotWritable as fault:
            self.problems.add(table, f"The rule {rule.name} cannot be bound: {fault}.")
            return None
        given = self.reader.fields(table, record)
        if self.reader.missing(table, record) or len(given) < len(table.entries):
            return None
        try:
            options: object = rule.options(**given)
        except ValueError as fault:
            self.problems.add(table, f"The options of {rule.name} do not fit: {fault}.")
            return None
        return options

    def check(self, name: Text, options: Node) -> None:
        """Tells what is wrong with an entry of the top-level `rules:`."""
        rule = self._rule(name)
        if not isinstance(options, Table):
            self._expected_options(name, options)
        elif rule is not None:
            try:
                self.reader.fields(options, record_of(rule.options))
            except NotWritable as fault:
                self.problems.add(name, f"The rule {rule.name} cannot be bound: {fault}.")

    def _expected_options(self, name: Text, options: Node) -> None:
        if not isinstance(options, Refused):
            hint = f"Write just {name.text}, or {name.text}: {{option: value}}."
            self.problems.add(options, "Expected the rule's options, as a mapping.", hint)


def _merged(defaults: Table | None, given: Table | None, use: Node) -> Table:
    tables = (table for table in (defaults, given) if table is not None)
    entries = {key.text: (key, value) for table in tables for key, value in table.entries}
    return Table(tuple(entries.values()), use.line, use.column)


def _plain(node: Node) -> object:
    if isinstance(node, Table):
        return Frozen({key.text: _plain(value) for key, value in node.entries})
    if isinstance(node, Listing):
        return tuple(_plain(item) for item in node.items)
    return node.text if isinstance(node, Text) else ""
