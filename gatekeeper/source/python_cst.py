"""Python code read with LibCST, which knows every syntax whatever Python runs it.

It is slow to import, slow to parse and can be made to crash: only `python_apart` runs it,
in a process of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

import libcst as cst
from libcst.metadata import MetadataWrapper, PositionProvider

from gatekeeper.source.code_tree import NOTHING, Kind, Node, group, other
from gatekeeper.source.python_cst_expressions import (
    OPERATORS,
    Expressions,
    dotted,
    identifier,
    parameters_of,
)
from gatekeeper.source.python_cst_strings import Places


def read(text: str) -> Node:
    """The tree of a file's text; raises `ParserSyntaxError`, ValueError, RecursionError."""
    wrapper = MetadataWrapper(cst.parse_module(text), unsafe_skip_copy=True)
    places = cast("Places", wrapper.resolve(PositionProvider))
    return Statements(places, wrapper.module.code_for_node).module(wrapper.module)


class Statements(Expressions):
    """Turns the statements of LibCST into ours."""

    def module(self, node: cst.Module) -> Node:
        """Our node for a whole file."""
        return Node(Kind.MODULE, 1, 1, "", group(self._all(node.body)).parts)

    def _all(self, body: Sequence[cst.CSTNode]) -> list[Node]:
        """Each statement, several on a line apart."""
        held: list[Node] = []
        for each in body:
            small = each.body if isinstance(each, cst.SimpleStatementLine) else [each]
            held.extend(self.read(statement) for statement in small)
        return held

    def _class(self, node: cst.ClassDef) -> Node:
        return self._make(
            Kind.CLASS,
            node,
            identifier(node.name.value),
            group(self.read(each.decorator) for each in node.decorators),
            group(self._arguments((*node.bases, *node.keywords))),
            group((*self._type_parameters(node), *self._all(node.body.body))),
        )

    def _function(self, node: cst.FunctionDef) -> Node:
        parameters = parameters_of(node.params)
        annotations = [(each.annotation, identifier(each.name.value)) for each in parameters]
        return self._make(
            Kind.FUNCTION,
            node,
            identifier(node.name.value),
            group(self.read(each.decorator) for each in node.decorators),
            group(map(self._parameter, parameters)),
            group(
                self.read(each)._replace(text=name)
                for each, name in (*annotations, (node.returns, "return"))
                if each is not None
            ),
            group((*self._type_parameters(node), *self._all(node.body.body))),
        )

    def _parameter(self, node: cst.Param) -> Node:
        name, default = identifier(node.name.value), self._maybe(node.default)
        return self._make(Kind.PARAMETER, node.name, name, default)

    def _annotation(self, node: cst.Annotation) -> Node:
        held = self.read(node.annotation)
        return Node(Kind.ANNOTATION, held.line, held.column, "", (held,))

    def _type_parameters(self, node: Any) -> list[Node]:
        held = node.type_parameters
        return [] if held is None else [self.read(each) for each in held.params]

    def _type_parameter(self, node: cst.TypeParam) -> Node:
        name = self._capture(node, node.param.name)
        bound = getattr(node.param, "bound", None)
        return other([name, self._maybe(bound), self._maybe(node.default)])

    def _type_alias(self, node: cst.TypeAlias) -> Node:
        value = other([*self._type_parameters(node), self.read(node.value)])
        return self._make(Kind.ASSIGN, node, "", value, self.read(node.name))

    def _return(self, node: cst.Return) -> Node:
        return self._make(Kind.RETURN, node, "", self._maybe(node.value))

    def _import(self, node: cst.Import) -> Node:
        return other([self._alias(Kind.IMPORT, each) for each in node.names])

    def _from(self, node: cst.ImportFrom) -> Node:
        name = "." * len(node.relative) + dotted(node.module)
        if isinstance(node.names, cst.ImportStar):
            return self._make(Kind.FROM, node, name, self._make(Kind.ALIAS, node.names, "*"))
        aliases = [self._alias(Kind.ALIAS, each) for each in node.names]
        return self._make(Kind.FROM, node, name, *aliases)

    def _alias(self, kind: Kind, node: cst.ImportAlias) -> Node:
        line, column = self._at(node)
        bound = dotted(node.asname.name) if node.asname is not None else ""
        parts = (Node(Kind.NAME, line, column, bound, ()),) if bound else ()
        return Node(kind, line, column, dotted(node.name), parts)

    def _assign(self, node: cst.Assign) -> Node:
        targets = [self.read(each.target) for each in node.targets]
        return self._make(Kind.ASSIGN, node, "", self.read(node.value), *targets)

    def _augment(self, node: cst.AugAssign) -> Node:
        operator = OPERATORS[type(node.operator).__name__.removesuffix("Assign")]
        return self._make(
            Kind.AUGMENT, node, operator, self.read(node.target), self.read(node.value)
        )

    def _declare(self, node: cst.AnnAssign) -> Node:
        return self._make(
            Kind.DECLARE,
            node,
            "",
            self.read(node.target),
            self.read(node.annotation),
            self._maybe(node.value),
        )

    def _for(self, node: cst.For) -> Node:
        rest = [self._maybe(node.orelse)]
        return other([self._take(node.iter, node.target), *self._all(node.body.body), *rest])

    def _with_item(self, node: cst.WithItem) -> Node:
        if node.asname is None:
            return self.read(node.item)
        return self._take(node.item, node.asname.name)

    def _caught(self, node: cst.ExceptHandler | cst.ExceptStarHandler) -> Node:
        kind = self._maybe(node.type)
        name = NOTHING
        if node.name is not None:
            name = Node(Kind.CAPTURE, kind.line, kind.column, dotted(node.name.name), ())
        return other([kind, name, *self._all(node.body.body)])

    def _global(self, node: cst.Global) -> Node:
        return self._names(Kind.GLOBAL, node)

    def _nonlocal(self, node: cst.Nonlocal) -> Node:
        return self._names(Kind.NONLOCAL, node)

    def _names(self, kind: Kind, node: cst.Global | cst.Nonlocal) -> Node:
        line, column = self._at(node)
        names = [dotted(each.name) for each in node.names]
        return self._make(kind, node, "", *(Node(Kind.NAME, line, column, n, ()) for n in names))

    def _del(self, node: cst.Del) -> Node:
        target = node.target
        if isinstance(target, cst.Tuple) and not target.lpar:
            return other([self.read(each.value) for each in target.elements])
        return self.read(target)

    def _statement(self, node: cst.Expr) -> Node:
        held = self.read(node.value)
        constant = (cst.SimpleString, cst.BaseNumber)
        if isinstance(node.value, constant) or _is_prose(node.value):
            return NOTHING
        return held

    def _capture(self, node: cst.CSTNode, name: cst.CSTNode | None) -> Node:
        return NOTHING if name is None else self._make(Kind.CAPTURE, node, dotted(name))

    def _match(self, node: cst.Match) -> Node:
        return self._make(
            Kind.MATCH, node, "", self.read(node.subject), other(map(self.read, node.cases))
        )

    def _match_as(self, node: cst.MatchAs) -> Node:
        return other([self._capture(node, node.name), self._maybe(node.pattern)])

    def _match_star(self, node: cst.MatchStar) -> Node:
        return self._capture(node, node.name)

    def _match_mapping(self, node: cst.MatchMapping) -> Node:
        pairs = [part for each in node.elements for part in (each.key, each.pattern)]
        return other([*map(self.read, pairs), self._capture(node, node.rest)])

    def _match_keyword(self, node: cst.MatchKeywordElement) -> Node:
        return self.read(node.pattern)


