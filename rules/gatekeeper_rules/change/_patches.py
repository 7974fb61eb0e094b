"""Code outside of a protected module that exchanges a part of it while the program runs."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from weakref import WeakKeyDictionary

from gatekeeper import Change, Doubt, Extractor, FileChange, Snapshot, Unreadable
from gatekeeper.source.code_tree import Kind, Node, walk
from gatekeeper.source.python import PYTHON, Import
from gatekeeper.source.python_spelling import could_say
from gatekeeper.source.python_text import is_plain
from gatekeeper.value import dataclass
from gatekeeper_rules.change._intrusions import Fault
from gatekeeper_rules.change._shadows import Names
from gatekeeper_rules.change._territory import Territory

_TESTS = re.compile(r"(?:.*/)?(?:tests?|testing)/.*|(?:.*/)?(?:test_.*|.*_tests?|conftest)\.py")
_SETTERS = frozenset({"setattr", "delattr", "object"})  # `patch.object`
_LOADERS = frozenset({"import_module", "__import__"})
_OF_MODULES = frozenset({"setdefault", "pop", "update", "__setitem__", "__delitem__"})
_MODULES = ("sys", "modules")
_INSIDES = frozenset({"__code__", "__dict__", "__class__", "__defaults__", "__wrapped__"})

# One of these is in every file with a call that sets something.
_CALLS = re.compile(rb"setattr|delattr|patch|modules|__dict__|vars|object\s*\(")

Chain = tuple[str, ...]
Bound = Mapping[str, Chain]


def patches(
    territory: Territory, names: Names, edits: Edits, changed: FileChange
) -> Iterator[Fault | Doubt]:
    """A fault where a changed file of Python, no test, newly sets something of the module's."""
    path, entry, change = changed.path, changed.after, edits.change
    if entry is None or not entry.is_file or not may_patch(path):
        return
    if not names.python or edits.set_nothing(changed):
        return
    content = change.head.read(path)
    stems = {name.rpartition("/")[2].encode() for name in names.python}
    if is_plain(content) and not could_say(stems, content):
        return
    try:
        change.head.facts(_SET, path)
    except Unreadable as unreadable:
        reason = f"whether it sets anything of the protected module {territory.name}"
        yield Doubt(f"{reason} cannot be told: {unreadable.reason}", path, unreadable.line)
        return
    had = Counter(_set_by(names, change.base, path))
    for said, real in _set_by(names, change.head, path):
        had[said, real] -= 1
        if had[said, real] < 0:
            yield Fault(
                path,
                f"{path} sets {said} while the program runs, of {real} "
                f"of the protected module {territory.name}",
                (path, real),
            )


def may_patch(path: str) -> bool:
    """Whether a file is Python that ships: what a test replaces is back when it is over."""
    return path.endswith(".py") and _TESTS.fullmatch(path) is None


_KNOWN: WeakKeyDictionary[Change, dict[str, bool]] = WeakKeyDictionary()
"""By the change, as long as there is one: of which of its files the edit sets nothing."""


@dataclass(frozen=True, eq=False)
class Edits:
    """The edits of a change; each protected module asks whether they set anything."""

    change: Change
    _known: dict[str, bool]

    @classmethod
    def of(cls, change: Change) -> Edits:
        """Those of a change; clauses that ask about the same one share what is known of it."""
        return cls(change, _KNOWN.setdefault(change, {}))

    def set_nothing(self, changed: FileChange) -> bool:
        """Whether an edit surely sets nothing new, of whatever module; no is no answer."""
        before, after, path = changed.before, changed.after, changed.path
        if before is None or after is None or not before.is_file:
            return False
        if path not in self._known:
            contents = self.change.base.read(path), self.change.head.read(path)
            self._known[path] = _sets_nothing(*contents)
        return self._known[path]


def _sets_nothing(before: bytes, after: bytes) -> bool:
    """Whether no name is bound in what differs, and no call in the file sets anything.

    Where only comments differ, both sides set the same, whatever they call.
    """
    from gatekeeper.source.python_inert import is_inert, only_comments

    if only_comments(before, after):
        return True
    if _CALLS.search(after):
        return False
    # Of a file that cannot be parsed, nothing is said in any case.
    return is_inert(before, after, sound=True) and is_inert(after, before, sound=True)


def _set_by(names: Names, snapshot: Snapshot, path: str) -> Iterator[tuple[str, str]]:
    """What a file sets of the module, as it says it, and the file of the module that it is in."""
    if path not in snapshot or not snapshot.entries[path].is_file:
        return
    try:
        chains = snapshot.facts(_SET, path)
    except Unreadable:
        return
    for chain in chains:
        real = _real(names, path, chain)
        if real is not None:
            yield ".".join(part for part in chain if part), real


def _read(content: bytes, path: str) -> tuple[Chain, ...]:
    facts = PYTHON.read(content, path)
    bound = dict(_bound(each) for each in facts.imports if each.name != "*")
    return tuple(_set_in(facts.tree, bound))


_SET: Extractor[tuple[Chain, ...]] = Extractor("what Python code sets", 1, _read)
"""The dotted names that a file sets; asked for each protected module."""


