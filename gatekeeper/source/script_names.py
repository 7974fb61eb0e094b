"""What the names of several scripts stand for, followed through one another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from gatekeeper.source.code_evaluation import Evaluation
from gatekeeper.source.code_lookup import At
from gatekeeper.source.code_scopes import MODULE, Scopes
from gatekeeper.source.code_settling import Key
from gatekeeper.source.code_tree import Kind, Node
from gatekeeper.source.code_values import (
    NONE,
    NOT_KNOWN,
    UNKNOWN,
    Sort,
    Value,
    Values,
    bounded,
    external,
    said,
    text,
    union,
)
from gatekeeper.source.python_names import UNDEFINED, Names
from gatekeeper.source.script_frame import EXPORT
from gatekeeper.source.script_modules import ScriptModules

GLOBAL = "js"
"""The module, as it were, of JavaScript's own names."""

IMPORTS = f"{GLOBAL}.import"
_OWN = frozenset(
    (
        *("Array", "Function", "Object", "Promise", "Reflect", "String", "atob", "eval"),
        *("globalThis", "import", "import.meta", "process", "require", "self"),
        *("setInterval", "setTimeout"),
    )
)
_GLOBALS = frozenset({f"{GLOBAL}.globalThis", f"{GLOBAL}.self"})
_ASKS = (
    *(IMPORTS, f"{GLOBAL}.require", f"{GLOBAL}.process.getBuiltinModule"),
    *("module.createRequire()", ".import.meta.require"),
)
_SAID: Mapping[str, str] = {
    "toLowerCase": "lower",
    "toUpperCase": "upper",
    "trim": "strip",
    "toString": "__str__",
    "replace": "replace",
    "replaceAll": "replace",
}
_DEFINABLE = (f"{GLOBAL}.", f"{UNDEFINED}.")
_DEFAULT = "default"
_FOLLOWED = frozenset({Sort.CLASS, Sort.EXTERNAL, Sort.FUNCTION, Sort.MODULE})
"""What a function may extend or give back of what it is given."""


class ScriptNames(Names):
    """The names of the scripts given so far: as `Names`, by the rules of JavaScript's modules.

    A module of the repository that cannot be told (a computed name, a package that is not
    in the repository) is outside, by its specifier.
    """

    def __init__(self, modules: ScriptModules) -> None:
        super().__init__(modules)
        self._evaluation = _ScriptEvaluation(self)
        self._scripts = modules
        self._handed: dict[Key, Values] = {}

    def restart(self) -> None:
        """Forget what names stand for, and what calls give."""
        super().restart()
        self._handed.clear()

    def named(self, name: str, at: At) -> Values:
        """What a name stands for where it is used."""
        scopes = self.files[at.path]
        if scopes.home(at.scope, name) is not None:
            return super().named(name, at)
        own = f"{GLOBAL}.{name}" if name in _OWN else f"{UNDEFINED}.{name}"
        return self._defined(name) or frozenset({external(own)})

    def _defined(self, name: str) -> Values:
        """What `define` puts in the place of a name that nothing binds; nothing where it does not.

        Its values are written as code; what is no string may be anything.
        """
        said = self._scripts.defined.get(name, ())
        return union(
            frozenset({text(each[1:-1])}) if _is_text(each) else NOT_KNOWN for each in said
        )

    def imported(self, dotted: str, path: str) -> Values:
        """The module that a specifier means in a file; of CommonJS also what it gives."""
        if not dotted:
            return NOT_KNOWN
        files, outside = self._scripts.meant(path, dotted)
        whole = (self._look(Key(file, MODULE, f"{EXPORT}=")) for file in files)
        modules = frozenset(Value(Sort.MODULE, file) for file in files)
        return modules.union(map(external, outside), *whole)

    def attribute(self, value: Value, name: str) -> Values:
        """What an attribute of a value stands for."""
        if value.sort is Sort.EXTERNAL and value.text in _GLOBALS:
            own = f"{GLOBAL}.{name}" if name in _OWN else f"{UNDEFINED}.{name}"
            return frozenset({external(own)})
        if value.sort is Sort.EXTERNAL and value.text.startswith(_DEFINABLE):
            put = self._defined(f"{value.text.partition('.')[2]}.{name}")
            if put:
                return put
        if name == _DEFAULT and value.sort is Sort.EXTERNAL:
            # What a namespace calls its default is, for a module of the platform, the module.
            return frozenset({value, external(f"{value.text}.{name}")})
        return super().attribute(value, name)

    def export(self, path: str, name: str) -> Values:
        """What an export of a file stands for."""
        return super().export(path, EXPORT + name)

    def hand(self, function: Value, arguments: Sequence[Values]) -> None:
        """Take in what a call gives to the parameters of a function of the repository."""
        if function.text not in self.files:
            return
        held = self.files[function.text].scopes[function.scope].names
        own = [name for name, bound in held.items() if bound[0].node.kind is Kind.PARAMETER]
        for name, values in zip(own[1:], arguments, strict=False):
            self._take_in(Key(function.text, function.scope, name), values)

    def _take_in(self, key: Key, values: Values) -> None:
        held = self._handed.get(key, NONE)
        # Once there are more than are followed, nothing is added: else asking would never end.
        fresh = frozenset(each for each in values if each.sort in _FOLLOWED) - held
        if fresh and UNKNOWN not in held:
            self._handed[key] = bounded(held | fresh)
            if key in self._known:
                self._queue((key,))

    def _worth(self, key: Key) -> Values:
        return super()._worth(key) | self._handed.get(key, NONE)

    def _member(self, module: str, name: str) -> Values:
        found = self._look(Key(module, MODULE, EXPORT + name))
        given = self._look(Key(module, MODULE, f"{EXPORT}="))
        held = union(self.attribute(each, name) for each in given if each.sort is not Sort.MODULE)
        if name == _DEFAULT:
            held |= given
        return found | held if self._may_have(module, name) else found | held | NOT_KNOWN

    def _may_have(self, module: str, name: str) -> bool:
        """Whether a file that is known gives such a name, or passes on what others give."""
        if module not in self.files:
            return False
        scopes = self.files[module]
        own = scopes.scopes[MODULE].names
        return EXPORT + name in own or f"{EXPORT}=" in own or bool(scopes.stars)

    def _by_star(self, key: Key, scopes: Scopes) -> Values:
        name = key.name.removeprefix(EXPORT)
        is_own = key.name in scopes.scopes[MODULE].names
        if name == key.name or is_own or name in (_DEFAULT, "="):
            # What a file exports itself hides what its stars pass on.
            return NONE
        found = union(self._from(key.path, each.module, name) for each in scopes.stars)
        # A star passes on what there is; that a file has no such name says nothing.
        return found - NOT_KNOWN if len(scopes.stars) > 1 else found


