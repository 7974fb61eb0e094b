"""Finds the clause of the prose that a binding means: by its words, or by its id."""

from __future__ import annotations

from collections.abc import Mapping

from gatekeeper.contract.folding import fold
from gatekeeper.contract.nearest import did_you_mean, nearest, shortened
from gatekeeper.contract.nodes import Problems
from gatekeeper.contract.shapes import Located
from gatekeeper.terms import Clause, Prose


class ClauseIndex:
    """The clauses of one prose, ready to be asked for; what is not found is told."""

    def __init__(self, prose: Prose, problems: Problems) -> None:
        self.clauses = prose.clauses
        self._path = prose.path
        self._problems = problems
        self._by_id: Mapping[str, Clause] = {each.id: each for each in prose.clauses}
        self._by_words: dict[str, list[Clause]] = {}
        for clause in prose.clauses:
            self._by_words.setdefault(fold(clause.says), []).append(clause)

    def meant(self, says: Located[str], id_: Located[str] | None) -> Clause | None:
        """The clause that says `says`, and that has the id if one is given."""
        if id_ is None:
            return self._with_words(says)
        clause = self._with_id(id_)
        if clause is not None and fold(clause.says) != fold(says.value):
            message = f'The clause {clause.id} of {self._path} says "{shortened(clause.says)}".'
            self._tell(says, message, "Quote these words, or name the clause that you mean.")
            return None
        return clause

    def named(self, reference: Located[str]) -> Clause | None:
        """The clause that `reference` names, by its id or by its words."""
        return self._by_id.get(reference.value) or self._with_words(reference)

    def _with_id(self, id_: Located[str]) -> Clause | None:
        clause = self._by_id.get(id_.value)
        if clause is None:
            message = f'There is no clause "{id_.value}" in {self._path}.'
            at = (id_.line, id_.column)
            self._problems.add(at, message, lambda: did_you_mean(id_.value, self._by_id))
        return clause

    def _with_words(self, says: Located[str]) -> Clause | None:
        found = self._by_words.get(fold(says.value), [])
        if len(found) == 1:
            return found[0]
        if found:
            ids = " or ".join(each.id for each in found)
            message = f"{len(found)} clauses of {self._path} say this."
            self._tell(says, message, f"Add clause: {ids}.")
            return None
        message = f'No clause of {self._path} says "{shortened(says.value)}".'
        at = (says.line, says.column)
        self._problems.add(at, message, lambda: self._suggestion(says.value))
        return None

    def _suggestion(self, says: str) -> str:
        words = nearest(fold(says), self._by_words)
        if words is None:
            return "Its words must be those of the prose."
        clause = self._by_words[words][0]
        return f'The nearest is {clause.id}: "{shortened(clause.says)}".'

    def _tell(self, at: Located[str], message: str, hint: str) -> None:
        self._problems.add((at.line, at.column), message, hint)
