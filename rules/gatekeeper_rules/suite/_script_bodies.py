"""The statements of a script's test, gone through in order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from gatekeeper.source.script_chains import bare, body_of, is_function
from gatekeeper.source.script_syntax import NOTHING, Syntax, said, shown
from gatekeeper_rules.suite._script_expressions import LATE, NEVER, START, UNHEARD, At, Expressions
from gatekeeper_rules.suite._script_flow import (
    ends,
    is_comparison,
    is_double,
    is_heard,
    is_literal_empty,
    is_skipping,
    made_sure,
)
from gatekeeper_rules.suite._script_worth import truth
from gatekeeper_rules.suite._written import Expectation, Strength

_DEEPEST = 60
_THINGS = frozenset({"object", "array", "class"})
_TYPE_TESTS = frozenset({"Expect", "Assert", "AssertTrue", "ExpectTrue", "IsTrue"})


class TooDeep(Exception):
    """Statements stand in one another deeper than any that people write."""


class Body(Expressions):
    """Goes through the statements of a function and keeps what it finds, in order."""

    def function(self, node: Syntax, at: At = START) -> None:
        """Take in the body of a function."""
        body = body_of(node)
        if body.type == "statement_block":
            self.read(body.held, at)
        elif body.type:
            self._returned(body, at)

    def read(self, statements: Iterable[Syntax], at: At = START) -> None:
        """Take in a block; what stands behind a statement that ends it is never reached."""
        for statement in statements:
            self._statement(statement, at)
            if ends(statement) and not at.lost:
                at = at._replace(lost=NEVER)

    def _statement(self, node: Syntax, at: At) -> None:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise TooDeep
        reader = _READERS.get(node.type)
        if reader is None:
            self.expressions(node.held, at)
        else:
            reader(self, node, at)
        self._depth -= 1

    def _block(self, node: Syntax, at: At) -> None:
        self.read(node.held, at)

    def _return(self, node: Syntax, at: At) -> None:
        self._returned(node.held[0] if node.held else NOTHING, at)

    def _declaration(self, node: Syntax, at: At) -> None:
        for each in node.held:
            self._declared(each, at)

    def _type(self, node: Syntax, at: At) -> None:
        """`type _ = Expect<Equal<A, B>>`, which the compiler refuses where it does not hold."""
        del at
        value = node.of("value")
        if value.of("name").text in _TYPE_TESTS:
            text = said(value)
            self.expectations.append(Expectation(text, text, Strength.EXACT, node.line))

    def _own_function(self, node: Syntax, at: At) -> None:
        lost = at.lost or self._unstarted(node.of("name").text, node, at)
        self.function(node, at._replace(nested=True, lost=lost))

    def _alone(self, node: Syntax, at: At) -> None:
        """An expression that is a statement: nobody looks at what it gives."""
        value = node.held[0] if node.held else NOTHING
        if is_comparison(value) and not at.nested:
            self._fault(value, "is compared and not expected", "Put it into `expect(…)`.")
        if is_skipping(value, self._names.given) and not at.nested:
            if at == START:
                fix = "Write the test when it can run, or let it run."
                self._fault(value, "keeps the test from being run", fix)
            self._exit(value, shown(value))
        self.expressions((value,), at, alone=True)

    def _returned(self, value: Syntax, at: At) -> None:
        if is_comparison(value) and not at.nested and not at.lost:
            why = "is returned, and nobody looks at what a test returns"
            self._fault(value, why, "Expect it instead of returning it.")
        if is_function(bare(value)) and self._names.is_test and not at.nested:
            at = at._replace(lost=at.lost or NEVER)
        self.expressions((value,), at)

    def _declared(self, node: Syntax, at: At) -> None:
        name, value = node.of("name"), bare(node.of("value"))
        lost = at.lost or self._unstarted(name.text, value, at)
        if is_function(value):
            self.function(value, at._replace(nested=True, lost=lost))
        elif value.type in _THINGS or is_double(value):
            self.expressions((value,), at._replace(lost=lost))
        else:
            self.expressions((value,), at)

    def _unstarted(self, name: str, value: Syntax, at: At) -> str:
        """Why what a function, or what holds some, expects is worth nothing; "" for no reason."""
        if name in self._names.dropped and value.has("async") and not self._names.waits:
            return LATE
        return "" if name in self._names.used or at.nested else NEVER

    def _class(self, node: Syntax, at: At) -> None:
        lost = at.lost or self._unstarted(node.of("name").text, node, at)
        self.expressions(node.of("body").held, at._replace(lost=lost))

    def _throw(self, node: Syntax, at: At) -> None:
        text = shown(node)
        if not at.lost and not at.nested:
            self.expectations.append(Expectation(text, text, Strength.EXACT, node.line))
        self.expressions(node.held, at)

    def _condition(self, node: Syntax, at: At) -> None:
        test, then = node.of("condition"), node.of("consequence")
        self.expressions((test,), at)
        worth = truth(test, self._names.settled)
        if at == START and ends(_last(then)) and _last(then).type != "throw_statement":
            self._exit(node, f"if {shown(bare(test))}")
        inside = at if worth else at._replace(given=(*at.given, said(bare(test))))
        never = at._replace(lost=at.lost or NEVER)
        self._statement(then, never if worth is False else inside)
        otherwise = node.of("alternative")
        for each in otherwise.held:
            self._statement(each, never if worth is True else inside)

    def _switch(self, node: Syntax, at: At) -> None:
        self.expressions((node.of("value"),), at)
        inside = at._replace(given=(*at.given, said(node.of("value"))))
        for case in node.of("body").held:
            self.read([each for each in case.held if each.field != "value"], inside)

    def _try(self, node: Syntax, at: At) -> None:
        handler = node.of("handler")
        last = node.of("finalizer").of("body").held[-1:]
        heard = not handler.type or is_heard(handler, self._names.used)
        heard = heard and not any(map(ends, last))
        body = node.of("body")
        self.read(body.held, at if heard else at._replace(lost=at.lost or UNHEARD))
        if handler.type:
            self._is_sure = self._is_sure or made_sure(body)
            self.read(handler.of("body").held, at._replace(caught=True))
        for each in node.of("finalizer").held:
            self._statement(each, at)

    def _loop(self, node: Syntax, at: At) -> None:
        self.repeats += 1
        over = node.of("right") if node.of("right").type else node.of("condition")
        self.expressions((over,), at)
        held = bare(over)
        value = self._names.settled.get(held.text, held) if held.type == "identifier" else held
        is_never = is_literal_empty(value) or truth(held, self._names.settled) is False
        inside = at._replace(lost=at.lost or NEVER) if is_never and held.type else at
        self._statement(node.of("body"), inside)


_READERS: Mapping[str, Callable[[Body, Syntax, At], None]] = {
    "expression_statement": Body._alone,
    "if_statement": Body._condition,
    "try_statement": Body._try,
    **dict.fromkeys(("for_in_statement", "for_statement"), Body._loop),
    **dict.fromkeys(("while_statement", "do_statement"), Body._loop),
    "return_statement": Body._return,
    "throw_statement": Body._throw,
    "statement_block": Body._block,
    **dict.fromkeys(("lexical_declaration", "variable_declaration"), Body._declaration),
    **dict.fromkeys(("function_declaration", "generator_function_declaration"), Body._own_function),
    "switch_statement": Body._switch,
    "class_declaration": Body._class,
    "type_alias_declaration": Body._type,
}


def _last(node: Syntax) -> Syntax:
    if node.type != "statement_block":
        return node
    return node.held[-1] if node.held else NOTHING
