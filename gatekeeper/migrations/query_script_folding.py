"""What strings an expression of a script can be, as far as constants go."""

from __future__ import annotations

from collections.abc import Sequence

from gatekeeper.migrations.query_folding import MARKS, Folding
from gatekeeper.migrations.query_nodes import shown
from gatekeeper.migrations.query_pieces import (
    BINDS,
    Options,
    Pieces,
    constant,
    joined,
    said,
    unknown,
)
from gatekeeper.migrations.query_scopes import Scope
from gatekeeper.migrations.query_script_members import Members
from gatekeeper.migrations.query_script_scopes import ScriptScopes
from gatekeeper.migrations.query_script_words import (
    NAMES_SQL,
    PASSES,
    SAME,
    is_raw,
    is_sql_tag,
    is_tagged,
)
from gatekeeper.source.code_tree import Kind, Node

_BLANK = frozenset({"trim", "trimStart", "trimEnd", "toString", "valueOf", "normalize"})
_DEEPEST = 8
_MAPPED = frozenset({"map", "fill", "from", "flatMap"})


class ScriptFolding(Folding):
    """Reads expressions of one script; names of other files stay holes that say which they are."""

    def __init__(self, scopes: ScriptScopes) -> None:
        super().__init__({})
        self._members = Members(scopes)

    def folded(self, node: Node, scope: Scope, depth: int) -> Options:
        """The strings that an expression can be; none where it is not read."""
        match node.kind:
            case Kind.NAME:
                return self._named_value(node, scope, depth)
            case Kind.ATTRIBUTE:
                return self._member(node, scope, depth)
            case Kind.CALL:
                return self._called(node, scope, depth)
        return super().folded(node, scope, depth)

    def fragment(self, node: Node, scope: Scope, depth: int = 0) -> Options | None:
        """What an expression puts into tagged SQL as it is; None where it is a value to bind."""
        match node.kind:
            case Kind.AWAIT:
                return self.fragment(node.parts[0], scope, depth)
            case Kind.CALL:
                return self._made_fragment(node, scope, depth)
            case Kind.CHOICE:
                return self._either(node, scope, depth)
            case Kind.NAME | Kind.ATTRIBUTE:
                return self._named_fragment(node, scope, depth)
        return None

    def _either(self, node: Node, scope: Scope, depth: int) -> Options | None:
        ways = [self.fragment(each, scope, depth) for each in node.parts]
        known = [way for way in ways if way is not None]
        whole = tuple(dict.fromkeys(each for way in known for each in way))
        return whole if len(known) == len(ways) else None

    def _named_fragment(self, node: Node, scope: Scope, depth: int) -> Options | None:
        drawn = self._members.drawn(node, scope)
        if drawn is not None:
            return said(drawn)
        reference = self._members.reference(node, scope)
        if reference:
            return unknown(BINDS + reference)
        value = self._members.value(node, scope)
        return None if value is None or depth > _DEEPEST else self.fragment(*value, depth + 1)

    def _made_fragment(self, node: Node, scope: Scope, depth: int) -> Options | None:
        function, *given = node.parts
        if is_sql_tag(node):
            return self.options(node, scope, depth + 1)
        if is_raw(function) and given:
            return self.options(given[0], scope, depth + 1)
        if function.text in NAMES_SQL and function.kind is Kind.ATTRIBUTE and given:
            found = self.options(given[0], scope, depth + 1)
            names = [constant(each) for each in found]
            return tuple(said(f'"{each}"')[0] for each in names if each) or unknown(shown(node))
        drawn = self._members.drawn(node, scope)
        return None if drawn is None else said(drawn)

    def _named_value(self, node: Node, scope: Scope, depth: int) -> Options:
        reference = self._members.reference(node, scope)
        if reference:
            return unknown(reference)
        held = scope.holding(node.text)
        return unknown(shown(node)) if held is None else self._value(node.text, held, depth)

    def _member(self, node: Node, scope: Scope, depth: int) -> Options:
        reference = self._members.reference(node, scope)
        if reference:
            return unknown(reference)
        found = self._members.place(node, scope)
        if found is None:
            return unknown(shown(node))
        return self._value(found[0], found[1], depth)

    def _called(self, node: Node, scope: Scope, depth: int) -> Options:
        function, *given = node.parts
        if is_tagged(node):
            return self._tagged(node, scope, depth)
        if function.kind is Kind.ATTRIBUTE:
            found = self._of_method(function, given, scope, depth)
            if found is not None:
                return found
        if (function.text in SAME or is_raw(function)) and given:
            return self.options(given[0], scope, depth)
        return unknown(shown(node))

    def _tagged(self, node: Node, scope: Scope, depth: int) -> Options:
        function, *given = node.parts
        if not is_sql_tag(node):
            same = function.text in PASSES and given
            return self.options(given[0], scope, depth) if same else unknown(shown(node))
        pieces = given[0].parts if given and given[0].kind is Kind.JOINED else given
        return joined(self._bound(each, scope, depth) for each in pieces)

    def _bound(self, piece: Node, scope: Scope, depth: int) -> Options:
        if piece.kind is not Kind.FORMATTED:
            return self.options(piece, scope, depth)
        found = self.fragment(piece.parts[0], scope, depth)
        return unknown(BINDS + shown(piece.parts[0]).replace(":", "")) if found is None else found

    def _of_method(
        self, function: Node, given: Sequence[Node], scope: Scope, depth: int
    ) -> Options | None:
        """What a method of strings gives, None for others."""
        owner, found = function.parts[0], None
        match function.text:
            case "join":
                between = given[0] if given else Node(Kind.STRING, 0, 0, ",", ())
                found = self._join_script(between, owner, scope, depth)
            case "concat" if owner.kind is not Kind.LIST:
                found = joined(self.options(each, scope, depth) for each in (owner, *given))
            case "replace" | "replaceAll" if len(given) > 1:
                found = self._replaced(owner, list(given), scope, depth)
            case "repeat" | "slice":
                found = self._marks(function, scope, depth)
            case "toUpperCase" | "toLowerCase":
                found = self._cased(function, scope, depth)
            case name if name in _BLANK and not given:
                found = self.options(owner, scope, depth)
        return found

    def _cased(self, function: Node, scope: Scope, depth: int) -> Options | None:
        text = constant(self.options(function.parts[0], scope, depth)[0])
        if text is None:
            return None
        return said(text.upper() if function.text == "toUpperCase" else text.lower())

    def _marks(self, function: Node, scope: Scope, depth: int) -> Options | None:
        """Any number of placeholders, for which one stands: `"?,".repeat(n).slice(0, -1)`."""
        owner = function.parts[0]
        if function.text == "slice":
            inner = owner.parts[0] if owner.kind is Kind.CALL else owner
            is_repeated = inner.kind is Kind.ATTRIBUTE and inner.text == "repeat"
            found = self._marks(inner, scope, depth) if is_repeated else None
            return found and said((constant(found[0]) or "").rstrip(", "))
        text = constant(self.options(owner, scope, depth)[0])
        return said(text) if text is not None and MARKS.fullmatch(text) else None

    def _join_script(self, between: Node, listed: Node, scope: Scope, depth: int) -> Options:
        sign = constant(self.options(between, scope, depth)[0])
        if sign is None:
            return unknown("join")
        return self._join(Node(Kind.STRING, 0, 0, sign, ()), listed, scope, depth)

    def _repeated(self, node: Node, scope: Scope, depth: int) -> str | None:
        """What is repeated by `Array(n).fill("?")` or `ids.map(() => "?")`."""
        if node.kind is not Kind.CALL or node.parts[0].text not in _MAPPED:
            return None
        given = node.parts[1:]
        if not given:
            return None
        value = given[-1]
        if value.kind is Kind.LAMBDA:
            said_ = value.parts[3].parts
            if len(said_) != 1 or said_[0].kind is not Kind.RETURN:
                return None
            value = said_[0].parts[0]
        made = self.options(value, scope, depth)[0]
        whole = constant(made)
        # `?${n}` numbers its placeholders: how many there are does not matter.
        return "?" if whole is None and _is_numbered(made) else whole


def _is_numbered(made: Pieces) -> bool:
    rest = made[1:]
    numbers = all(bool(each.hole) or each.text.isdecimal() for each in rest)
    return made[0].text == "?" and bool(rest) and numbers
