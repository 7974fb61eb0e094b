"""Code of Python and of scripts as a small tree, the same whichever parser read it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import NamedTuple


class Kind(StrEnum):
    """What a node stands for; behind it what `text` and `parts` hold."""

    MODULE = "module"  # statements
    CLASS = "class"  # name: group of decorators, of bases, of statements
    OBJECT = "object"  # as a class, of a script: code in it sees none of its names
    FUNCTION = "function"  # name: group of decorators, of parameters, of annotations, of statements
    LAMBDA = "lambda"  # as a function; the statement is what it returns
    PARAMETER = "parameter"  # name: default or nothing
    GROUP = "group"  # any number of nodes, in order
    RETURN = "return"  # value
    IMPORT = "import"  # dotted name: name it is bound to, if another one
    FROM = "from"  # dotted name with its leading dots: aliases
    ALIAS = "alias"  # name or `*`: name it is bound to, if another one
    ASSIGN = "assign"  # `=` where it declares nothing (of a script): value, targets
    AUGMENT = "augment"  # operator: target, value
    DECLARE = "declare"  # target, annotation, value or nothing
    TAKE = "take"  # where from, target: `for`, `with`, comprehensions
    MATCH = "match"  # what is matched, then what stands in the cases
    CAPTURE = "capture"  # a name bound by `except`, `match`, or a type parameter
    GLOBAL = "global"  # names
    NONLOCAL = "nonlocal"  # names
    ANNOTATION = "annotation"  # name of the parameter, `return`, or nothing: expression
    NAME = "name"
    ATTRIBUTE = "attribute"  # name: whose
    CALL = "call"  # a backquote where it is that of a tag: what is called, arguments
    KEYWORD = "keyword"  # name, or nothing for `**`: value
    STRING = "string"
    BYTES = "bytes"  # as latin-1
    NUMBER = "number"  # a small integer, in decimal
    JOINED = "joined"  # an f-string: strings and formatted values
    FORMATTED = "formatted"  # conversion such as `r`: value, format if any
    BINARY = "binary"  # operator: left, right
    SUBSCRIPT = "subscript"  # whose, index
    SLICE = "slice"  # start, stop, step
    LIST = "list"  # items of a list, tuple or set
    DICT = "dict"  # keys and values in turn
    STAR = "star"  # what is unpacked
    CHOICE = "choice"  # nodes of which one is the value
    AWAIT = "await"  # what is awaited
    YIELD = "yield"  # what is handed to whoever goes through it
    COMPREHENSION = "comprehension"  # takes and conditions, then what is collected
    OTHER = "other"  # anything else that holds nodes


class Node(NamedTuple):
    """A piece of code; a tuple, because files make them by the hundred thousand.

    `line` and `column` count from 1, in characters; both are 0 where nothing stands. What
    is inside an f-string has the place of the whole string, since parsers disagree there.
    """

    kind: Kind
    line: int
    column: int
    text: str
    parts: tuple[Node, ...]


NOTHING = Node(Kind.OTHER, 0, 0, "", ())


def other(parts: Iterable[Node]) -> Node:
    """What has no kind of its own: nothing, its only part, or its parts in order of place."""
    held: list[Node] = []
    for part in parts:
        held.extend(part.parts if part.kind is Kind.OTHER else (part,))
    if not held:
        return NOTHING
    if len(held) == 1:
        return held[0]
    held.sort(key=_place)
    return Node(Kind.OTHER, held[0].line, held[0].column, "", tuple(held))


def _place(node: Node) -> tuple[int, int]:
    return node.line, node.column


def group(parts: Iterable[Node]) -> Node:
    """Nodes in the order they are given, those that are nothing left out."""
    return Node(Kind.GROUP, 0, 0, "", tuple(part for part in parts if part != NOTHING))


def joined(line: int, column: int, parts: Iterable[Node]) -> Node:
    """An f-string; neighbouring strings become one, and one that is all string a string."""
    held: list[Node] = []
    for part in parts:
        if part.kind is Kind.STRING and held and held[-1].kind is Kind.STRING:
            held[-1] = held[-1]._replace(text=held[-1].text + part.text)
        elif part.text or part.kind is not Kind.STRING:
            held.append(part)
    if not held:
        return Node(Kind.STRING, line, column, "", ())
    if len(held) == 1 and held[0].kind is Kind.STRING:
        return held[0]._replace(line=line, column=column)
    return Node(Kind.JOINED, line, column, "", tuple(held))


def gathered(kind: Kind, parts: Iterable[Node]) -> Node:
    """A node that stands where the first of its parts stands."""
    held = tuple(parts)
    place = next(((part.line, part.column) for part in held if part.line), (0, 0))
    return Node(kind, *place, "", held)


def walk(node: Node) -> Iterator[Node]:
    """The node and everything in it, in order."""
    waiting = [node]
    while waiting:
        current = waiting.pop()
        yield current
        waiting.extend(reversed(current.parts))
