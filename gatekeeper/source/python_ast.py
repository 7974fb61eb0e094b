"""Python code read with the `ast` of the Python that runs gatekeeper: fast, but host-bound."""

from __future__ import annotations

import ast
import warnings
from functools import lru_cache
from typing import Any

from gatekeeper.source.code_tree import NOTHING, Kind, Node, group, other
from gatekeeper.source.python_ast_expressions import OPERATORS, Expressions, table


def parsed(text: str) -> ast.Module:
    """The module; raises SyntaxError, ValueError, RecursionError or MemoryError."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.parse(text)


@lru_cache(maxsize=1)
def shared(text: str) -> ast.Module:
    """As `parsed`; the same tree for whoever asks next for the same text, and nobody changes it."""
    return parsed(text)


def without_idle(tree: ast.Module) -> ast.Module:
    """The same tree, changed in place, without `pass` and constants that stand alone.

    Docstrings stay: what stands first in a module, a class or a function.
    """
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(body, list):
            documented = isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef))
            documented = documented or isinstance(node, ast.AsyncFunctionDef)
            body[:] = [
                each
                for number, each in enumerate(body)
                if not (_is_idle(each) and (number or not documented or isinstance(each, ast.Pass)))
            ]
    return tree


def _is_idle(node: ast.stmt) -> bool:
    held = node.value if isinstance(node, ast.Expr) else None
    return isinstance(node, ast.Pass) or isinstance(held, ast.Constant)


def read(text: str) -> Node:
    """The tree of a file's text; raises what `parsed` raises."""
    return Statements(text).module(shared(text))


