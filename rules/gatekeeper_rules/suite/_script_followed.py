"""Whether a test of a script expects anything, its calls followed by name through the test code."""

from __future__ import annotations

from collections.abc import Iterator

from gatekeeper import Snapshot, Unreadable
from gatekeeper.source.script_modules import ScriptModules
from gatekeeper_rules.suite._script_expecting import says_so
from gatekeeper_rules.suite._script_files import SCRIPTS, ScriptFile
from gatekeeper_rules.suite._script_paths import is_script_test_code
from gatekeeper_rules.suite._written import Called, Written

_DEEPEST = 8
_AFTER = frozenset({"afterEach", "afterAll", "after", "teardown"})
_DOUBLES = ("mock", "returns", "resolves", "rejects", "calls")


class ScriptFollowed:
    """The scripts of one snapshot; files are read when a name leads into them."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._modules = ScriptModules(snapshot)
        self._known: dict[tuple[str, str, int], bool] = {}

    def file(self, path: str) -> ScriptFile | None:
        """What is written in a script; None where there is none to read."""
        entry = self._snapshot.entries.get(path)
        if entry is None or not entry.is_file:
            return None
        try:
            return self._snapshot.facts(SCRIPTS, path)
        except Unreadable:
            return None

    def expects(self, path: str, function: Written, depth: int = 0) -> bool:
        """Whether a function, or one that it calls, expects something; for a test its hooks too."""
        key = (path, function.name, function.line)
        if key not in self._known:
            # Holds while a cycle is followed.
            self._known[key] = bool(function.expectations)
            self._known[key] = self._looked(path, function, depth)
        return self._known[key]

    def _looked(self, path: str, function: Written, depth: int) -> bool:
        if function.expectations or depth > _DEEPEST:
            return bool(function.expectations)
        names = {each.name for each in function.calls}
        if any(self._does(path, name, depth) for name in names):
            return True
        return function.is_test and self._in_hooks(path, function, depth)

    def _in_hooks(self, path: str, test: Written, depth: int) -> bool:
        file = self.file(path)
        return any(
            self.expects(path, hook, depth + 1)
            for around, hook in (file.hooks if file is not None else ())
            if hook.short.split(" > ")[-1] in _AFTER and test.name.startswith(around)
        )

    def gains(self, path: str, function: Written, known: set[str]) -> bool:
        """Whether the function calls something that expects and is not known."""
        names = {each.name for each in function.calls} - known
        return any(self._does(path, name, 0) for name in names)

    def _does(self, path: str, name: str, depth: int) -> bool:
        """Whether what a name stands for expects something; by its word where that is elsewhere."""
        places = list(self._meant(path, name))
        if places:
            return any(self.expects(where, each, depth + 1) for where, each in places)
        last = name.rpartition(".")[2]
        return says_so(last) and not self._leads_here(path, name)

    def _leads_here(self, path: str, name: str) -> bool:
        """Whether a name is imported from the repository, where nothing of that name expects."""
        file = self.file(path)
        imported = file.imports.get(name.partition(".")[0], "") if file is not None else ""
        return bool(self._modules.find(path, imported.rpartition(":")[0])) if imported else False

    def _meant(self, path: str, name: str) -> Iterator[tuple[str, Written]]:
        """The functions that a name can stand for, in this file or one that it takes it from."""
        file = self.file(path)
        if file is None or not name:
            return
        root, _, rest = name.partition(".")
        last = rest.rpartition(".")[2] if rest else root
        own = [each for each in file.functions if not each.is_test and each.name == last]
        yield from ((path, each) for each in own)
        if root in file.imports:
            module, _, taken = file.imports[root].rpartition(":")
            wanted = last if rest or taken in ("*", "default") else taken
            yield from self._given_by(path, module, wanted, 0)

    def _given_by(
        self, path: str, module: str, name: str, depth: int
    ) -> Iterator[tuple[str, Written]]:
        for where in self._modules.find(path, module) if depth < _DEEPEST else ():
            file = self.file(where)
            if file is None:
                continue
            found = [e for e in file.functions if not e.is_test and e.name == name]
            yield from ((where, each) for each in found)
            for further in () if found else file.passed:
                yield from self._given_by(where, further, name, depth + 1)

    def made_up(self, path: str, name: str) -> Called | None:
        """A name that is imported from code of the repository which defines it itself."""
        file = self.file(path)
        module, _, taken = file.imports.get(name, "").rpartition(":") if file else ("", "", "")
        found = next(iter(self._given_by(path, module, taken, 0)), None) if module else None
        return None if found is None or found[1].expectations else Called(name, 1)

    def subject(self, path: str, test: Written, name: str) -> bool | None:
        """Whether what a name stands for in a test is code under test, and no test code's.

        None where that cannot be told: a name of a package, one that is nowhere.
        """
        file = self.file(path)
        root = name.partition(".")[0]
        if file is None or root in test.binds:
            return None if file is None else False
        module = file.imports.get(root, "").rpartition(":")[0]
        files = self._modules.find(path, module) if module else ()
        return not all(map(is_script_test_code, files)) if files else None

    def doubles(self, path: str, test: Written) -> str:
        """The replaced code that a test calls, where it uses no other code of the repository."""
        file = self.file(path)
        if file is None or not (file.mocked or file.spied):
            return ""
        replaced = {f for each in file.mocked for f in self._modules.find(path, each)}
        called = [each.name for each in test.calls if each.used]
        found = ""
        for name in sorted(test.uses):
            module = file.imports.get(name, "").rpartition(":")[0]
            files = self._modules.find(path, module) if module else ()
            if not files or all(map(is_script_test_code, files)):
                continue
            mine = [each for each in called if each.partition(".")[0] == name]
            whole = all(each in replaced for each in files)
            if not whole and not (mine and all(each in file.spied for each in mine)):
                return ""
            asked = [each for each in mine if not each.rpartition(".")[2].startswith(_DOUBLES)]
            found = found or next(iter(asked), "")
        return found