def _bound(each: Import) -> tuple[str, Chain]:
    """The name that an import binds, and what it stands for; levels up are empty parts."""
    rest = each.dotted.lstrip(".")
    up = ("",) * (len(each.dotted) - len(rest))
    if each.name or each.alias:
        return each.alias or each.name, (*up, *rest.split("."))
    top = each.module.partition(".")[0]
    return top, (top,)


def _set_in(tree: Node, bound: Bound) -> Iterator[Chain]:
    """The dotted names, begun by an import, that code sets, deletes or has set by a call."""
    waiting = [(tree, bound)]
    while waiting:
        node, known = waiting.pop()
        if node.kind is Kind.FUNCTION:
            own = {part.text for part in walk(node.parts[1]) if part.kind is Kind.PARAMETER}
            known = {name: chain for name, chain in known.items() if name not in own}
        elif node.kind is Kind.ASSIGN:
            yield from (chain for each in node.parts[1:] for chain in _target(each, known))
        elif node.kind is Kind.AUGMENT:
            yield from _target(node.parts[0], known)
        elif node.kind is Kind.CALL:
            yield from _called(node, known)
        waiting.extend(_parts(node, known))


def _parts(node: Node, known: Bound) -> Iterator[tuple[Node, Bound]]:
    """The parts, the last first; what one statement renames holds for those after it."""
    parts: list[tuple[Node, Bound]] = []
    for part in node.parts:
        parts.append((part, known))
        known = _renamed(part, known) if part.kind is Kind.ASSIGN else known
    return reversed(parts)


def _renamed(node: Node, known: Bound) -> Bound:
    value = _chain(node.parts[0], known)
    names = [each.text for each in node.parts[1:] if each.kind is Kind.NAME]
    if not names:
        return known
    others = {name: chain for name, chain in known.items() if name not in names}
    return {**others, **dict.fromkeys(names, value)} if value else others


def _target(node: Node, known: Bound) -> Iterator[Chain]:
    if node.kind is Kind.ATTRIBUTE:
        yield _chain(node, known)
    elif node.kind is Kind.SUBSCRIPT:
        whose, index = node.parts[0], node.parts[-1]
        if index.kind is Kind.STRING:
            yield from _item(_chain(whose, known), index.text)
    elif node.kind in (Kind.LIST, Kind.GROUP, Kind.OTHER, Kind.STAR):
        yield from (chain for part in node.parts for chain in _target(part, known))


def _item(whose: Chain, key: str) -> Iterator[Chain]:
    """`sys.modules["a.b"]` is the module; `module.__dict__["f"]` what it calls so."""
    if whose == _MODULES:
        yield tuple(key.split("."))
    elif whose and whose[-1] == "__dict__":
        yield (*whose[:-1], key)


def _called(node: Node, known: Bound) -> Iterator[Chain]:
    callee, given = node.parts[0], node.parts[1:]
    words = [part.text for part in given if part.kind is Kind.STRING]
    if callee.text in _SETTERS and len(given) > 1 and given[1].kind is Kind.STRING:
        whose = _chain(given[0], known)
        yield (*whose, given[1].text) if whose else ()
    elif callee.text == "patch" and words:
        yield tuple(words[0].split("."))
    elif callee.text in _OF_MODULES and callee.parts and words:
        yield from _item(_chain(callee.parts[0], known), words[0])


def _chain(node: Node, known: Bound) -> Chain:
    """What a dotted expression stands for; empty where no import begins it."""
    behind: list[str] = []
    while node.kind is Kind.ATTRIBUTE and node.parts:
        behind.append(node.text)
        node = node.parts[0]
    start = known.get(node.text, ()) if node.kind is Kind.NAME else _loaded(node, known)
    return (*start, *reversed(behind)) if start else ()


def _loaded(node: Node, known: Bound) -> Chain:
    """The module of `import_module("a.b")`, the names of `vars(module)`."""
    if node.kind is not Kind.CALL or not node.parts[1:]:
        return ()
    callee, given = node.parts[0], node.parts[1]
    if callee.text in _LOADERS and given.kind is Kind.STRING:
        return tuple(given.text.split("."))
    whose = _chain(given, known) if callee.text == "vars" else ()
    return (*whose, "__dict__") if whose else ()


def _real(names: Names, path: str, chain: Chain) -> str | None:
    """The file of the module that a dotted name is, or is set in."""
    for key in _keys(names, path, chain):
        parts = key.split("/")
        for count in range(len(parts), 0, -1):
            real = names.python.get("/".join(parts[:count]))
            if real is not None:
                return real if _is_part(parts[count:]) else None
    return None


def _is_part(rest: list[str]) -> bool:
    """Whether what is set is the module, one of its names, a class's, or inside of a function.

    What a module made, and others are to set (`app.state.x`), is not.
    """
    *above, last = rest or [""]
    of_class = len(above) == 1 and above[0][:1].isupper()
    return not above or of_class or last in _INSIDES


def _keys(names: Names, path: str, chain: Chain) -> Iterator[str]:
    """The paths, without a suffix, that a dotted name can stand for."""
    levels = sum(not part for part in chain)
    rest = "/".join(part for part in chain if part)
    if not rest:
        return
    if levels:
        folder = path.split("/")[:-levels]
        yield "/".join((*folder, rest))
        return
    yield from (f"{root}{rest}" for root in dict.fromkeys(("", *names.roots)))
