"""Whether a test expects anything, its calls followed by name through the test code."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from posixpath import dirname

from gatekeeper import Snapshot, Unreadable
from gatekeeper.source.python_modules import Listed
from gatekeeper_rules.suite._names import last
from gatekeeper_rules.suite._test_files import TESTS, is_test_code, may_help
from gatekeeper_rules.suite._written import Written, WrittenFile

_SAYS = re.compile(r"_*(?:assert|expect|should|must)")
_MAY_SAY = re.compile(r"_*(?:assert|expect|should|must|check|verify|ensure|validate|compare)")
_SELF = frozenset({"self", "cls", "super"})
_DEEPEST = 8

Place = tuple[str, Written]


def _leads(function: Written) -> set[str]:
    """The names through which a function may expect something."""
    called = {each.name for each in function.calls}
    return {*called, *function.parameters, *function.decorators} - {""}


class Followed:
    """The test code of one snapshot; files are read when a name leads into them."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._known: dict[tuple[str, str, int], bool] = {}

    def file(self, path: str) -> WrittenFile | None:
        """What is written in a file of test code; None where there is none to read."""
        entry = self._snapshot.entries.get(path)
        if entry is None or not entry.is_file or not may_help(path):
            return None
        try:
            return self._snapshot.facts(TESTS, path)
        except Unreadable:
            return None

    def expects(self, path: str, function: Written, depth: int = 0) -> bool:
        """Whether the function, or one that it calls or gets as a fixture, expects something."""
        key = (path, function.name, function.line)
        if key not in self._known:
            self._known[key] = bool(function.expectations)  # holds while a cycle is followed
            self._known[key] = self._looked(path, function, depth)
        return self._known[key]

    def _looked(self, path: str, function: Written, depth: int) -> bool:
        if function.expectations:
            return True
        if depth > _DEEPEST:
            return False
        names = _leads(function)
        file = self.file(path)
        raising = file.raising(function.owner) if file is not None else frozenset[str]()
        if function.is_test and not raising.isdisjoint(names):
            return True
        return any(self._does(path, function, name, depth) for name in names)

    def gains(self, path: str, function: Written, known: set[str]) -> bool:
        """Whether the function calls, or is given, something that expects and is not known."""
        return any(self._does(path, function, name, 0) for name in _leads(function) - known)

    def _does(self, path: str, function: Written, name: str, depth: int) -> bool:
        """Whether what a name stands for in a function expects something."""
        places = self._meant(path, function, name)
        if places is None:
            return self._by_its_word(path, function, name)
        return any(
            self.expects(where, each, depth + 1) for where, each in places if each is not function
        )

    def _by_its_word(self, path: str, function: Written, name: str) -> bool:
        """Whether a name that leads out of the test code says that it expects something."""
        if name in function.parameters or name in function.decorators:
            return bool(_SAYS.match(last(name)))
        root = name.partition(".")[0]
        file = self.file(path)
        imported = file is not None and root in file.imports
        ours = file is not None and imported and self._is_ours(path, file.imports[root])
        trusted = root in function.parameters or (imported and not ours)
        return bool((_MAY_SAY if trusted else _SAYS).match(last(name)))

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

    def _imported(self, path: str, dotted: str) -> Iterator[Place]:
        """The function, or the constructor, that `from module import name` brings."""
        module, _, name = dotted.rpartition(".")
        module = f"{module}." if module.strip(".") == "" and module else module
        for found in self._modules.find(path, module) if module else ():
            for where in self._modules.files(found):
                file = self.file(where)
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
        folder = dirname(path)
        places = [path]
        while True:
            places.append(f"{folder}/conftest.py" if folder else "conftest.py")
            if not folder:
                break
            folder = dirname(folder)
        for place in places:
            file = self.file(place)
            for each in file.functions if file is not None else ():
                if each.is_fixture and each.short == name:
                    yield place, each

    def _any_called(self, name: str) -> list[Place]:
        """Every function and method of the test code with that name."""
        return self._by_name.get(name, [])

    @cached_property
    def _by_name(self) -> dict[str, list[Place]]:
        found: dict[str, list[Place]] = {}
        for path in sorted(self._snapshot.entries):
            file = self.file(path)
            for each in file.functions if file is not None else ():
                if not each.is_test:
                    found.setdefault(each.short, []).append((path, each))
        return found

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

    def is_production(self, path: str, dotted: str) -> bool:
        """Whether a dotted name leads into code of the repository that is no test code."""
        parts = dotted.split(".")
        for count in range(len(parts), 0, -1):
            found = self._modules.find(path, ".".join(parts[:count]))
            if found:
                return not any(is_test_code(each.rstrip("/") + ".py") for each in found)
        return False
