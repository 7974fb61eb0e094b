"""Whether the scripts that a Worker runs create instances of a Workflow."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from functools import cached_property
from typing import NamedTuple

from gatekeeper.source.code_tree import Kind
from gatekeeper.source.code_tree import walk as nodes_of
from gatekeeper.source.script_chains import bare
from gatekeeper.source.script_syntax import Syntax, walk
from gatekeeper.value import dataclass, field
from gatekeeper_rules.code._production import Role
from gatekeeper_rules.code._script_bindings import UNKNOWN, Origins
from gatekeeper_rules.code._script_code import ScriptCode, ScriptFile, member_name
from gatekeeper_rules.code._script_reach import Places, Reach
from gatekeeper_rules.code._script_regions import MEMBERS
from gatekeeper_rules.code._script_sources import role_of
from gatekeeper_rules.code._workflow_creation import CREATES, Created

_CREATING = re.compile(rb"(?:\.|\?\.|\[)\s*[\"'`]?create(?:Batch|_batch)?\b")
_SAYING = frozenset({Kind.ATTRIBUTE, Kind.NAME, Kind.STRING})
_WRAPS = frozenset({"as_expression", "non_null_expression", "parenthesized_expression"})
_GOES_ON = frozenset(
    {
        *("arguments", "array", "arrow_function", "assignment_expression", "pair"),
        *("return_statement", "spread_element", "variable_declarator"),
    }
)
_GLOBALS = frozenset({"Object", "Reflect", "Array", "document", "crypto"})


class Call(NamedTuple):
    """A call of `create`, and the bindings that it may be called on."""

    file: ScriptFile
    node: Syntax
    bindings: frozenset[str]

    @property
    def where(self) -> str:
        """The file and the line."""
        return f"{self.file.path}:{self.node.line}"


@dataclass(frozen=True, eq=False)
class ScriptCreation:
    """What the scripts say that each Worker runs."""

    code: ScriptCode
    _calls: dict[str, tuple[Call, ...]] = field(default_factory=dict)
    _reaches: dict[str, Reach] = field(default_factory=dict)

    def of(self, main: str, bindings: frozenset[str], itself: Places) -> tuple[Created, str]:
        """Whether what wrangler starts with `main` creates by one of the bindings, and where.

        `itself` is where the Workflow stands: what it does begins nothing.
        """
        reach = self._reach(main)
        calls = [each for path in reach.paths for each in self._calls_in(path)]
        own = [each for each in calls if each.bindings & bindings]
        found = max(((_judged(each, reach, itself), each.where) for each in own), default=None)
        if found is not None and found[0] is Created.YES:
            return found
        lost = next((each for each in reach.paths if each in self._unread), "")
        if lost:
            return Created.UNKNOWN, lost
        if found is not None:
            return found
        where = self._mentioned(reach.paths, bindings)
        if not where:
            return Created.UNMENTIONED, ""
        lost_sight = any(UNKNOWN in each.bindings and _is_live(each) for each in calls)
        if lost_sight or any(self._goes_on(path, bindings) for path in reach.paths):
            return Created.UNKNOWN, where
        return Created.UNUSED, where

    @property
    def _unread(self) -> frozenset[str]:
        return frozenset({*self.code.doubts, *self.code.scripts.doubts})

    def _reach(self, main: str) -> Reach:
        if main not in self._reaches:
            self._reaches[main] = Reach(self.code, main, self.started(main))
        return self._reaches[main]

    def started(self, main: str) -> tuple[str, ...]:
        """The scripts that a Worker runs: what it starts, and what that takes, at any distance."""
        seen, waiting = {main}, deque([main])
        while waiting:
            for each in sorted(self.code.scripts.sources.taken(waiting.popleft())):
                if each not in seen:
                    seen.add(each)
                    waiting.append(each)
        return tuple(each for each in sorted(seen) if role_of(each) is not Role.GENERATED)

    # -- calls

    def _calls_in(self, path: str) -> tuple[Call, ...]:
        if path not in self._calls:
            file = self._file(path, _CREATING)
            self._calls[path] = tuple(self._found(file)) if file is not None else ()
        return self._calls[path]

    def _file(self, path: str, said: re.Pattern[bytes]) -> ScriptFile | None:
        """A script that was taken in and says something."""
        scripts = self.code.scripts
        is_said = scripts.has(path) and said.search(scripts.sources.content(path))
        return self.code.file(path) if is_said else None

    def _found(self, file: ScriptFile) -> Iterator[Call]:
        for node in walk(file.lexical.tree):
            function = bare(node.of("function"))
            if node.type == "call_expression" and function.type in MEMBERS:
                owner = bare(function.of("object"))
                is_language = owner.text in _GLOBALS and file.lexical.declared(owner) is None
                if member_name(function) in CREATES and not is_language:
                    yield Call(file, node, self._origins.of(file, owner))

    @cached_property
    def _origins(self) -> Origins:
        return Origins(self.code, self._calls_of)

    def _calls_of(self, name: str) -> Iterator[tuple[ScriptFile, Syntax]]:
        """The calls that are come to, in every script that was taken in and says a name."""
        for path in sorted(self.code.scripts.names.files):
            file = self._file(path, _word(name))
            for node in walk(file.lexical.tree) if file is not None else ():
                if node.type == "call_expression" and file is not None and not file.is_dead(node):
                    yield file, node

    # -- what is said

    def _mentioned(self, paths: tuple[str, ...], bindings: frozenset[str]) -> str:
        for path in paths:
            tree = self.code.scripts.trees.get(path)
            for node in nodes_of(tree) if tree is not None else ():
                if node.kind in _SAYING and node.text in bindings:
                    return f"{path}:{node.line}"
        return ""

    def _goes_on(self, path: str, bindings: frozenset[str]) -> bool:
        """Whether a script hands one of the bindings to something, or puts it somewhere."""
        for name in sorted(bindings):
            file = self._file(path, _word(name))
            held = walk(file.lexical.tree) if file is not None else iter(())
            own = (each for each in held if each.type in MEMBERS and member_name(each) == name)
            if file is not None and any(_is_handed_on(file, each) for each in own):
                return True
        return False


def _word(name: str) -> re.Pattern[bytes]:
    return re.compile(rb"(?<![\w$])" + re.escape(name.encode()) + rb"(?![\w$])")


def _is_handed_on(file: ScriptFile, node: Syntax) -> bool:
    """Whether a value goes where it cannot be seen what is done with it."""
    above = file.lexical.parent(node)
    while above.type in _WRAPS:
        node, above = above, file.lexical.parent(above)
    return above.type in _GOES_ON and not file.is_dead(node)


def _is_live(call: Call) -> bool:
    return not call.file.is_dead(call.node)


def _judged(call: Call, reach: Reach, itself: Places) -> Created:
    if not _is_live(call):
        return Created.DEAD
    if not reach.is_run(call.file, call.node):
        return Created.UNCALLED
    begins = reach.is_run(call.file, call.node, without=itself)
    return Created.YES if begins else Created.ITSELF
