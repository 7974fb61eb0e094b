"""Readings as a rule's page writes them down: JSON, as short as a person would have it.

    {"tests": {"head": {"kind": "tests", "tests": {"tests/test_a.py::test_sum": "passed"}}}}

is one reading, `tests`, of the `head` (or `base`, or `crossed`: the base's tests on the head's
code). What stands beside `kind`:

* `tests`: `tests` (id: outcome, or id: {outcome, reason, line, seconds, path, contracts}),
  `deselected`, `uncollected` (path: why), `warnings`, `notes`, `tool`
* `coverage`: `files` (path: {covered, missed, excluded: "1-4,7", branches: {"3": "1/2"}, ran:
  {id of a test: "2-4"}}), `tool`; without any `ran`, which test ran what is not known
* `lint`: `warnings` ("src/a.py:3:1: F401 unused import"), `files`, `unread`, `tool`
* `build`: `status`, `command`, `said`
* `bundle`: `modules` (name: text), `bindings` (name: "type class"), `main`, `command`
* `data-migrations`: `proofs` (name: {classes, fixtures, failings: {TROUBLE: what shows it}, open}),
  under the name `the proof of the data migrations`
* `missing`: `why`
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import TypeVar

from gatekeeper.migrations.carried import DataFailing, DataProof, DataProofs, DataTrouble
from gatekeeper.reading.build import Built
from gatekeeper.reading.bundled import Bound, Bundled, Upload
from gatekeeper.reading.contexts import Context, Contexts, NoContexts, Phase, bits_of
from gatekeeper.reading.coverage import Branch, Coverage, FileCoverage
from gatekeeper.reading.lint import Linted, Warned
from gatekeeper.reading.tests import Outcome, Ran, TestRun, Uncollected
from gatekeeper.rule import Measured, Missing, Need, Reading, Which

T = TypeVar("T")

_OUTCOMES = {each.name.lower(): each for each in Outcome}
_WARNED = re.compile(r"(?P<path>[^:]+):(?:(?P<line>\d+):)?(?:(?P<column>\d+):)? (?P<code>\S+) ?")


def page_readings(text: str) -> Mapping[Need, Reading]:
    """The readings that a fence `readings` holds; raises ValueError saying what is wrong."""
    return dict(_readings(json.loads(text or "{}")))


def _readings(written: object) -> Iterator[tuple[Need, Reading]]:
    sides = {each.name.lower(): each for each in Which}
    for name, of in _mapping(written).items():
        for side, reading in _mapping(of).items():
            yield Need(name, _one_of(sides, side)), _reading(_Fields(_mapping(reading)))


def _reading(given: _Fields) -> Reading:
    kind = given.take("kind", str, "")
    reading = _one_of(_KINDS, kind)(given)
    given.done(kind)
    return reading if isinstance(reading, Missing) else Measured(reading, "the page")


class _Fields:
    """The fields of one JSON object, each taken once; `done` refuses what is left."""

    def __init__(self, given: Mapping[str, object]) -> None:
        self._left = dict(given)

    def take(self, name: str, kind: type[T], default: T) -> T:
        value = self._left.pop(name, default)
        if not isinstance(value, kind):
            raise ValueError(f"`{name}` must be a {kind.__name__}, not {value!r}")
        return value

    def texts(self, name: str) -> tuple[str, ...]:
        return tuple(str(each) for each in self.take(name, list, []))

    def mapping(self, name: str) -> Mapping[str, object]:
        return _mapping(self.take(name, dict, {}))

    def done(self, what: str) -> None:
        if self._left:
            raise ValueError(f"{what} has no field {', '.join(sorted(self._left))}")


def _mapping(written: object) -> Mapping[str, object]:
    if not isinstance(written, dict):
        raise ValueError(f"an object was expected, not {written!r}")
    return {str(name): each for name, each in written.items()}


def _one_of(known: Mapping[str, T], word: str) -> T:
    if word not in known:
        raise ValueError(f"{word!r} is none of {', '.join(known)}")
    return known[word]


def _tests(given: _Fields) -> TestRun:
    return TestRun(
        given.take("tool", str, "pytest"),
        {name: _ran(name, each) for name, each in given.mapping("tests").items()},
        given.texts("deselected"),
        tuple(Uncollected(path, str(why)) for path, why in given.mapping("uncollected").items()),
        given.texts("warnings"),
        given.texts("notes"),
    )


def _ran(name: str, written: object) -> Ran:
    given = _Fields({"outcome": written} if isinstance(written, str) else _mapping(written))
    file, colons, _ = name.partition("::")
    ran = Ran(
        name,
        _one_of(_OUTCOMES, given.take("outcome", str, "passed")),
        given.take("path", str, file if colons else ""),
        given.take("line", int, 0) or None,
        given.take("reason", str, ""),
        given.take("seconds", float, 0.0),
        given.texts("contracts"),
    )
    given.done("a test")
    return ran


def _coverage(given: _Fields) -> Coverage:
    written = {path: _Fields(_mapping(of)) for path, of in given.mapping("files").items()}
    ran = {path: of.mapping("ran") for path, of in written.items()}
    files = {path: _file(of) for path, of in written.items()}
    with_branches = any(each.branches for each in files.values())
    tool = given.take("tool", str, "coverage.py")
    return Coverage(tool, files, with_branches, _contexts(ran))


def _contexts(ran: Mapping[str, Mapping[str, object]]) -> Contexts | NoContexts:
    tests = list(dict.fromkeys(test for of in ran.values() for test in of))
    files = {
        path: {tests.index(test): bits_of(_lines(str(lines))) for test, lines in of.items()}
        for path, of in ran.items()
    }
    if not tests:
        return NoContexts()
    return Contexts(tuple(Context(test, Phase.CALL) for test in tests), files)


def _file(given: _Fields) -> FileCoverage:
    covered, missed, excluded = (
        _lines(given.take(name, str, "")) for name in ("covered", "missed", "excluded")
    )
    branches = {int(line): _branch(str(of)) for line, of in given.mapping("branches").items()}
    given.done("a file")
    return FileCoverage(covered, missed, excluded, branches)


def _lines(written: str) -> frozenset[int]:
    """The numbers of `1-4,7`."""
    ranges = (part.partition("-") for part in written.replace(" ", "").split(",") if part)
    return frozenset(
        line for first, _, last in ranges for line in range(int(first), int(last or first) + 1)
    )


def _branch(written: str) -> Branch:
    taken, _, total = written.partition("/")
    return Branch(int(taken), int(total))


def _lint(given: _Fields) -> Linted:
    return Linted(
        given.take("tool", str, "a linter"),
        tuple(_warned(each) for each in given.texts("warnings")),
        frozenset(given.texts("files")),
        frozenset(given.texts("unread")),
    )


def _warned(written: str) -> Warned:
    found = _WARNED.match(written)
    if found is None:
        raise ValueError(f"write a warning as `PATH:LINE:COLUMN: CODE message`, not {written!r}")
    line, column = (int(each) if each else None for each in found.group("line", "column"))
    return Warned(found["path"], line, column, found["code"], written[found.end() :])


def _built(given: _Fields) -> Built:
    return Built(
        given.take("command", str, "build"),
        given.take("status", int, 0),
        given.take("said", str, ""),
    )


def _bundled(given: _Fields) -> Bundled:
    modules = {name: str(text) for name, text in given.mapping("modules").items()}
    bindings = (
        Bound(name, *str(said).split(maxsplit=1))
        for name, said in given.mapping("bindings").items()
    )
    command = given.take("command", str, "wrangler deploy")
    main = given.take("main", str, next(iter(modules), ""))
    return Bundled("wrangler", (Upload(command, main, tuple(bindings), modules),))


def _data_migrations(given: _Fields) -> DataProofs:
    proofs = (_data_proof(name, each) for name, each in given.mapping("proofs").items())
    return DataProofs(tuple(proofs))


def _data_proof(name: str, written: object) -> DataProof:
    given = _Fields(_mapping(written))
    troubles = DataTrouble.__members__
    entry = ("gatekeeper.yaml", 1)
    proof = DataProof(
        name,
        given.texts("classes"),
        entry,
        tuple(
            DataFailing(_one_of(troubles, trouble), name, *entry, says=str(says))
            for trouble, says in given.mapping("failings").items()
        ),
        given.texts("fixtures"),
        open=given.texts("open"),
    )
    given.done("a data migration")
    return proof


def _missing(given: _Fields) -> Missing:
    return Missing(given.take("why", str, "it was not measured"))


_KINDS: Mapping[str, Callable[[_Fields], object]] = {
    "tests": _tests,
    "coverage": _coverage,
    "lint": _lint,
    "build": _built,
    "bundle": _bundled,
    "data-migrations": _data_migrations,
    "missing": _missing,
}