def _is_prose(node: cst.CSTNode) -> bool:
    while isinstance(node, cst.ConcatenatedString):
        if not isinstance(node.left, cst.SimpleString):
            return False
        node = node.right
    return isinstance(node, cst.SimpleString)


Statements.readers = {
    **Expressions.readers,
    cst.ClassDef: Statements._class,
    cst.FunctionDef: Statements._function,
    cst.Annotation: Statements._annotation,
    cst.TypeParam: Statements._type_parameter,
    cst.TypeAlias: Statements._type_alias,
    cst.Return: Statements._return,
    cst.Import: Statements._import,
    cst.ImportFrom: Statements._from,
    cst.Assign: Statements._assign,
    cst.AugAssign: Statements._augment,
    cst.AnnAssign: Statements._declare,
    cst.For: Statements._for,
    cst.WithItem: Statements._with_item,
    cst.ExceptHandler: Statements._caught,
    cst.ExceptStarHandler: Statements._caught,
    cst.Global: Statements._global,
    cst.Nonlocal: Statements._nonlocal,
    cst.Del: Statements._del,
    cst.Expr: Statements._statement,
    cst.Match: Statements._match,
    cst.MatchAs: Statements._match_as,
    cst.MatchStar: Statements._match_star,
    cst.MatchMapping: Statements._match_mapping,
    cst.MatchKeywordElement: Statements._match_keyword,
}
