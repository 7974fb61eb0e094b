"""The process behind `python_apart`: texts come in, trees go out, until the input ends."""

from __future__ import annotations

import json
import sys
import threading
from typing import BinaryIO

from libcst import CSTValidationError, ParserSyntaxError

from gatekeeper.source import python_cst
from gatekeeper.source.code_tree import Kind, Node

_LENGTH = 4
_STACK = 256 * 1024 * 1024
_DEPTH = 20_000
_NUMBERS = {kind: number for number, kind in enumerate(Kind)}


def main() -> None:
    """Answer until there is no more; in a thread, because only a thread's stack can be large."""
    threading.stack_size(_STACK)
    sys.setrecursionlimit(_DEPTH)
    thread = threading.Thread(target=_answer_all, args=(sys.stdin.buffer, sys.stdout.buffer))
    thread.start()
    thread.join()


def _answer_all(questions: BinaryIO, replies: BinaryIO) -> None:
    while length := questions.read(_LENGTH):
        text = questions.read(int.from_bytes(length, "big")).decode("utf-8", "surrogatepass")
        reply = json.dumps(answer(text), separators=(",", ":")).encode()
        replies.write(len(reply).to_bytes(_LENGTH, "big") + reply)
        replies.flush()


def answer(text: str) -> list[list[int | str]] | str | None:
    """The tree in flat form, or why there is none; None where the text is not Python."""
    try:
        return flat(python_cst.read(text))
    except (ParserSyntaxError, CSTValidationError, SyntaxError, ValueError):
        return None
    except RecursionError:
        return "its code is nested too deeply"
    except MemoryError:
        return "its parser ran out of memory"


def flat(tree: Node) -> list[list[int | str]]:
    """Nodes as lists, parents before parts, each with the number of its parts."""
    held: list[list[int | str]] = []
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        held.append([_NUMBERS[node.kind], node.line, node.column, node.text, len(node.parts)])
        waiting.extend(reversed(node.parts))
    return held


if __name__ == "__main__":
    main()
