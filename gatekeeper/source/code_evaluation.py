"""What expressions stand for, given what names stand for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from gatekeeper.source import python_by_name as by_name
from gatekeeper.source.code_lookup import At, Lookup
from gatekeeper.source.code_tree import NOTHING, Kind, Node
from gatekeeper.source.code_values import (
    NONE,
    NOT_KNOWN,
    Sort,
    Value,
    Values,
    bounded,
    called,
    character,
    choices,
    combined,
    external,
    is_said,
    said,
    sliced,
    text,
    union,
)

_DEEPEST = 60
_GETS = frozenset({"get", "__getitem__", "pop", "setdefault"})
_READS_ATTRIBUTE = frozenset(
    {
        "builtins.getattr",
        "builtins.object.__getattribute__",
        "inspect.getattr_static",
        "js.Reflect.get",
    }
)
_IMPORTS = frozenset({"importlib.import_module", "importlib.__import__", "builtins.__import__"})
_OWN_READERS = frozenset({"__getattr__", "__getattribute__"})
_OWN_NAMES = frozenset({"builtins.globals", "builtins.locals", "builtins.vars"})


class Evaluation:
    """Evaluates expressions as far as constants and names go; the rest is not known."""

    def __init__(self, lookup: Lookup) -> None:
        self._lookup = lookup

    def values(self, node: Node, at: At) -> Values:
        """What `node` can stand for."""
        reader = _READERS.get(node.kind)
        if reader is None or at.depth > _DEEPEST:
            return NOT_KNOWN
        return bounded(reader(self, node, at._replace(depth=at.depth + 1)))

    def texts(self, node: Node, at: At) -> tuple[tuple[str, ...], bool]:
        """The strings that `node` can stand for, and whether it can stand for nothing else."""
        found = self.values(node, at)
        held = tuple(sorted(each.text for each in found if each.sort is Sort.TEXT))
        return held, bool(held) and len(held) == len(found)

    def _name(self, node: Node, at: At) -> Values:
        return self._lookup.named(node.text, at)

    def _attribute(self, node: Node, at: At) -> Values:
        owners = self.values(node.parts[0], at)
        return union(self._lookup.attribute(owner, node.text) for owner in owners)

    def _constant(self, node: Node, at: At) -> Values:
        del at
        return frozenset({text(node.text)})

    def _number(self, node: Node, at: At) -> Values:
        del at
        return frozenset({Value(Sort.NUMBER, node.text)})

    def _joined(self, node: Node, at: At) -> Values:
        parts = [self.values(part, at) for part in node.parts]
        made = ["".join(each.text for each in found) for found in choices(*parts) if is_said(found)]
        known = all(is_said(found) for found in parts)
        return frozenset(map(text, made)) | (NONE if known and made else NOT_KNOWN)

    def _formatted(self, node: Node, at: At) -> Values:
        if node.text not in ("", "s") or len(node.parts) > 1:
            return NOT_KNOWN
        return self.values(node.parts[0], at)

    def _binary(self, node: Node, at: At) -> Values:
        left, right = (self.values(part, at) for part in node.parts)
        made = {combined(node.text, *pair) for pair in choices(left, right) if len(pair) > 1}
        return frozenset(made) or NOT_KNOWN

    def _choice(self, node: Node, at: At) -> Values:
        return union(self.values(part, at) for part in node.parts)

    def _inner(self, node: Node, at: At) -> Values:
        return self.values(node.parts[0], at)

    def _lambda(self, node: Node, at: At) -> Values:
        return self._lookup.made(node, at)

    # -- subscripts

    def _subscript(self, node: Node, at: At) -> Values:
        owner, index = node.parts
        return union(self._item(each, index, at) for each in self.values(owner, at))

    def _item(self, owner: Value, index: Node, at: At) -> Values:
        if owner.sort is Sort.TEXT:
            return frozenset({sliced(owner.text, _bounds(index))})
        if owner.sort is Sort.NAMESPACE and owner.of is not None:
            return self._attributes(owner.of, index, at)
        if owner.sort is Sort.EXTERNAL and owner.text == "sys.modules":
            return self._import("", [index], at)
        if owner.sort is Sort.EXTERNAL:
            return frozenset({external(owner.text + "[]")})
        return frozenset({owner}) if owner.sort is Sort.CLASS else NOT_KNOWN

    def _attributes(self, owner: Value, name: Node, at: At) -> Values:
        names, sure = self.texts(name, at)
        found = union(self._dotted(owner, each) for each in names)
        return found if sure else found | NOT_KNOWN

    def _dotted(self, owner: Value, dotted: str) -> Values:
        return self._taken(frozenset({owner}), dotted)

    def _taken(self, held: Values, dotted: str) -> Values:
        for part in dotted.split("."):
            held = union(self._lookup.attribute(each, part) for each in held)
        return held

    # -- calls

    def _call(self, node: Node, at: At) -> Values:
        function, *arguments = node.parts
        return union(self._called(each, arguments, at) for each in self.values(function, at))

    def _called(self, function: Value, arguments: list[Node], at: At) -> Values:
        if function.sort is Sort.EXTERNAL:
            return self._outside(function.text, arguments, at)
        if function.sort is Sort.FUNCTION:
            return self._lookup.returned(function)
        if function.sort is Sort.CLASS:
            return frozenset({function._replace(sort=Sort.INSTANCE)})
        if function.sort is Sort.GETTER and arguments:
            owners = self.values(arguments[0], at)
            return union(self._dotted(owner, function.text) for owner in owners)
        if function.sort is Sort.METHOD and function.of is not None:
            return self._method(function.of, function.text, arguments, at)
        return NOT_KNOWN

    def _method(self, owner: Value, name: str, arguments: list[Node], at: At) -> Values:
        if owner.sort is Sort.NAMESPACE and owner.of is not None:
            gets = name in _GETS and arguments
            return self._attributes(owner.of, arguments[0], at) if gets else NOT_KNOWN
        if name == "join" and len(arguments) == 1:
            return self._join(owner.text, arguments[0], at)
        return self._folded(arguments, at, lambda given: said(name, owner.text, given))

    def _join(self, glue: str, node: Node, at: At) -> Values:
        if node.kind is not Kind.LIST:
            return self._folded([node], at, lambda given: text(glue.join(given[0])))
        return self._folded(list(node.parts), at, lambda given: text(glue.join(given)))

    def _folded(
        self, nodes: list[Node], at: At, make: Callable[[tuple[str, ...]], Value]
    ) -> Values:
        parts = [self.values(node, at) for node in nodes]
        if not all(is_said(found) for found in parts):
            return NOT_KNOWN
        made = {make(tuple(each.text for each in found)) for found in choices(*parts)}
        return frozenset(made) or NOT_KNOWN

    def _outside(self, path: str, arguments: list[Node], at: At) -> Values:
        if path in _READS_ATTRIBUTE and len(arguments) > 1:
            owners = self.values(arguments[0], at)
            found = union(self._attributes(each, arguments[1], at) for each in owners)
            return found | union(self.values(each, at) for each in arguments[2:3])
        if path in _OWN_NAMES and not arguments:
            own = (Value(Sort.MODULE, at.path), Value(Sort.CLASS, at.path, at.scope))
            return frozenset(Value(Sort.NAMESPACE, of=each) for each in own)
        for ending, handle in _ENDINGS.items():
            if path.endswith(ending) and arguments:
                return handle(self, path, arguments, at)
        if path == "builtins.chr" and arguments:
            return frozenset(map(character, self.values(arguments[0], at)))
        folded = self._folded(arguments, at, lambda given: called(path, given))
        return folded if folded - NOT_KNOWN else frozenset({external(f"{path}()")})

    def _import(self, path: str, arguments: list[Node], at: At) -> Values:
        nodes = by_name.argument(arguments, 0, "name"), by_name.argument(arguments, 1, "package")
        (names, sure), (packages, _) = (self.texts(each or NOTHING, at) for each in nodes)
        packages = packages if path.endswith("import_module") else ()
        found = by_name.imported(names, packages, partial(self._lookup.imported, path=at.path))
        return found if sure else found | NOT_KNOWN

    def _resolve(self, path: str, arguments: list[Node], at: At) -> Values:
        del path
        names, sure = self.texts(arguments[0], at)
        find = partial(self._lookup.imported, path=at.path)
        found = by_name.resolved(names, find, self._taken)
        return found if sure else found | NOT_KNOWN

    def _run(self, path: str, arguments: list[Node], at: At) -> Values:
        found = self._import(path, arguments, at)
        return frozenset(Value(Sort.NAMESPACE, of=each) for each in found)

    def _javascript(self, path: str, arguments: list[Node], at: At) -> Values:
        del path
        names, sure = self.texts(arguments[0], at)
        return frozenset(map(external, names)) | (NONE if sure else NOT_KNOWN)

    def _vars(self, path: str, arguments: list[Node], at: At) -> Values:
        del path
        return frozenset(Value(Sort.NAMESPACE, of=each) for each in self.values(arguments[0], at))

    def _getter(self, path: str, arguments: list[Node], at: At) -> Values:
        names, sure = self.texts(arguments[0], at)
        if path.endswith("methodcaller") and set(names) & _OWN_READERS and len(arguments) > 1:
            names, sure = self.texts(arguments[1], at)
        getters = frozenset(Value(Sort.GETTER, each) for each in names)
        return getters if sure else getters | NOT_KNOWN

    def _own_attribute(self, path: str, arguments: list[Node], at: At) -> Values:
        owner = external(path.rpartition(".")[0])
        return self._attributes(owner, arguments[0], at)

    def _new_class(self, path: str, arguments: list[Node], at: At) -> Values:
        """A class made by a call stands for what it extends."""
        if len(arguments) == 1:
            return frozenset({external(f"{path}()")})
        bases = arguments[1].parts if arguments[1].kind is Kind.LIST else (arguments[1],)
        if not bases:
            return frozenset({external("builtins.object")})
        return union(self.values(base, at) for base in bases) or NOT_KNOWN

    def _last(self, path: str, arguments: list[Node], at: At) -> Values:
        del path
        return self.values(arguments[-1], at)


Handle = Callable[[Evaluation, str, list[Node], At], Values]

_ENDINGS: Mapping[str, Handle] = {
    **dict.fromkeys(_IMPORTS, Evaluation._import),
    **dict.fromkeys(by_name.RESOLVES, Evaluation._resolve),
    "runpy.run_module": Evaluation._run,
    "sys.modules.get": Evaluation._import,
    "sys.modules.__getitem__": Evaluation._import,
    "importlib.reload": Evaluation._last,
    "import_from_javascript": Evaluation._javascript,
    "builtins.vars": Evaluation._vars,
    "operator.attrgetter": Evaluation._getter,
    "operator.methodcaller": Evaluation._getter,
    ".__getattribute__": Evaluation._own_attribute,
    "builtins.type": Evaluation._new_class,
    "types.new_class": Evaluation._new_class,
    "typing.cast": Evaluation._last,
}

_READERS: Mapping[Kind, Callable[[Evaluation, Node, At], Values]] = {
    Kind.NAME: Evaluation._name,
    Kind.ATTRIBUTE: Evaluation._attribute,
    Kind.CALL: Evaluation._call,
    Kind.SUBSCRIPT: Evaluation._subscript,
    Kind.STRING: Evaluation._constant,
    Kind.BYTES: Evaluation._constant,
    Kind.NUMBER: Evaluation._number,
    Kind.JOINED: Evaluation._joined,
    Kind.FORMATTED: Evaluation._formatted,
    Kind.BINARY: Evaluation._binary,
    Kind.CHOICE: Evaluation._choice,
    Kind.AWAIT: Evaluation._inner,
    Kind.ASSIGN: Evaluation._inner,
    Kind.KEYWORD: Evaluation._inner,
    Kind.LAMBDA: Evaluation._lambda,
    Kind.OBJECT: Evaluation._lambda,
}


def _bounds(index: Node) -> list[int | None]:
    parts = index.parts if index.kind is Kind.SLICE else (index,)
    held = [int(part.text) if part.kind is Kind.NUMBER else None for part in parts]
    unknown = any(part.kind is not Kind.NUMBER and part != NOTHING for part in parts)
    return [0, 0, 0] if unknown else held
