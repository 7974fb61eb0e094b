"""Modules and names that the platform does not have, in the Python that Workers run."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from functools import cached_property

from gatekeeper import Deferred, Doubt, Examined, Finding, Note, Observation, Snapshot
from gatekeeper.source.code_tree import NOTHING, Kind, Node
from gatekeeper.source.code_values import Sort
from gatekeeper.source.python_by_name import argument
from gatekeeper.source.python_paths import is_python
from gatekeeper.value import dataclass, field
from gatekeeper_rules.code._durable_sheet import Place, Sheet
from gatekeeper_rules.code._node_compat import builtin
from gatekeeper_rules.code._python_guards import Guard, guarded_imports
from gatekeeper_rules.code._python_platform import ABSENT, HOLLOW, HOMES, NO_GLOBALS, SDK, WORKERS
from gatekeeper_rules.code._unsupported_names import WHOLE, fault_of
from gatekeeper_rules.code._unsupported_workers import Worker, Workers
from gatekeeper_rules.code._workflow_code import Code
from gatekeeper_rules.code._workflow_followed import Followed, Reaching

_FIX = "Do without it, or catch the ImportError and go another way."
_BY_NAME = frozenset(
    (
        *("builtins.__import__", "importlib.__import__", "importlib.import_module"),
        *("pydoc.locate", "runpy.run_module"),
    )
)
_RUNS = frozenset({"builtins.exec", "builtins.eval", "builtins.compile"})
_WORDS = (
    *("__import__", "compile", "eval", "exec", "import_from_javascript", "importlib"),
    *("locate", "runpy"),
)
_FROM_JAVASCRIPT = "workers.import_from_javascript"
_MOST_NOTES = 10


def observations(
    snapshot: Snapshot, workers: Workers, focus: frozenset[str] | None
) -> Iterator[Observation]:
    """A finding for each place, a doubt for each file that cannot be read."""
    started = {root: each for each in workers.all for root in each.roots if is_python(root)}
    if not started:
        return
    if focus is not None:
        yield from _previewed(snapshot, started, focus)
        return
    python = PythonFiles(Code(snapshot), started)
    for path in python.reached:
        yield from python.of_file(path)
    yield from python.code.doubts.values()
    yield from (Note(each) for each in python.guarded[:_MOST_NOTES])
    yield Examined("Python files of Workers", len(python.reached))


def _previewed(
    snapshot: Snapshot, started: dict[str, Worker], focus: frozenset[str]
) -> Iterator[Observation]:
    """What of staged files is wrong; only where something is, whether a Worker has the file."""
    code = Followed(snapshot)
    code.take(path for path in focus & code.sources.paths)
    python = PythonFiles(code, started)
    said = {path: tuple(python.of_file(path)) for path in code.paths if path in focus}
    lost = {path: (each,) for path, each in code.doubts.items() if path in focus}
    suspects = {path: each for path, each in {**said, **lost}.items() if each}
    yield Examined("staged Python files", len(said) + len(lost))
    if not suspects:
        return
    reaching = Reaching(snapshot)
    reached = {*PythonFiles(reaching, started).reached, *reaching.doubts}
    for path, each in suspects.items():
        if path in reached and not code.cut:
            yield from each
        elif reaching.cut or code.cut:
            yield Deferred(f"what {path} asks of the platform for a Worker is left to CI")


@dataclass(frozen=True, eq=False)
class PythonFiles:
    """The Python files that Workers start, and all that these import."""

    code: Code
    started: dict[str, Worker]
    guarded: list[str] = field(default_factory=list)

    @cached_property
    def reached(self) -> tuple[str, ...]:
        """Every file that is imported, by a string too, at any distance."""
        waiting: Iterable[str] = self.started
        while waiting:
            before = frozenset(self.code.paths)
            self.code.take(waiting)
            fresh = frozenset(self.code.paths) - before
            waiting = tuple(
                file
                for path in sorted(fresh)
                for name, _ in self._by_name(path)
                for module in (self.code.listed.find(path, name) if name else ())
                for file in self.code.listed.files(module)
            )
        return self.code.paths

    def of_file(self, path: str) -> Iterator[Finding | Doubt]:
        """What is wrong in one file."""
        sheet = Sheet(path, self.code.module(path).lines)
        yield from self._imported(path, sheet)
        yield from self._named(path, sheet)
        for name, node in self._by_name(path):
            if not name:
                yield Doubt("which module is imported here cannot be told", path, node.line)
            elif self._is_absent(path, name):
                yield from self._told(sheet, node, name, f"Python there has no module `{name}`")
        yield from self._from_javascript(path, sheet)

    # -- statements

    def _imported(self, path: str, sheet: Sheet) -> Iterator[Finding]:
        for node, guard in guarded_imports(self.code.module(path).tree):
            if guard is Guard.NEVER:
                continue
            where = Node(Kind.IMPORT, node.lineno, node.col_offset + 1, "", ())
            for module in _modules(node):
                if not self._is_absent(path, module):
                    continue
                if guard is Guard.CAUGHT:
                    self.guarded.append(
                        f"{path}:{node.lineno}: `{module}` is not there; the code goes on without"
                    )
                else:
                    message = f"Python there has no module `{module}`"
                    yield from self._told(sheet, where, module, message)

    def _is_absent(self, path: str, module: str) -> bool:
        """Whether the platform lacks a module, and the repository has none of that name."""
        top = module.partition(".")[0]
        return top in ABSENT and not self.code.listed.find(path, top)

    # -- names that are taken

    def _named(self, path: str, sheet: Sheet) -> Iterator[Finding]:
        """What is taken, by import or as a member, of modules that are there."""
        scopes = self.code.names.files[path]
        imports = [binding for binding, _ in scopes.imports]
        for each in imports:
            if each.name and not each.module.startswith("."):
                yield from self._judged(path, sheet, each.node, f"{each.module}.{each.name}")
        whole = any(each.module == "workers" and not each.name for each in imports)
        for node, scope, _ in scopes.uses:
            if node.kind is Kind.ATTRIBUTE and (whole or node.text in _MEMBERS):
                values = self.code.names.values(path, scope, node)
                dotted = sorted(each.text for each in values if each.sort is Sort.EXTERNAL)
                for text in dotted:
                    yield from self._judged(path, sheet, node, text)

    def _judged(self, path: str, sheet: Sheet, node: Node, dotted: str) -> Iterator[Finding]:
        module, _, name = dotted.rpartition(".")
        if self.code.listed.find(path, module.partition(".")[0]):
            return
        if name in HOLLOW.get(module, ()):
            message = f"`{dotted}` does nothing there: the platform has no threads or processes"
            yield from self._told(sheet, node, dotted, message)
        elif module == "workers" and name not in WORKERS and name != WHOLE:
            home = HOMES.get(name)
            fix = f"It is in `{home}`." if home else "Take a name that the module has."
            message = f"`workers` has no `{name}` ({SDK})"
            yield from self._told(sheet, node, dotted, message, fix)
        elif module == "js" and name in NO_GLOBALS:
            message = f"JavaScript has no global `{name}`"
            yield from self._told(sheet, node, dotted, message, "Take it from `workers`.")

    # -- by a string

    def _by_name(self, path: str) -> Iterator[tuple[str, Node]]:
        """What is imported by a string, and where; an empty text where nobody can tell."""
        for node, scope in self._calls(path, _BY_NAME):
            given = argument(list(node.parts[1:]), 0, "name") or NOTHING
            wanted = given.parts[0] if given.kind is Kind.KEYWORD else given
            texts, sure = self.code.names.texts(path, scope, wanted)
            yield from ((each, node) for each in texts)
            if not sure:
                yield "", node
        for node, scope in self._calls(path, _RUNS):
            for code in self.code.names.texts(path, scope, node.parts[1])[0]:
                yield from ((each, node) for each in _within(code))

    def _from_javascript(self, path: str, sheet: Sheet) -> Iterator[Finding]:
        compat = next(iter(self.started.values())).compat
        for node, scope in self._calls(path, frozenset({_FROM_JAVASCRIPT})):
            for specifier in self.code.names.texts(path, scope, node.parts[1])[0]:
                if specifier.startswith("cloudflare:") or builtin(specifier):
                    fault = fault_of(specifier, WHOLE, compat, erased=False)
                    if fault is not None:
                        yield from self._told(sheet, node, specifier, fault.message, fault.fix)

    def _calls(self, path: str, functions: frozenset[str]) -> Iterator[tuple[Node, int]]:
        if not any(word in line for line in self.code.module(path).lines for word in _WORDS):
            return
        for node, scope, _ in self.code.names.files[path].uses:
            if node.kind is Kind.CALL and len(node.parts) > 1:
                called = self.code.names.values(path, scope, node.parts[0])
                if any(each.text in functions for each in called):
                    yield node, scope

    def _told(
        self, sheet: Sheet, node: Node, quoted: str, message: str, fix: str = _FIX
    ) -> Iterator[Finding]:
        place = Place(node.line, node.column, "")
        found = sheet.finding(place, quoted, f"{message}.", quoted, fix, None)
        if found is not None:
            yield found


_MEMBERS = frozenset().union(*HOLLOW.values(), NO_GLOBALS) | {"NonRetryableError"}


def _within(code: str) -> Iterator[str]:
    """The modules that a string of Python imports."""
    try:
        tree = ast.parse(code)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    for node, guard in guarded_imports(tree):
        if guard is Guard.NOTHING:
            yield from _modules(node)


def _modules(node: ast.Import | ast.ImportFrom) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (each.name for each in node.names)
    elif not node.level and node.module:
        yield node.module
