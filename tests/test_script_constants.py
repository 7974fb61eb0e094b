"""What literals of scripts are worth, held against what JavaScript itself says of them."""

from __future__ import annotations

import json
import subprocess
from itertools import product

from gatekeeper.source.script_constants import NULL, UNDEFINED, compared, is_true, literal
from gatekeeper.source.script_constants import not_a_number as nan
from gatekeeper.source.script_syntax import read, walk

WRITTEN = (
    *("0", "1", "1.5", "0x10", "0b1", "1_000", "0n", "1n", "''", "'0'", "'a'"),
    *("true", "false", "null", "undefined", "NaN"),
)
KNOWN = {"null": NULL, "undefined": UNDEFINED, "NaN": nan()}
SIGNS = ("===", "!==", "==", "!=", "<", "<=", ">", ">=")
ASKED = "console.log(JSON.stringify([%s]))"


def worth(text: str) -> tuple[str, object]:
    if text in KNOWN:
        return KNOWN[text]
    tree = read(f"({text})".encode(), "a.js").tree
    return next(held for each in walk(tree) if (held := literal(each)) is not None)


def in_javascript(expressions: list[str]) -> list[bool]:
    script = ASKED % ", ".join(f"!!({each})" for each in expressions)
    done = subprocess.run(["node", "-e", script], capture_output=True, check=True)
    found: list[bool] = json.loads(done.stdout)
    return found


def test_a_condition_holds_as_in_javascript() -> None:
    assert in_javascript(list(WRITTEN)) == [is_true(worth(each)) for each in WRITTEN]


def test_what_is_known_of_a_comparison_is_what_javascript_says() -> None:
    asked = list(product(WRITTEN, SIGNS, WRITTEN))
    real = in_javascript([" ".join(each) for each in asked])
    found = [compared(sign, worth(one), worth(other)) for one, sign, other in asked]

    wrong = [a for a, b, c in zip(asked, real, found, strict=True) if c is not None and b != c]
    known = sum(each is not None for each in found)

    assert ([], True) == (wrong, known > len(asked) // 2)
