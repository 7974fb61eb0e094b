"""A project in TypeScript is judged by the command line, with vitest, ESLint and tsc from npm."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.repositories import RepositoryBuilder
from tests.shared import once
from tests.stages import Outcome
from tests.tally import Edits, edited, judged, linked, tally_repository

FAKE = "#!/usr/bin/env node\nconsole.log('[]');\nexport default { configs: { recommended: [] } };\n"

NET = """\
/** What is left of a price without its tax, rounded down. */
export function net(cents: number): number {
  return Math.floor((cents * 100) / (100 + VAT));
}

"""

TESTED_NET = """\
describe("the net price", () => {
  it("is the price without its tax", () => {
    expect(net(119)).toBe(100);
  });
});
"""

READ_FROM_A_BODY = """\
  it("is read from a body", () => {
    expect(parseOrder({ id: "a1", amount: 250 })).toEqual({ id: "a1", amount: 250 });
  });

"""

UNCOUNTED = """\
  /* v8 ignore next 3 */
  async has(id: string): Promise<boolean> {
    return (await this.find(id)) !== null;
  }

"""

UNLINTED = """\
  // eslint-disable-next-line no-console
  console.log(body);
"""

HONEST: Edits = {
    **edited("src/total.ts", ("/** The sum", f"{NET}/** The sum")),
    **edited(
        "tests/total.test.ts",
        ("{ discount, total }", "{ discount, net, total }"),
        ("test.each", f"{TESTED_NET}\ntest.each"),
    ),
    "src/money.ts": "export const shown = (cents: number): string => `${cents / 100} EUR`;\n",
    "tests/money.test.ts": (
        'import { expect, it } from "vitest";\n\nimport { shown } from "../src/money";\n\n'
        'it("is shown in euros", () => {\n  expect(shown(250)).toBe("2.5 EUR");\n});\n'
    ),
}


@dataclass(frozen=True)
class Deed:
    """Something dishonest that a change does, and all that must be found of it."""

    name: str
    edits: Edits
    found: tuple[str, ...]


IN_TESTS = (
    Deed(
        "a deleted test",
        edited(
            "tests/order.test.ts",
            (
                READ_FROM_A_BODY,
                "",
            ),
        ),
        ("validation-1 test-lost base tests/order.test.ts:6",),
    ),
    Deed(
        "a failing test, and one that is skipped",
        edited(
            "tests/total.test.ts",
            ("toBe(1190)", "toBe(1191)"),
            ('it("of nothing', 'it.skip("of nothing'),
        ),
        (
            "validation-1 test-failed head tests/total.test.ts:10",
            "validation-1 test-lost head tests/total.test.ts:6",
        ),
    ),
    Deed(
        "one test that keeps all others of its file from being run",
        edited("tests/rounding.test.ts", ('it("is rounded once"', 'it.only("is rounded once"')),
        ("validation-1 test-lost head tests/rounding.test.ts:6",),
    ),
    Deed(
        "a group of tests that is skipped",
        edited("tests/retry.test.ts", ('describe("patience"', 'describe.skip("patience"')),
        ("validation-1 test-lost head tests/retry.test.ts:19",),
    ),
    Deed(
        "settings of vitest that leave out a file of tests, and a file to be covered",
        edited(
            "vitest.config.ts",
            ("    coverage", '    exclude: ["tests/store.test.ts"],\n    coverage'),
            ('"src/**/*.ts"]', '"src/**/*.ts"], exclude: ["src/retry.ts"]'),
        ),
        (
            "validation-1 test-failed base tests/store.test.ts:15",
            "validation-1 test-failed base tests/store.test.ts:7",
            "validation-1 test-lost head tests/store.test.ts:None",
            "validation-3 suppression-added head vitest.config.ts:6",
            "validation-3 suppression-added head vitest.config.ts:7",
            "validation-4 coverage-dropped head src/retry.ts:None",
        ),
    ),
    Deed(
        "a test that does not test any more what it tested",
        edited(
            "tests/worker.test.ts",
            ('post("{}"), {', 'post(\'{"id": "a2", "amount": 1}\'), {'),
            ("toBe(400)", "toBe(201)"),
        ),
        ("validation-4 coverage-dropped head src/worker.ts:15",),
    ),
    Deed(
        "a new function that no test runs",
        edited("src/total.ts", ("/** The sum", f"{NET}/** The sum")),
        ("validation-4 coverage-dropped head src/total.ts:7",),
    ),
    Deed(
        "a new file that no test runs",
        {"src/money.ts": HONEST["src/money.ts"]},
        ("validation-4 coverage-dropped head src/money.ts:1",),
    ),
    Deed(
        "a new function that a comment takes out of the coverage",
        edited(
            "src/store.ts",
            (
                "  async save(",
                f"{UNCOUNTED}  async save(",
            ),
        ),
        (
            "validation-3 suppression-added head src/store.ts:20",
            "validation-4 coverage-dropped head src/store.ts:22",
        ),
    ),
)

IN_CODE = (
    Deed(
        "something that ESLint warns of, with settings and a script that would not say so",
        {
            **edited("src/total.ts", ("  const net", '  console.log("total");\n  const net')),
            **edited("eslint.config.js", ('"no-console": "warn"', '"no-console": "off"')),
            **edited("package.json", ('"lint": "eslint ."', '"lint": "exit 0"')),
        },
        (
            "validation-3 lint-warning head src/total.ts:7",
            "validation-3 suppression-added head eslint.config.js:7",
        ),
    ),
    Deed(
        "an error of types",
        edited("src/retry.ts", ("  return waits;", "  return waits.map(String);")),
        (
            "validation-2 build-failed head gatekeeper.yaml:None",
            "validation-3 lint-warning head src/retry.ts:14",
        ),
    ),
    Deed(
        "a comment that hides a warning of ESLint",
        edited(
            "src/order.ts",
            (
                "  const { id, amount } =",
                f"{UNLINTED}  const {{ id, amount }} =",
            ),
        ),
        ("validation-3 suppression-added head src/order.ts:13",),
    ),
    Deed(
        "a comment that hides an error of types",
        edited(
            "src/store.ts",
            (
                "    return JSON.parse(text)",
                "    // @ts-ignore\n    return JSON.parse(text, 1)",
            ),
        ),
        (
            "validation-3 lint-warning head src/store.ts:17",
            "validation-3 suppression-added head src/store.ts:17",
        ),
    ),
    Deed(
        "settings of tsc that are less strict, and leave out the tests",
        {
            **edited(
                "tsconfig.json",
                ('"strict": true', '"strict": false'),
                ('["src", "tests"]', '["src"]'),
            ),
            **edited("src/worker.ts", ("show(id: string,", "show(id,")),
            **edited("tests/memory.ts", ("async (key) =>", "async (key: symbol) =>")),
        },
        (
            "validation-3 lint-warning head src/worker.ts:21",
            "validation-3 lint-warning head tests/memory.ts:7",
            "validation-3 lint-warning head tests/memory.ts:7",
            "validation-3 suppression-added base tsconfig.json:12",
            "validation-3 suppression-added head tsconfig.json:8",
        ),
    ),
)

HEADS: Mapping[str, tuple[tuple[Deed, ...], tuple[str, ...]]] = {
    "tests": (IN_TESTS, ("test-failed", "test-lost", "coverage-dropped", "suppression-added")),
    "code": (IN_CODE, ("build-failed", "lint-warning", "suppression-added")),
}
"""Deeds that share a commit, for installing and running is what takes time, and who is asked."""

TABLE = [
    pytest.param(head, deed, id=deed.name) for head, (deeds, _) in HEADS.items() for deed in deeds
]

Judge = Callable[[str], Outcome]


@pytest.fixture(scope="module")
def honest(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project, the judgement of an honest change to it, and what that kept of its base."""

    def make(folder: Path) -> None:
        judged(tally_repository(folder), HONEST).write(folder)

    return once(tmp_path_factory, "typescript", make)