class _ScriptEvaluation(Evaluation):
    """Evaluates expressions by the rules of JavaScript."""

    def __init__(self, names: ScriptNames) -> None:
        super().__init__(names)
        self._names = names

    def _item(self, owner: Value, index: Node, at: At) -> Values:
        if index.kind is Kind.NUMBER and owner.sort is not Sort.TEXT:
            return NOT_KNOWN
        if owner.sort is Sort.TEXT:
            return super()._item(owner, index, at)
        return self._attributes(owner, index, at)

    def _attributes(self, owner: Value, name: Node, at: At) -> Values:
        names, sure = self.texts(name, at)
        found = union(self._lookup.attribute(owner, each) for each in names)
        return found if sure else found | NOT_KNOWN

    def _outside(self, path: str, arguments: list[Node], at: At) -> Values:
        if path.endswith(_ASKS) and arguments:
            names, sure = self.texts(arguments[0], at)
            found = union(self._lookup.imported(each, at.path) for each in names)
            return found if sure else found | NOT_KNOWN
        if path == f"{GLOBAL}.Reflect.get" and len(arguments) > 1:
            owners = self.values(arguments[0], at)
            return union(self._attributes(each, arguments[1], at) for each in owners)
        if path == f"{GLOBAL}.String.fromCharCode":
            return self._folded(arguments, at, _characters)
        if path in _SAME and arguments:
            return union(self.values(each, at) for each in arguments)
        return frozenset({external(f"{path}()")})

    def _method(self, owner: Value, name: str, arguments: list[Node], at: At) -> Values:
        if owner.sort is not Sort.TEXT:
            return NOT_KNOWN
        if name == "concat":
            return self._folded(arguments, at, lambda given: text(owner.text + "".join(given)))
        method = _SAID.get(name, "")
        return self._folded(arguments, at, lambda given: said(method, owner.text, given))

    def _called(self, function: Value, arguments: list[Node], at: At) -> Values:
        found = super()._called(function, arguments, at)
        if function.sort is Sort.FUNCTION:
            self._names.hand(function, tuple(self.values(each, at) for each in arguments))
        return found


_SAME = frozenset({f"{GLOBAL}.Object.{name}" for name in ("assign", "create", "freeze", "seal")})


def _is_text(code: str) -> bool:
    """Whether a piece of code is a string without escapes."""
    quote = code[:1]
    return quote in ("'", '"', "`") and code.endswith(quote) and len(code) > 1 and "\\" not in code


def _characters(given: tuple[str, ...]) -> Value:
    try:
        return text("".join(chr(int(each)) for each in given))
    except (ValueError, OverflowError):
        return UNKNOWN
