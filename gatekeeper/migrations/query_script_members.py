"""What members of a script's objects are: where they are held, and what Drizzle makes of them."""

from __future__ import annotations

from gatekeeper.migrations.query_scopes import Scope
from gatekeeper.migrations.query_script_scopes import ScriptScopes
from gatekeeper.source.code_tree import Kind, Node
from gatekeeper.source.script_frame import EXPORT, THIS

_DEEPEST = 20
_ASKS = frozenset({"require", "import"})
_KEEPS = frozenset({"freeze", "seal"})
_TABLES = frozenset({"sqliteTable", "pgTable", "mysqlTable", "sqliteTableCreator"})
_VIEWS = frozenset({"sqliteView", "pgView", "mysqlView"})


class Members:
    """Follows names and members of one script to where they are held, or out of it."""

    def __init__(self, scopes: ScriptScopes) -> None:
        self._scopes = scopes

    def reference(self, node: Node, scope: Scope) -> str:
        """`module:name` of what is another file's; "" for any other."""
        if node.kind is Kind.NAME:
            taken = self._taken(node.text, scope)
            return "" if taken.endswith(":") else taken
        owner = self._owner(node.parts[0], scope, 0)
        return _within(owner, node.text) if isinstance(owner, str) else ""

    def place(self, node: Node, scope: Scope) -> tuple[str, Scope] | None:
        """The name of a member and the scope that holds it; None where that is not known."""
        owner = self._owner(node.parts[0], scope, 0)
        if not isinstance(owner, Scope):
            return None
        for name in (node.text, EXPORT + node.text):
            if name in owner.values:
                return name, owner
        return None

    def scope(self, node: Node, scope: Scope) -> Scope | None:
        """The scope of the object that an expression is; None for anything else."""
        owner = self._owner(node, scope, 0)
        return owner if isinstance(owner, Scope) else None

    def passed(self, node: Node, scope: Scope) -> str:
        """`module:name` of what is another file's, `module:` for the whole of it; else ""."""
        owner = self._owner(node, scope, 0)
        return owner if isinstance(owner, str) else ""

    def value(self, node: Node, scope: Scope) -> tuple[Node, Scope] | None:
        """The only value that a name or member is given, and the scope it stands in."""
        if node.kind is Kind.NAME:
            around = scope.holding(node.text)
            found = None if around is None else (node.text, around)
        else:
            found = self.place(node, scope)
        if found is None:
            return None
        name, held = found
        values = held.values.get(name, [])
        return (values[0], held) if len(values) == 1 else None

    def _taken(self, name: str, scope: Scope) -> str:
        """`module:name` of a name that is imported, `module:` of a whole module; else ""."""
        held = scope.holding(name)
        node = held.bound.get(name) if held is not None else None
        if node is None or node.kind not in (Kind.IMPORT, Kind.FROM):
            return ""
        return f"{node.text}:" + (node.parts[0].text if node.kind is Kind.FROM else "")

    def _owner(self, node: Node, scope: Scope, depth: int) -> Scope | str:
        """The scope of an object, or the reference of what is another file's; "" for neither."""
        while node.kind is Kind.AWAIT:
            node = node.parts[0]
        match node.kind if depth <= _DEEPEST else Kind.OTHER:
            case Kind.OBJECT:
                return self._scopes.of(node) or ""
            case Kind.CALL:
                return self._of_call(node, scope, depth)
            case Kind.NAME:
                return self._of_name(node, scope, depth)
            case Kind.ATTRIBUTE:
                return self._of_member(node, scope, depth)
        return ""

    def _of_member(self, node: Node, scope: Scope, depth: int) -> Scope | str:
        owner = self._owner(node.parts[0], scope, depth + 1)
        if isinstance(owner, str):
            return _within(owner, node.text) if owner else ""
        if node.text in owner.classes:
            return owner.classes[node.text]
        return self._of_value(node.text, owner, depth)

    def _of_call(self, node: Node, scope: Scope, depth: int) -> Scope | str:
        function, *given = node.parts
        if function.kind is Kind.NAME and function.text in _ASKS and given:
            return f"{given[0].text}:" if given[0].kind is Kind.STRING else ""
        if function.text in _KEEPS and given:
            return self._owner(given[0], scope, depth + 1)
        return ""

    def _of_name(self, node: Node, scope: Scope, depth: int) -> Scope | str:
        if node.text == THIS:
            return scope.around(Kind.OBJECT) or ""
        held = scope.holding(node.text)
        if held is None:
            return ""
        if node.text in held.classes:
            return held.classes[node.text]
        return self._taken(node.text, scope) or self._of_value(node.text, held, depth)

    def _of_value(self, name: str, held: Scope, depth: int) -> Scope | str:
        values = held.values.get(name) or held.values.get(EXPORT + name) or []
        return self._owner(values[0], held, depth + 1) if len(values) == 1 else ""

    # -- Drizzle

    def drawn(self, node: Node, scope: Scope) -> str | None:
        """What Drizzle writes for a table or a column of it; None for all else."""
        if node.kind is Kind.CALL:
            return _table(node)
        value = self.value(node, scope)
        if value is not None and value[0].kind is Kind.CALL:
            return _table(value[0])
        if node.kind is not Kind.ATTRIBUTE:
            return None
        owner = self.value(node.parts[0], scope) if _is_place(node.parts[0]) else None
        return None if owner is None else self.column(owner[0], node.text)

    def column(self, table: Node, key: str) -> str | None:
        """What Drizzle writes for a column of a table that is made so."""
        name = _table(table)
        if name is None:
            return None
        columns = self._columns(table)
        values = columns.values.get(key, ()) if isinstance(columns, Scope) else ()
        return f'{name}."{_column(values[0]) or key}"' if values else None

    def _columns(self, table: Node) -> Scope | str:
        """The object that says which columns a table has."""
        _, _, *given = table.parts
        return self._owner(given[0], self._scopes.module, 0) if given else ""

    def tables(self) -> dict[str, str]:
        """What Drizzle writes for what this file exports, by `table` and `table.column`."""
        found: dict[str, str] = {}
        module = self._scopes.module
        for name in module.values:
            value = self.value(Node(Kind.NAME, 0, 0, name.removeprefix(EXPORT), ()), module)
            table = _table(value[0]) if value is not None and name.startswith(EXPORT) else None
            if value is None or table is None:
                continue
            own = name.removeprefix(EXPORT)
            found[own] = table
            columns = self._columns(value[0])
            for key in columns.values if isinstance(columns, Scope) else ():
                found[f"{own}.{key}"] = self.column(value[0], key) or ""
        return found


def _is_place(node: Node) -> bool:
    return node.kind in (Kind.NAME, Kind.ATTRIBUTE)


def _within(owner: str, name: str) -> str:
    """A member of what another file gives."""
    if not owner:
        return ""
    return f"{owner}{name}" if owner.endswith(":") else f"{owner}.{name}"


def _table(node: Node) -> str | None:
    if node.kind is not Kind.CALL or node.parts[0].text not in _TABLES | _VIEWS:
        return None
    first = node.parts[1] if len(node.parts) > 1 else node
    return f'"{first.text}"' if first.kind is Kind.STRING else None


def _column(made: Node) -> str:
    """The name that a column is given, `text("name").notNull()`; "" where it is its key."""
    while made.kind is Kind.CALL and made.parts[0].kind is Kind.ATTRIBUTE:
        inner = made.parts[0].parts[0]
        if inner.kind is not Kind.CALL:
            break
        made = inner
    first = made.parts[1] if made.kind is Kind.CALL and len(made.parts) > 1 else made
    return first.text if first.kind is Kind.STRING else ""