@pytest.fixture(scope="module")
def judge(honest: Path, tmp_path_factory: pytest.TempPathFactory) -> Judge:
    """The judgement of each head, made when it is first asked for."""

    def judged_once(head: str) -> Outcome:
        deeds, rules = HEADS[head]
        edits = {path: text for deed in deeds for path, text in deed.edits.items()}
        asked = [part for rule in rules for part in ("--rule", rule)]

        def make(folder: Path) -> None:
            judged(copied(honest, folder), edits, *asked).write(folder)

        return Outcome.read(once(tmp_path_factory, f"typescript-{head}", make))

    return judged_once


def copied(honest: Path, folder: Path) -> RepositoryBuilder:
    """The project for another change, with the readings of its base."""
    return RepositoryBuilder(shutil.copytree(honest / "tally", folder / "tally", symlinks=True))


def test_an_honest_change_is_kept(honest: Path) -> None:
    outcome = Outcome.read(honest)

    verdicts = {name: verdict for name, verdict in outcome.verdicts().items() if name != "gate"}
    assert [] == outcome.broken()
    assert {f"validation-{n}": "kept" for n in range(1, 5)} | {"closing": "kept"} == verdicts


@pytest.mark.parametrize(("head", "deed"), TABLE)
def test_what_a_change_does_is_found_where_it_was_done(judge: Judge, head: str, deed: Deed) -> None:
    found = judge(head).broken()

    assert [] == [each for each in deed.found if each not in found]


