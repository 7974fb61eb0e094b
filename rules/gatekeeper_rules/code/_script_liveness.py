"""Which code of a script is never reached, as far as its own text shows it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from gatekeeper.source.script_chains import bare, body_of, dotted, is_function
from gatekeeper.source.script_lexical import Lexical
from gatekeeper.source.script_syntax import Syntax, walk
from gatekeeper.value import dataclass, field
from gatekeeper_rules.code._script_truth import first_test, is_empty, truth, value_of, worth

_ENDS = frozenset({"break_statement", "continue_statement", "return_statement", "throw_statement"})
_CALLS_THAT_END = frozenset({"process.exit", "process.abort", "Deno.exit"})
_LOOPS = frozenset({"for_statement", "for_in_statement", "while_statement", "do_statement"})
_HOISTED = frozenset({"function_declaration", "generator_function_declaration"})
_EACH = frozenset({"every", "filter", "find", "flatMap", "forEach", "map", "some"})
_DEEPEST = 200


@dataclass(frozen=True, eq=False)
class Liveness:
    """Goes through a script once; `dead` are the pieces, by `id`, that are never reached.

    What stands in a dead piece is dead, and not listed. Statements that stand too deep in one
    another are not looked into: their lines are in `cut`.
    """

    lexical: Lexical
    dead: set[int] = field(default_factory=set)
    cut: set[int] = field(default_factory=set)

    def judge(self) -> Liveness:
        """Take in the whole script."""
        self._block(self.lexical.tree.held, 0)
        for node in walk(self.lexical.tree):
            if is_function(node) and body_of(node).type == "statement_block":
                self._block(body_of(node).held, 0)
            elif node.type == "ternary_expression":
                self._ternary(node)
            elif node.type == "binary_expression":
                self._shortened(node)
            elif node.type == "call_expression":
                self._over_nothing(node)
        return self

    def is_dead(self, node: Syntax) -> bool:
        """Whether a piece, or what it stands in, is never reached."""
        return id(node) in self.dead or any(id(each) in self.dead for each in self._above(node))

    def _above(self, node: Syntax) -> Iterable[Syntax]:
        return self.lexical.above(node)

    def _kill(self, nodes: Iterable[Syntax]) -> None:
        self.dead.update(id(each) for each in nodes if each.type)

    # -- expressions

    def _ternary(self, node: Syntax) -> None:
        known = truth(self.lexical, node.of("condition"))
        if known is not None:
            self._kill([node.of("alternative" if known else "consequence")])

    def _shortened(self, node: Syntax) -> None:
        sign = node.of("operator").text
        if sign in ("&&", "||"):
            if truth(self.lexical, node.of("left")) is (sign == "||"):
                self._kill([node.of("right")])
        elif sign == "??" and worth(self.lexical, node.of("left")) is not None:
            self._kill([node.of("right")])

    def _over_nothing(self, node: Syntax) -> None:
        """`[].map(…)` calls nothing."""
        function = bare(node.of("function"))
        if function.of("property").text in _EACH and is_empty(self.lexical, function.of("object")):
            self._kill([node.of("arguments")])

    # -- statements: whether what stands behind one is reached

    def _block(self, statements: Sequence[Syntax], depth: int) -> bool:
        reached = True
        for each in statements:
            if reached:
                reached = self._statement(each, depth)
            elif each.type not in _HOISTED:
                self._kill([each])
        return reached

    def _statement(self, node: Syntax, depth: int) -> bool:
        if depth > _DEEPEST:
            self.cut.add(node.line)
            return True
        if node.type in _ENDS:
            return False
        if node.type == "expression_statement":
            return not _ends_all(node)
        reader = _READERS.get(node.type)
        return True if reader is None else reader(self, node, depth)

    def _nested(self, node: Syntax, depth: int) -> bool:
        return self._block(node.held, depth + 1)

    def _labeled(self, node: Syntax, depth: int) -> bool:
        body = node.of("body")
        return self._statement(body, depth + 1) or _is_left(body, node.of("label").text)

    def _if(self, node: Syntax, depth: int) -> bool:
        completes = False
        while True:
            known = truth(self.lexical, node.of("condition"))
            then, otherwise = node.of("consequence"), node.of("alternative")
            if known is False:
                self._kill([then])
            elif self._statement(then, depth + 1):
                completes = True
            if known is True:
                self._kill([otherwise])
                return completes
            held = otherwise.held[:1]
            if not held:
                return True
            if held[0].type != "if_statement":
                return self._statement(held[0], depth + 1) or completes
            node = held[0]

    def _loop(self, node: Syntax, depth: int) -> bool:
        body, condition = node.of("body"), node.of("condition")
        if node.type == "for_in_statement":
            never, forever = is_empty(self.lexical, node.of("right")), False
        else:
            is_open = node.type == "for_statement" and condition.type in ("", "empty_statement")
            known = True if is_open else truth(self.lexical, condition)
            if node.type == "for_statement" and known is None:
                known = False if first_test(self.lexical, node) is False else None
            never, forever = known is False and node.type != "do_statement", known is True
        if never:
            self._kill([body, node.of("increment")])
            return True
        again = self._statement(body, depth + 1) or _is_gone_on_with(body)
        if not again:
            self._kill(
                [node.of("increment"), *([condition] if node.type == "do_statement" else ())]
            )
        return not forever or _is_left(body, "")

    def _try(self, node: Syntax, depth: int) -> bool:
        reached = self._block(node.of("body").held, depth + 1)
        handler = node.of("handler")
        if handler.type and not node.of("body").held:
            self._kill([handler])
        elif handler.type:
            reached = self._block(handler.of("body").held, depth + 1) or reached
        finalizer = node.of("finalizer")
        if finalizer.type:
            return self._block(finalizer.of("body").held, depth + 1) and reached
        return reached

    def _switch(self, node: Syntax, depth: int) -> bool:
        subject = value_of(self.lexical, node.of("value"))
        falls = False
        has_default = False
        for case in node.of("body").held:
            has_default = has_default or case.type == "switch_default"
            body = [each for each in case.held if each.field == "body"]
            value = value_of(self.lexical, case.of("value")) if case.of("value").type else None
            if subject and value and subject != value and not falls:
                self._kill(body)
            else:
                falls = self._block(body, depth + 1)
        return falls or not has_default or _is_left(node.of("body"), "")


_READERS: Mapping[str, Callable[[Liveness, Syntax, int], bool]] = {
    "if_statement": Liveness._if,
    "labeled_statement": Liveness._labeled,
    "statement_block": Liveness._nested,
    "switch_statement": Liveness._switch,
    "try_statement": Liveness._try,
    **dict.fromkeys(_LOOPS, Liveness._loop),
}


def _ends_all(statement: Syntax) -> bool:
    held = bare(statement.held[0]) if statement.held else statement
    return held.type == "call_expression" and dotted(held) in _CALLS_THAT_END


def _is_gone_on_with(body: Syntax) -> bool:
    """Whether a `continue` stands anywhere in the body of a loop."""
    return any(each.type == "continue_statement" for each in walk(body))


def _is_left(body: Syntax, label: str) -> bool:
    """Whether a `break` in a statement leaves what the statement belongs to."""
    waiting = [body]
    while waiting:
        node = waiting.pop()
        if node.type == "break_statement":
            if node.of("label").text == label:
                return True
        elif not is_function(node) and (
            label or (node.type not in _LOOPS and node.type != "switch_statement")
        ):
            waiting.extend(node.parts)
    return False