def read_expression(text: str, line: int, column: int) -> Node:
    """The tree of an expression that stands in a string, all of it at the string's place."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        expression = ast.parse(text.strip(), mode="eval")
    return Statements("", (line, column)).read(expression.body)


class Statements(Expressions):
    """Turns the statements of `ast` into ours."""

    def module(self, node: ast.Module) -> Node:
        """Our node for a whole file."""
        return Node(Kind.MODULE, 1, 1, "", self._all(node.body))

    def _class(self, node: ast.ClassDef) -> Node:
        return self._make(
            Kind.CLASS,
            node,
            node.name,
            group(self._all(node.decorator_list)),
            group(self._all([*node.bases, *node.keywords])),
            group((*self._type_parameters(node), *self._all(node.body))),
        )

    def _function(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> Node:
        returns = [] if node.returns is None else [self._annotation(node.returns, "return")]
        return self._make(
            Kind.FUNCTION,
            node,
            node.name,
            group(self._all(node.decorator_list)),
            group(self._parameters(node.args)),
            group([*self._annotations(node.args), *returns]),
            group((*self._type_parameters(node), *self._all(node.body))),
        )

    def _type_parameters(self, node: Any) -> tuple[Node, ...]:
        return self._all(getattr(node, "type_params", ()))

    def _type_parameter(self, node: Any) -> Node:
        extra = [getattr(node, name, None) for name in ("bound", "default_value")]
        return other([self._make(Kind.CAPTURE, node, node.name), *map(self._maybe, extra)])

    def _type_alias(self, node: Any) -> Node:
        parameters = self._type_parameters(node)
        value = other([*parameters, self.read(node.value)])
        return self._make(Kind.ASSIGN, node, "", value, self.read(node.name))

    def _annotations(self, node: ast.arguments) -> list[Node]:
        every = [*node.posonlyargs, *node.args, node.vararg, *node.kwonlyargs, node.kwarg]
        held = [(each.annotation, each.arg) for each in every if each is not None]
        return [self._annotation(each, name) for each, name in held if each is not None]

    def _annotation(self, node: ast.expr, name: str = "") -> Node:
        held = self.read(node)
        return Node(Kind.ANNOTATION, held.line, held.column, name, (held,))

    def _return(self, node: ast.Return) -> Node:
        return self._make(Kind.RETURN, node, "", self._maybe(node.value))

    def _import(self, node: ast.Import) -> Node:
        return other([self._alias(Kind.IMPORT, each) for each in node.names])

    def _from(self, node: ast.ImportFrom) -> Node:
        name = "." * node.level + (node.module or "")
        aliases = [self._alias(Kind.ALIAS, each) for each in node.names]
        return self._make(Kind.FROM, node, name, *aliases)

    def _alias(self, kind: Kind, node: ast.alias) -> Node:
        line, column = self._at(node)
        bound = (Node(Kind.NAME, line, column, node.asname, ()),) if node.asname else ()
        return Node(kind, line, column, node.name, bound)

    def _assign(self, node: ast.Assign) -> Node:
        targets = [self.read(target) for target in node.targets]
        return self._make(Kind.ASSIGN, node, "", self.read(node.value), *targets)

    def _augment(self, node: ast.AugAssign) -> Node:
        operator = OPERATORS[type(node.op)]
        return self._make(
            Kind.AUGMENT, node, operator, self.read(node.target), self.read(node.value)
        )

    def _declare(self, node: ast.AnnAssign) -> Node:
        return self._make(
            Kind.DECLARE,
            node,
            "",
            self.read(node.target),
            self._annotation(node.annotation),
            self._maybe(node.value),
        )

    def _for(self, node: ast.For | ast.AsyncFor) -> Node:
        return other([self._take(node.iter, node.target), *self._all(node.body + node.orelse)])

    def _with(self, node: ast.With | ast.AsyncWith) -> Node:
        return other([*map(self._with_item, node.items), *self._all(node.body)])

    def _with_item(self, node: ast.withitem) -> Node:
        if node.optional_vars is None:
            return self.read(node.context_expr)
        return self._take(node.context_expr, node.optional_vars)

    def _caught(self, node: ast.ExceptHandler) -> Node:
        kind = self._maybe(node.type)
        name = NOTHING
        if node.name is not None:
            name = Node(Kind.CAPTURE, kind.line, kind.column, node.name, ())
        return other([kind, name, *self._all(node.body)])

    def _global(self, node: ast.Global) -> Node:
        return self._names(Kind.GLOBAL, node, node.names)

    def _nonlocal(self, node: ast.Nonlocal) -> Node:
        return self._names(Kind.NONLOCAL, node, node.names)

    def _names(self, kind: Kind, node: ast.AST, names: list[str]) -> Node:
        line, column = self._at(node)
        return self._make(
            kind, node, "", *(Node(Kind.NAME, line, column, name, ()) for name in names)
        )

    def _statement(self, node: ast.Expr) -> Node:
        # A string that stands alone is prose: a docstring, or a comment in disguise.
        if isinstance(node.value, ast.Constant):
            return NOTHING
        return self.read(node.value)

    def _match(self, node: ast.Match) -> Node:
        # What the cases take from it by attribute or key is not followed.
        return self._make(
            Kind.MATCH, node, "", self.read(node.subject), other(self._all(node.cases))
        )

    def _match_as(self, node: ast.MatchAs) -> Node:
        return other([self._capture(node, node.name), self._maybe(node.pattern)])

    def _match_star(self, node: ast.MatchStar) -> Node:
        return self._capture(node, node.name)

    def _match_mapping(self, node: ast.MatchMapping) -> Node:
        return other([*self._all([*node.keys, *node.patterns]), self._capture(node, node.rest)])


Statements.readers = {
    **Expressions.readers,
    **table(
        {
            "ClassDef": Statements._class,
            "FunctionDef AsyncFunctionDef": Statements._function,
            "TypeVar ParamSpec TypeVarTuple": Statements._type_parameter,
            "TypeAlias": Statements._type_alias,
            "Return": Statements._return,
            "Import": Statements._import,
            "ImportFrom": Statements._from,
            "Assign": Statements._assign,
            "AugAssign": Statements._augment,
            "AnnAssign": Statements._declare,
            "For AsyncFor": Statements._for,
            "With AsyncWith": Statements._with,
            "ExceptHandler": Statements._caught,
            "Global": Statements._global,
            "Nonlocal": Statements._nonlocal,
            "Expr": Statements._statement,
            "Match": Statements._match,
            "MatchAs": Statements._match_as,
            "MatchStar": Statements._match_star,
            "MatchMapping": Statements._match_mapping,
        }
    ),
}