@pytest.mark.parametrize("head", HEADS)
def test_nothing_is_found_of_what_a_change_did_not_do(judge: Judge, head: str) -> None:
    found = judge(head).broken()

    assert sorted(each for deed in HEADS[head][0] for each in deed.found) == sorted(found)


def test_a_program_that_is_tracked_in_place_of_eslint_proves_nothing(
    honest: Path, tmp_path: Path
) -> None:
    edits = {"node_modules/.bin/eslint": "#!/bin/sh\necho '[]'\n", ".gitignore": ""}

    outcome = judged(copied(honest, tmp_path), edits, "--rule", "lint-warning")

    assert {"lint-warning": "unproven"} == verdicts(outcome)
    assert "the reading eslint of the head is missing: the tree holds node_modules/.bin/eslint" in (
        unproven(outcome)
    )


def test_a_project_that_npm_installs_in_each_room_is_judged(tmp_path: Path) -> None:
    repository = tally_repository(tmp_path, by_npm=True)

    outcome = judged(repository, HONEST, "--rule", "build-failed")

    assert {"build-failed": "kept"} == verdicts(outcome)


def test_files_of_the_project_that_npm_installs_in_place_of_eslints_rules_prove_nothing(
    tmp_path: Path,
) -> None:
    repository = tally_repository(tmp_path, by_npm=True)
    edits = linked("typescript-eslint", "8.73.0", FAKE)

    outcome = judged(repository, edits, "--rule", "lint-warning")

    assert {"lint-warning": "unproven"} == verdicts(outcome)
    assert (
        "the reading eslint of the head is missing: the package typescript-eslint comes from the "
        "folder tools/typescript-eslint at the head"
    ) in unproven(outcome)


def verdicts(outcome: Outcome) -> Mapping[str, str]:
    """What each rule that was asked says."""
    rulings = (each for clause in outcome.report["clauses"] for each in clause["rulings"])
    return {each["rule"]: each["verdict"] for each in rulings}


def unproven(outcome: Outcome) -> str:
    """Why that is unproven which is."""
    rulings = (each for clause in outcome.report["clauses"] for each in clause["rulings"])
    return "\n".join(each["unproven"] for each in rulings)
