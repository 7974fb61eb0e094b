"""Whether a test expects anything, its calls followed by name through the test code."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from posixpath import dirname

from gatekeeper import Snapshot, Unreadable
from gatekeeper.source.python_modules import Listed
from gatekeeper_rules.suite._defined import Defined
from gatekeeper_rules.suite._names import last
from gatekeeper_rules.suite._test_paths import is_test_code, may_help
from gatekeeper_rules.suite._written import Expectation, Written, WrittenFile

_SAYS = re.compile(r"_*(?:assert|expect|should|must)")
_MAY_SAY = re.compile(r"_*(?:assert|expect|should|must|check|verify|ensure|validate|compare)")
_SELF = frozenset({"self", "cls", "super"})
_DEEPEST = 8

Place = tuple[str, Written]


def _leads(function: Written) -> set[str]:
    """The names through which a function may expect something."""
    called = {each.name for each in function.calls}
    return {*called, *function.parameters, *function.decorators} - {""}


def _conftests(path: str) -> Iterator[str]:
    """Where the `conftest.py` files above a test may be, the nearest first."""
    folder = dirname(path)
    while folder:
        yield f"{folder}/conftest.py"
        folder = dirname(folder)
    yield "conftest.py"


class Followed:
    """The test code of one snapshot; files are read when a name leads into them."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._known: dict[tuple[str, str, int], bool] = {}
        self._called: dict[str, list[Place]] = {}

    def file(self, path: str) -> WrittenFile | None:
        """What is written in a file of test code; None where there is none to read."""
        return self._any_file(path) if may_help(path) else None

    def _any_file(self, path: str) -> WrittenFile | None:
        entry = self._snapshot.entries.get(path)
        if entry is None or not entry.is_file or not path.endswith(".py"):
            return None
        # The whole grammar of tests: not for a rule that is only named in a contract.
        from gatekeeper_rules.suite._test_files import TESTS

        try:
            return self._snapshot.facts(TESTS, path)
        except Unreadable:
            return None

    def line_of_title(self, path: str, name: str) -> int | None:
        """The line of a script's test by its titles; None where it cannot be told."""
        from gatekeeper.source.script_tests import SCRIPT_TESTS, SUFFIXES

        entry = self._snapshot.entries.get(path)
        if entry is None or not entry.is_file or not path.endswith(SUFFIXES):
            return None
        try:
            return self._snapshot.facts(SCRIPT_TESTS, path).line_of(name)
        except Unreadable:
            return None

    def expects(self, path: str, function: Written, depth: int = 0) -> bool:
        """Whether the function, or one that it calls or gets as a fixture, expects something."""
        key = (path, function.name, function.line)
        if key not in self._known:
            # Holds while a cycle is followed.
            self._known[key] = any(not each.by for each in function.expectations)
            self._known[key] = self._looked(path, function, depth)
        return self._known[key]

    def _looked(self, path: str, function: Written, depth: int) -> bool:
        if depth > _DEEPEST:
            return bool(function.expectations)
        if any(self._counts(path, function, each, depth) for each in function.expectations):
            return True
        names = _leads(function)
        file = self.file(path)
        raising = file.raising(function.owner) if file is not None else frozenset[str]()
        if function.is_test and not raising.isdisjoint(names):
            return True
        return any(self._does(path, function, name, depth) for name in names)

    def gains(self, path: str, function: Written, known: set[str]) -> bool:
        """Whether the function calls, or is given, something that expects and is not known."""
        return any(self._does(path, function, name, 0) for name in _leads(function) - known)

    def _does(
        self, path: str, function: Written, name: str, depth: int, known: list[Place] | None = None
    ) -> bool:
        """Whether what a name stands for in a function expects something."""
        places = known or self._meant(path, function, name)
        if places is None:
            return self._by_its_word(path, function, name)
        calls = [each for each in function.calls if each.name == name]
        started = not calls or any(each.started for each in calls)
        return any(
            self.expects(where, each, depth + 1)
            for where, each in places
            if each is not function and (started or not each.lazy)
        )

    def _counts(self, path: str, function: Written, expectation: Expectation, depth: int) -> bool:
        """Whether an expectation is one, and not a call of something that only is called so."""
        file = self._any_file(path)
        imported = file.imports.get(expectation.by.partition(".")[0]) if file is not None else None
        if not expectation.by or (imported and not self._is_ours(path, imported)):
            return True
        found = self._meant(path, function, expectation.by)
        found = found or list(self._ours(path, expectation.by))
        places = [each for each in found if each[1] is not function]
        return not places or self._does(path, function, expectation.by, depth, places)

    def _ours(self, path: str, name: str) -> Iterator[Place]:
        """What an imported name means in code of the repository that is no test code."""
        file = self.file(path)
        root, _, rest = name.partition(".")
        if file is not None and root in file.imports:
            named = f"{file.imports[root]}.{rest}" if rest else file.imports[root]
            yield from self._imported(path, named, anywhere=True)

    def muting(self, path: str, function: Written, name: str) -> bool:
        """Whether what a name stands for keeps to itself the failure of what it is put around."""
        places = [*self._plain(path, function, name)]
        file = self.file(path)
        if file is not None:
            leave = (f"{name}.__exit__", f"{name}.__aexit__")
            places += [(path, each) for each in file.functions if each.name in leave]
            if name in file.imports:
                imported = f"{file.imports[name]}.__exit__"
                places += self._imported(path, imported)
        return any(each.mutes for _, each in places)

    def _by_its_word(self, path: str, function: Written, name: str) -> bool:
        """Whether a name that leads out of the test code says that it expects something."""
        if name in function.parameters or name in function.decorators:
            return bool(_SAYS.match(last(name)))
        root = name.partition(".")[0]
        file = self.file(path)
        imported = file is not None and root in file.imports
        ours = file is not None and imported and self._is_ours(path, file.imports[root])
        trusted = root in function.parameters or (imported and not ours)
        says = bool((_MAY_SAY if trusted else _SAYS).match(last(name)))
        places = list(self._ours(path, name)) if ours and says else []
        return says and (not places or any(self.expects(*place) for place in places))

    def _is_ours(self, path: str, imported: str) -> bool:
        """Whether an import leads into the repository."""
        module = imported.rpartition(".")[0] or imported
        return bool(self._modules.find(path, imported) or self._modules.find(path, module))

    def _meant(self, path: str, function: Written, name: str) -> list[Place] | None:
        """The functions of the test code that a name can stand for; None for none of them."""
        root, _, rest = name.partition(".")
        if root in _SELF and rest:
            found = list(self._methods(path, function.owner, last(name), set()))
        elif not rest:
            found = [*self._plain(path, function, name)]
        else:
            found = [*self._dotted(path, root, last(name))] or self._any_called(last(name))
        return found or None

    def _plain(self, path: str, function: Written, name: str) -> Iterator[Place]:
        if name in function.parameters:
            yield from self._fixtures(path, name)
            return
        file = self.file(path)
        if file is None:
            return
        yield from ((path, each) for each in file.functions if each.name == name)
        yield from ((path, each) for each in file.functions if each.name == f"{name}.__init__")
        if name in file.imports:
            yield from self._imported(path, file.imports[name])

    def _imported(self, path: str, dotted: str, *, anywhere: bool = False) -> Iterator[Place]:
        """The function, or the constructor, that `from module import name` brings.

        With `anywhere` also one in code that is no test code.
        """
        module, _, name = dotted.rpartition(".")
        module = f"{module}." if module.strip(".") == "" and module else module
        for found in self._modules.find(path, module) if module else ():
            for where in self._modules.files(found):
                file = self._any_file(where) if anywhere else self.file(where)
                for each in file.functions if file is not None else ():
                    if each.name in (name, f"{name}.__init__"):
                        yield where, each

    def _dotted(self, path: str, root: str, name: str) -> Iterator[Place]:
        """What `root.name` means where `root` is a module of the test code."""
        file = self.file(path)
        if file is not None and root in file.imports:
            yield from self._imported(path, f"{file.imports[root]}.{name}")

    def _methods(self, path: str, owner: str, name: str, seen: set[str]) -> Iterator[Place]:
        """The methods of that name in a class, and in those that it extends, by name."""
        file = self.file(path)
        if file is None or not owner or owner in seen:
            return
        seen.add(owner)
        bases = [last(each) for each in file.bases.get(owner, ())]
        own = [each for each in file.functions if each.owner == owner and each.short == name]
        yield from ((path, each) for each in own)
        for base in bases:
            if base in file.bases:
                yield from self._methods(path, base, name, seen)
            else:
                yield from ((w, each) for w, each in self._any_called(name) if each.owner == base)

    def _fixtures(self, path: str, name: str) -> Iterator[Place]:
        """The fixtures that a parameter can stand for: here, or in a `conftest.py` above."""
        yield from (place for place in self._all_fixtures(path) if place[1].short == name)

    def fixtures_of(self, path: str, test: Written) -> Iterator[Place]:
        """The fixtures that a test gets: those that it asks for, and those for every test."""
        for where, each in self._all_fixtures(path):
            if each.autouse or each.short in test.parameters:
                yield where, each

    def _all_fixtures(self, path: str) -> Iterator[Place]:
        for place in (path, *_conftests(path)):
            file = self.file(place)
            for each in file.functions if file is not None else ():
                if each.is_fixture:
                    yield place, each

    def _any_called(self, name: str) -> list[Place]:
        """Every function and method of the test code with that name."""
        if name not in self._called:
            self._called[name] = [
                (path, each)
                for path in self._defined.where(name)
                for each in self._functions(path)
                if each.short == name and not each.is_test
            ]
        return self._called[name]

    def _functions(self, path: str) -> tuple[Written, ...]:
        file = self.file(path)
        return file.functions if file is not None else ()

    @cached_property
    def _defined(self) -> Defined:
        return Defined(self._snapshot)

    @cached_property
    def _modules(self) -> Listed:
        return Listed(self._snapshot.entries)

    def leads_to(self, path: str, name: str) -> str:
        """A dotted name with its first part replaced by what the file imports it as."""
        file = self.file(path)
        root, dot, rest = name.partition(".")
        if file is None or root not in file.imports:
            return ""
        return file.imports[root] + dot + rest

    def leads_into_production(self, path: str, name: str) -> bool:
        """Whether a name that a file imports leads into code of the repository under test."""
        meant = self.leads_to(path, name)
        return bool(meant) and self.is_production(path, meant)

    def is_production(self, path: str, dotted: str) -> bool:
        """Whether a dotted name leads into code of the repository that is no test code."""
        parts = dotted.split(".")
        for count in range(len(parts), 0, -1):
            found = self._modules.find(path, ".".join(parts[:count]))
            if found:
                return not any(is_test_code(each.rstrip("/") + ".py") for each in found)
        return False
