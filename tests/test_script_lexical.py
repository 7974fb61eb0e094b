"""Names of scripts mean the nearest declaration, and settle where nothing sets them again."""

from __future__ import annotations

import pytest

from gatekeeper.source.script_lexical import Declares, Lexical
from gatekeeper.source.script_syntax import Syntax, read, said, walk

# The code, how the `a` of `f(a)` is declared, and at which column.
MEANT: dict[str, tuple[str, Declares, int]] = {
    "what stands around": ("const a = 1; () => f(a);", Declares.VALUE, 7),
    "the nearest block": ("const a = 1; { const a = 2; f(a); }", Declares.VALUE, 22),
    "no block that is over": ("const a = 1; { const a = 2; } f(a);", Declares.VALUE, 7),
    "a var of a block": ("function g() { { var a = 2; } f(a); }", Declares.VALUE, 22),
    "a parameter": ("const a = 1; (a) => f(a);", Declares.PARAMETER, 15),
    "a parameter with a type": ("const g = (b: B, a?: A) => f(a);", Declares.PARAMETER, 18),
    "a parameter taken apart": ("({ b: [, a] }) => f(a);", Declares.PARAMETER, 10),
    "what is left of a parameter": ("({ b, ...a }) => f(a);", Declares.PARAMETER, 10),
    "a caught error": ("try {} catch (a) { f(a); }", Declares.OTHER, 15),
    "a function that comes later": ("f(a); function a() {}", Declares.FUNCTION, 16),
    "a function's own name": ("const g = function a() { f(a); };", Declares.FUNCTION, 20),
    "a class": ("class a {} f(a);", Declares.CLASS, 7),
    "an import of another name": ('import { b as a } from "x"; f(a);', Declares.IMPORT, 15),
    "a namespace": ('import * as a from "x"; f(a);', Declares.IMPORT, 13),
    "what a loop goes through": ("for (const a of b) f(a);", Declares.VALUE, 12),
}


def lexical(code: str) -> Lexical:
    return Lexical(read(code.encode(), "a.ts").tree)


def used(names: Lexical) -> Syntax:
    """The name in `f(a)`."""
    calls = (each for each in walk(names.tree) if each.type == "call_expression")
    return next(each for each in calls if said(each) == "f(a)").of("arguments").held[0]


@pytest.mark.parametrize(("code", "role", "column"), MEANT.values(), ids=MEANT.keys())
def test_a_name_means_the_nearest_declaration(code: str, role: Declares, column: int) -> None:
    names = lexical(code)
    found = names.declared(used(names))

    assert found is not None
    assert (found.role, found.name.column) == (role, column)


SETTLED: dict[str, tuple[str, str]] = {
    "a constant": ("const a = g(1); f(a);", "g(1)"),
    "a variable that nobody sets": ("let a = 1; f(a);", "1"),
    "a variable that is set": ("let a = 1; a = 2; f(a);", ""),
    "one that a pattern sets": ("let a = 1; ({ a } = b); f(a);", ""),
    "one that is counted up": ("let a = 1; a++; f(a);", ""),
    "one that is declared twice": ("var a = 1; var a = 2; f(a);", ""),
    "one of the same name is set elsewhere": ("const a = 1; (a) => { a = 2; }; f(a);", "1"),
    "what a pattern takes": ("const { a } = b; f(a);", ""),
    "nothing declares it": ("f(a);", ""),
}


@pytest.mark.parametrize(("code", "value"), SETTLED.values(), ids=SETTLED.keys())
def test_a_name_settles_where_it_is_bound_once(code: str, value: str) -> None:
    names = lexical(code)

    assert said(names.settled(used(names))) == value


# What TypeScript's grammar reads as a call of what `await f` gives.
TYPED: dict[str, tuple[str, str]] = {
    "await": ("await f<T>(1)", "await_expression"),
    "await, and asked on": ("await a.b<T>(1).then(2)", "await_expression"),
    "void": ("void f<T>(1)", "unary_expression"),
    "not": ("!f<T>(1)", "unary_expression"),
    "plus": ("a+f<T>(1)", "binary_expression"),
    "await in brackets": ("(await f)<T>(1)", "call_expression"),
}


@pytest.mark.parametrize(("code", "kind"), TYPED.values(), ids=TYPED.keys())
def test_a_call_with_type_arguments_is_awaited_and_not_what_is_awaited_called(
    code: str, kind: str
) -> None:
    statement = read(f"{code};".encode(), "a.ts").tree.held[0]

    assert (statement.held[0].type, said(statement)) == (kind, code)
