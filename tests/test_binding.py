"""A binding and its prose become a contract, or every problem of both is told at once."""

from __future__ import annotations

import pickle
import time
from collections.abc import Mapping
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pathspec import GitIgnoreSpec

from gatekeeper import Contract, Glob, Snapshot
from gatekeeper.contract.binding import contract_path, load_contract
from gatekeeper.contract.globs import glob_fault
from gatekeeper.errors import ConfigurationError
from gatekeeper.terms import DataMigrationPlan, MigrationPlan, Place, ReadingPlan, Stage
from tests.bindings import HEAD, RULES, Mode, Options, Pair, Part, load, problems


def bound(rules: str, head: str = "") -> str:
    entry = f'clauses:\n  - says: "Make it small."\n    rules: {rules}\n'
    return f"{HEAD}modules:\n  artifact storage: [src/artifacts/**]\n{head}{entry}"


def options_of(contract: Contract) -> list[object]:
    return [term.options for each in contract.clauses for term in each.terms]


def test_every_key_is_read() -> None:
    contract = load(
        """\
contract: stage-9.md
contracts: [contracts/*.md]
stage: open
modules:
  artifact storage: [src/artifacts/**, "!src/artifacts/x"]
scope: [src/**]
migrations:
  up: migrations
  down: migrations/down
  rows: [rows.sql]
  keeps: ["SELECT 1"]
data-migrations:
  coordinator: {classes: [A], forward: there, reverse: back, fixtures: [f.json]}
readings:
  tests: {setup: s, run: r, format: pytest, cwd: c, env: {A: ""}, accept: given}
"""
    )

    assert contract.source == "commit 1a2b3c4"
    assert contract.binding_path == "gatekeeper.yaml"
    assert contract.contracts == ("contracts/*.md",)
    assert contract.stage is Stage.OPEN
    assert contract.modules == {"artifact storage": ("src/artifacts/**", "!src/artifacts/x")}
    assert contract.scope == ("src/**",)
    assert contract.migrations == MigrationPlan(
        "migrations", "migrations/down", (Glob("rows.sql"),), ("SELECT 1",)
    )
    assert contract.data_migrations == {
        "coordinator": DataMigrationPlan("there", "back", ("A",), (Glob("f.json"),))
    }
    assert contract.readings == {"tests": ReadingPlan("r", "s", "pytest", "c", {"A": ""}, "given")}


def test_what_is_left_out_has_its_default() -> None:
    contract = load(HEAD)

    assert contract.stage is Stage.COMPLETE
    assert ((), {}, (), {}, None, {}, ()) == (
        contract.contracts,
        contract.modules,
        contract.scope,
        contract.readings,
        contract.migrations,
        contract.data_migrations,
        contract.waivers,
    )


def test_every_clause_of_the_prose_is_in_the_contract_bound_or_not() -> None:
    contract = load(bound("[thing-missing]"))

    assert [
        ("objective-1", ["thing-missing"]),
        ("constraints-1", []),
        ("constraints-2", []),
        ("disallowed-1", []),
        ("validation-1", []),
        ("closing", []),
    ] == [(each.clause.id, [term.rule for term in each.terms]) for each in contract.clauses]


def test_keys_know_where_they_stand() -> None:
    contract = load(f"{HEAD}modules:\n  a: [x]\n  b: [y]\nreadings: {{tests: {{run: r}}}}\n")

    assert {
        "contract": Place("gatekeeper.yaml", 1, 1),
        "modules": Place("gatekeeper.yaml", 2, 1),
        "modules/a": Place("gatekeeper.yaml", 3, 3),
        "modules/b": Place("gatekeeper.yaml", 4, 3),
        "readings": Place("gatekeeper.yaml", 5, 1),
        "readings/tests": Place("gatekeeper.yaml", 5, 12),
    } == contract.places


@pytest.mark.parametrize(
    ("rules", "options"),
    [
        pytest.param("[thing-broken]", Options(), id="a name"),
        pytest.param("[thing-broken: {}]", Options(), id="a name with no options"),
        pytest.param("\n      - thing-broken: {how-far: -3}", Options(how_far=-3), id="a number"),
        pytest.param("[thing-broken: {semantic: true}]", Options(semantic=True), id="true"),
        pytest.param("[thing-broken: {semantic: 'false'}]", Options(), id="false in quotes"),
        pytest.param(
            "[thing-broken: {minimum: 92.50}]", Options(minimum=Decimal("92.50")), id="a fraction"
        ),
        pytest.param("[thing-broken: {mode: strict}]", Options(mode=Mode.STRICT), id="a choice"),
        pytest.param(
            "[thing-broken: {command: 0755}]", Options(command="0755"), id="text that looks octal"
        ),
        pytest.param(
            "[thing-broken: {command: no}]", Options(command="no"), id="text that looks false"
        ),
        pytest.param(
            "[thing-broken: {excused: [1e3, null]}]", Options(excused=("1e3", "null")), id="a list"
        ),
        pytest.param("[thing-broken: {excused: []}]", Options(), id="an empty list"),
        pytest.param(
            "[thing-broken: {paths: ['*.py', '!a']}]",
            Options(paths=(Glob("*.py"), Glob("!a"))),
            id="patterns",
        ),
        pytest.param(
            "[thing-broken: {replaced: {a::b: c}}]", Options(replaced={"a::b": "c"}), id="a mapping"
        ),
        pytest.param(
            "[thing-broken: {parts: {x: {tests: [t], files: [f]}}}]",
            Options(parts={"x": Part(("t",), (Glob("f"),))}),
            id="records within a mapping",
        ),
        pytest.param("[pair-crossed: {low: 1}]", Pair(1), id="a required option"),
    ],
)
def test_options_have_the_types_that_their_rule_declares(rules: str, options: object) -> None:
    assert [options] == options_of(load(bound(rules)))


def test_an_option_names_modules_of_the_binding() -> None:
    contract = load(bound("[thing-broken: {modules: [artifact storage]}]"))

    assert contract.clauses[0].terms[0].given == {"modules": ("artifact storage",)}


def test_options_given_once_are_overridden_key_by_key() -> None:
    defaults = "rules: {thing-broken: {how-far: 2, excused: [a], mode: strict}}\n"

    contract = load(bound("[thing-broken: {how-far: 5, semantic: true}]", defaults))

    expected = Options(how_far=5, semantic=True, excused=("a",), mode=Mode.STRICT)
    given = {"how-far": "5", "excused": ("a",), "mode": "strict", "semantic": "true"}
    assert [expected] == options_of(contract)
    assert given == contract.clauses[0].terms[0].given


def test_a_required_option_may_be_given_once_for_all() -> None:
    contract = load(bound("[pair-crossed]", "rules: {pair-crossed: {low: 4}}\n"))

    assert [Pair(4)] == options_of(contract)


def test_one_rule_may_prove_a_clause_twice_with_different_options() -> None:
    contract = load(bound("[pair-crossed: {low: 1}, pair-crossed: {low: 2}]"))

    assert [Pair(1), Pair(2)] == options_of(contract)


def test_a_term_stands_where_its_rule_is_written() -> None:
    contract = load(bound("[thing-missing, pair-crossed: {low: 1}]"))

    assert [Place("gatekeeper.yaml", 6, 13), Place("gatekeeper.yaml", 6, 28)] == [
        term.place for term in contract.clauses[0].terms
    ]


def test_what_was_loaded_cannot_be_changed() -> None:
    contract = load(bound("[thing-broken: {replaced: {a: b}}]"))

    for mapping in (contract.modules, contract.readings, contract.places, contract.data_migrations):
        assert not hasattr(mapping, "__setitem__")
    options = contract.clauses[0].terms[0].options
    assert isinstance(options, Options)
    assert not hasattr(options.replaced, "__setitem__")
    assert not hasattr(contract.clauses[0].terms[0].given, "__setitem__")


def test_a_contract_survives_being_pickled() -> None:
    contract = load(bound("[thing-broken: {replaced: {a: b}, parts: {x: {tests: [t]}}}]"))

    assert contract == pickle.loads(pickle.dumps(contract))


@pytest.mark.parametrize(
    "says",
    [
        pytest.param('"It reads “well” — ≥90 % of the time."', id="word for word"),
        pytest.param(
            "'It reads \"well\" - ≥90 %\n      of the time.'", id="plain quotes, folded line"
        ),
        pytest.param('"It reads “well” — â‰¥90 % of the time."', id="mis-decoded"),
    ],
)
def test_a_clause_is_found_by_its_words(says: str) -> None:
    contract = load(f"{HEAD}clauses:\n  - says: {says}\n    rules: [thing-missing]\n")

    assert ["validation-1"] == [each.clause.id for each in contract.clauses if each.terms]


def test_an_id_settles_two_clauses_that_say_the_same() -> None:
    contract = load(
        f"{HEAD}clauses:\n"
        "  - {says: Keep it fast., clause: disallowed-1, rules: [thing-missing]}\n"
        "  - {says: Keep it fast., clause: constraints-2, judged-by: a person}\n"
    )

    assert ["disallowed-1"] == [each.clause.id for each in contract.clauses if each.terms]
    assert ["constraints-2"] == [
        each.clause.id for each in contract.clauses if each.judged_by_person
    ]


REFUSED = {
    "no contract": ("stage: open\n", '1:1: The key "contract" is missing here. Add it.'),
    "a list as the file": (
        "- a\n",
        "1:1: Expected keys and values. Begin with contract: and its path.",
    ),
    "text as the file": (
        "a\n",
        "1:1: Expected keys and values. Begin with contract: and its path.",
    ),
    "a contract that is not there": (
        "contract: other.md\n",
        (
            "1:11: There is no other.md in commit 1a2b3c4. "
            "Write it, or run: gatekeeper init CONTRACT.md."
        ),
    ),
    "nothing as the contract": (
        "contract:\n",
        "1:10: Expected a path, but nothing is written here. Write it, or leave the key out.",
    ),
    "a contract outside": (
        "contract: ../stage-9.md\n",
        (
            '1:11: "../stage-9.md" has a part "..", which no path in a repository has. '
            "Write it relative to the root of the repository."
        ),
    ),
    "an absolute contract": (
        "contract: /etc/passwd\n",
        '1:11: "/etc/passwd" is absolute. Write it relative to the root of the repository.',
    ),
    "a contract with backslashes": (
        "contract: a\\b.md\n",
        '1:11: "a\\b.md" has a backslash in it. Separate folders with /.',
    ),
    "an unknown key": (
        f"{HEAD}modles: {{}}\n",
        '2:1: There is no key "modles" here. Did you mean "modules"?',
    ),
    "a key with an underscore": (
        f"{HEAD}data_migrations: {{}}\n",
        '2:1: There is no key "data_migrations" here. Did you mean "data-migrations"?',
    ),
    "an unknown stage": (f"{HEAD}stage: opne\n", '2:8: Expected open or complete, not "opne".'),
    "a list as the stage": (
        f"{HEAD}stage: [open]\n",
        "2:8: Expected open or complete, not a list.",
    ),
    "text as a list": (
        f"{HEAD}scope: src/**\n",
        "2:8: Expected a list of path patterns, not text. Put it in brackets: [ ].",
    ),
    "text as a mapping": (f"{HEAD}modules: src\n", "2:10: Expected a mapping, not text."),
    "a list as a mapping": (f"{HEAD}readings: [a]\n", "2:11: Expected a mapping, not a list."),
    "nothing as a list": (
        f"{HEAD}waivers:\n",
        (
            "2:9: Expected a list of mappings, but nothing is written here. "
            "Write it, or leave the key out."
        ),
    ),
    "an empty entry of a list": (
        f"{HEAD}scope:\n  - a\n  -\n",
        "4:4: An entry of this list is empty. Take it out.",
    ),
    "an empty scope": (
        f"{HEAD}scope: []\n",
        "2:8: The scope holds no pattern. Leave the key out, or name what the stage may change.",
    ),
    "a module without paths": (
        f"{HEAD}modules:\n  a: []\n",
        '3:6: The module "a" has no pattern. Name its paths.',
    ),
    "a module that only takes out": (
        f'{HEAD}modules:\n  a: ["!x"]\n',
        "3:6: Patterns that begin with ! only take paths out. Name what to take them from.",
    ),
    "a reading that runs nothing": (
        f"{HEAD}readings:\n  tests: {{setup: x}}\n",
        '3:10: The key "run" is missing here. Add it.',
    ),
    "minutes beyond the bound": (
        f"{HEAD}readings:\n  tests: {{run: x, minutes: 241}}\n",
        '3:28: "241" is not a whole number of minutes, 1 to 240.',
    ),
    "no minutes at all": (
        f"{HEAD}readings:\n  tests: {{run: x, minutes: 0}}\n",
        '3:28: "0" is not a whole number of minutes, 1 to 240.',
    ),
    "a reading accepted in an unknown way": (
        f"{HEAD}readings:\n  tests: {{run: x, accept: all}}\n",
        '3:27: Expected given, not "all". Or leave the key out.',
    ),
    "an unknown rule": (
        bound("[thing-brokn]"),
        '6:13: There is no rule "thing-brokn". Did you mean "thing-broken"?',
    ),
    "an unknown rule with options": (
        bound("[brokn: {a: b}]"),
        (
            '6:13: There is no rule "brokn". '
            "There is: thing-broken, thing-missing, pair-crossed, never-bound."
        ),
    ),
    "a rule as text": (
        bound("thing-missing"),
        "6:12: Expected a list of rules, not text. Put it in brackets: [ ].",
    ),
    "two rules in one entry": (
        bound("\n      - thing-missing: {}\n        thing-broken: {}"),
        (
            "7:9: Expected one rule here. Write a rule's name, or its name with options, "
            "as in - output-missing: {new: [src/a.py]}."
        ),
    ),
    "a list as a rule": (
        bound("[[thing-missing]]"),
        (
            "6:13: Expected one rule here. Write a rule's name, or its name with options, "
            "as in - output-missing: {new: [src/a.py]}."
        ),
    ),
    "a rule with nothing as its options": (
        bound("\n      - thing-missing:"),
        (
            "7:23: Expected the rule's options, as a mapping. "
            "Write just thing-missing, or thing-missing: {option: value}."
        ),
    ),
    "a rule bound twice": (
        bound("[thing-missing, thing-missing: {}]"),
        "6:28: thing-missing is bound twice to this clause with the same options. Take one out.",
    ),
    "a rule whose options cannot be written": (
        bound("[never-bound]"),
        "6:13: The rule never-bound cannot be bound: <class 'complex'> cannot be written in YAML.",
    ),
    "an unknown option": (
        bound("[thing-broken: {semantics: true}]"),
        '6:28: There is no key "semantics" here. Did you mean "semantic"?',
    ),
    "an option of a rule without options": (
        bound("[thing-missing: {a: 1}]"),
        '6:29: There is no key "a" here. It has no options.',
    ),
    "a missing option": (
        bound("[pair-crossed]"),
        '6:13: The key "low" is missing here. Add it.',
    ),
    "options that do not fit together": (
        bound("[pair-crossed: {low: 11}]"),
        "6:13: The options of pair-crossed do not fit: low is above high.",
    ),
    "yes for true": (
        bound("[thing-broken: {semantic: yes}]"),
        '6:38: "yes" is not true or false.',
    ),
    "a word as a number": (
        bound("[thing-broken: {how-far: 9O}]"),
        '6:37: "9O" is not a whole number.',
    ),
    "a fraction as a whole number": (
        bound("[thing-broken: {how-far: 1.5}]"),
        '6:37: "1.5" is not a whole number.',
    ),
    "more digits than a number has": (
        bound(f"[thing-broken: {{how-far: {'9' * 19}}}]"),
        f'6:37: "{"9" * 19}" is not a whole number.',
    ),
    "a percent sign": (
        bound("[thing-broken: {minimum: 90%}]"),
        '6:37: "90%" is not a number like 90 or 92.5.',
    ),
    "digits of another script": (
        bound("[thing-broken: {how-far: ٣}]"),
        '6:37: "٣" is not a whole number.',
    ),
    "an unknown choice": (
        bound("[thing-broken: {mode: slack}]"),
        '6:34: Expected strict or lax, not "slack".',
    ),
    "a single module": (
        bound("[thing-broken: {modules: artifact storage}]"),
        "6:37: Expected a list of module names, not text. Put it in brackets: [ ].",
    ),
    "an unknown module": (
        bound("[thing-broken: {modules: [artefact storage]}]"),
        '6:38: There is no module "artefact storage". Did you mean "artifact storage"?',
    ),
    "a key missing deep inside": (
        bound("[thing-broken: {parts: {x: {files: [a]}}}]"),
        '6:39: The key "tests" is missing here. Add it.',
    ),
    "an unknown rule among the defaults": (
        f"{HEAD}rules: {{thing-brokn: {{}}}}\n",
        '2:9: There is no rule "thing-brokn". Did you mean "thing-broken"?',
    ),
    "a wrong default that nobody uses": (
        f"{HEAD}rules: {{thing-broken: {{how-far: x}}}}\n",
        '2:33: "x" is not a whole number.',
    ),
    "a wrong default that a clause uses, told once": (
        bound("[thing-broken]", "rules: {thing-broken: {how-far: x}}\n"),
        '4:33: "x" is not a whole number.',
    ),
    "defaults of a rule whose options cannot be written": (
        f"{HEAD}rules: {{never-bound: {{}}}}\n",
        "2:9: The rule never-bound cannot be bound: <class 'complex'> cannot be written in YAML.",
    ),
    "text as defaults": (
        f"{HEAD}rules: {{thing-broken: strict}}\n",
        (
            "2:23: Expected the rule's options, as a mapping. "
            "Write just thing-broken, or thing-broken: {option: value}."
        ),
    ),
    "a list of defaults": (
        f"{HEAD}rules: [thing-broken]\n",
        "2:8: Expected a mapping from rules to their options.",
    ),
    "an entry that says nothing": (
        f"{HEAD}clauses:\n  - rules: [thing-missing]\n",
        '3:5: The key "says" is missing here. Add it.',
    ),
    "an entry that binds to nothing": (
        f"{HEAD}clauses:\n  - says: Make it small.\n",
        "3:5: This entry binds its clause to nothing. Add rules:, or judged-by: a person.",
    ),
    "judged by somebody else": (
        f"{HEAD}clauses:\n  - {{says: Make it small., judged-by: the agent}}\n",
        '3:39: Expected a person, not "the agent".',
    ),
    "a clause that is not in the prose": (
        f"{HEAD}clauses:\n  - {{says: Make it smaller., rules: []}}\n",
        (
            '3:12: No clause of stage-9.md says "Make it smaller.". '
            'The nearest is objective-1: "Make it small.".'
        ),
    ),
    "a clause like nothing in the prose": (
        f"{HEAD}clauses:\n  - {{says: XYZ, rules: []}}\n",
        '3:12: No clause of stage-9.md says "XYZ". Its words must be those of the prose.',
    ),
    "a clause that is said twice": (
        f"{HEAD}clauses:\n  - {{says: Keep it fast., rules: []}}\n",
        "3:12: 2 clauses of stage-9.md say this. Add clause: constraints-2 or disallowed-1.",
    ),
    "an id that is not there": (
        f"{HEAD}clauses:\n  - {{says: Keep it fast., clause: constraint-2, rules: []}}\n",
        '3:35: There is no clause "constraint-2" in stage-9.md. Did you mean "constraints-2"?',
    ),
    "an id of a clause that says something else": (
        f"{HEAD}clauses:\n  - {{says: Keep it fast., clause: objective-1, rules: []}}\n",
        (
            '3:12: The clause objective-1 of stage-9.md says "Make it small.". '
            "Quote these words, or name the clause that you mean."
        ),
    ),
    "two entries for one clause": (
        (
            f"{HEAD}clauses:\n  - {{says: Make it small., rules: []}}\n"
            "  - {says: ' Make  it small.', rules: []}\n"
        ),
        (
            "4:5: The clause objective-1 is bound twice, first on line 3. "
            "Put all its rules into one entry."
        ),
    ),
    "a key of the wrong entry": (
        f"{HEAD}clauses:\n  - {{says: Make it small., rule: [thing-missing]}}\n",
        '3:28: There is no key "rule" here. Did you mean "rules"?',
    ),
}


@pytest.mark.parametrize(("binding", "problem"), REFUSED.values(), ids=REFUSED.keys())
def test_what_is_refused_is_told_with_its_place(binding: str, problem: str) -> None:
    assert [f"gatekeeper.yaml:{problem}"] == problems(binding)


IMPOSSIBLE = {
    "nothing": ("''", "An entry of this list is empty."),
    "a slash": ("/", 'The pattern "/" matches nothing.'),
    "an exclamation mark": ("'!'", 'The pattern "!" matches nothing.'),
    "a comment": ("'#a'", 'The pattern "#a" is a comment to git.'),
    "a drive": ("C:/src/**", '"C:/src/**" begins with a drive.'),
    "a parent": ("../src/**", '"../src/**" has a part ".."'),
    "a parent further on": ("src/../a", '"src/../a" has a part ".."'),
    "the folder itself": ("./src/**", '"./src/**" has a part "."'),
    "two slashes": ("src//a", '"src//a" has an empty part'),
    "backslash separators": ("src\\a", 'The pattern "src\\a" has a backslash in it.'),
    "a backslash before stars": ("src\\**", 'The pattern "src\\**" has a backslash in it.'),
    "a backslash at the end": ("src\\", 'The pattern "src\\" ends with a backslash.'),
    "a named class": ("'[[:alpha:]]'", 'The pattern "[[:alpha:]]" has a character class'),
    "more wildcards than can be matched": (
        "src/**/a*b*/**/c*/*d",
        'The pattern "src/**/a*b*/**/c*/*d" has too many wildcards.',
    ),
    "a line break": ('"src\\na"', "'src\\na' holds a line break or control character."),
    "a taken-out parent": ("'!../a'", '"../a" has a part ".."'),
}


@pytest.mark.parametrize(("pattern", "message"), IMPOSSIBLE.values(), ids=IMPOSSIBLE.keys())
def test_a_pattern_that_can_match_nothing_is_refused(pattern: str, message: str) -> None:
    told = problems(f"{HEAD}scope:\n  - src/**\n  - {pattern}\n")

    assert 1 == len(told)
    assert told[0].startswith(f"gatekeeper.yaml:4:5: {message}")


@pytest.mark.parametrize(
    "pattern",
    [
        "src/**",
        "*.py",
        "/a",
        "a/",
        "!a/b",
        "\\!a",
        "\\#a",
        "a\\ b",
        "a\\*b",
        "[ab]*",
        "**/__tests__/**/*.test.*",
        "\\[[ab]",
        "[!a-c]",
        "**/a",
        "a b",
        "ä/é",
    ],
)
def test_a_pattern_that_can_match_is_taken(pattern: str) -> None:
    assert glob_fault(pattern) is None


@given(st.text(alphabet="ab/*!#.\\[]?: \n-&|~^", max_size=12))
def test_pathspec_takes_every_pattern_that_is_taken(pattern: str) -> None:
    assert glob_fault(pattern) is not None or GitIgnoreSpec.from_lines([pattern]) is not None


PROSES = {
    "an empty file": ("", "gatekeeper.yaml:1:11: stage-9.md is empty, so nothing could be judged."),
    "white space": (
        " \n\n",
        "gatekeeper.yaml:1:11: stage-9.md is empty, so nothing could be judged.",
    ),
    "no clause": (
        "# Stage 9\n\nWe mean well.\n",
        "gatekeeper.yaml:1:11: stage-9.md holds no clause, so nothing could be judged.",
    ),
    "no text": (b"\xff\xfea\0", "stage-9.md:1:1: the file is UTF-16."),
}


@pytest.mark.parametrize(("prose", "message"), PROSES.values(), ids=PROSES.keys())
def test_a_contract_that_demands_nothing_is_never_fine(prose: str | bytes, message: str) -> None:
    told = problems(f"{HEAD}clauses:\n  - {{says: a, rules: []}}\n", prose)

    assert 1 == len(told)
    assert told[0].startswith(message)


def test_a_prose_that_is_another_repository_cannot_be_read() -> None:
    snapshot = Snapshot.of(
        "here", {"gatekeeper.yaml": HEAD, "stage-9.md": ""}, {"stage-9.md": "160000"}
    )

    with pytest.raises(ConfigurationError) as refused:
        load_contract(snapshot, "gatekeeper.yaml", RULES, "here")

    assert str(refused.value).startswith("gatekeeper.yaml:1:11: stage-9.md cannot be read: it is a")


def test_a_missing_binding_is_told() -> None:
    with pytest.raises(ConfigurationError) as refused:
        load_contract({}, "gatekeeper.yaml", RULES, "commit 1a2b3c4")

    assert (
        "gatekeeper.yaml:1:1: There is no gatekeeper.yaml in commit 1a2b3c4. "
        "Write it, or run: gatekeeper init CONTRACT.md."
    ) == str(refused.value)


def test_all_problems_of_both_files_are_told_together() -> None:
    told = problems(
        "contract: stage-9.md\n"
        "stage: opne\n"
        "stage: open\n"
        "scope: [../a, &x b]\n"
        "clauses:\n"
        "  - {says: Nobody says this., rules: [thing-brokn]}\n"
        "  - {says: Make it small., rules: [thing-broken: {how-far: x, mode: y}]}\n"
    )

    assert ["2:8", "3:1", "4:9", "4:15", "6:12", "6:39", "7:60", "7:69"] == [
        ":".join(each.split(":")[1:3]) for each in told
    ]


def test_a_hundred_problems_are_told_and_the_rest_counted() -> None:
    entries = "".join(f"  - {{says: Nothing {n}., rules: [nothing-{n}]}}\n" for n in range(2000))

    told = problems(f"{HEAD}clauses:\n{entries}")

    assert 101 == len(told)
    assert "gatekeeper.yaml:1:1: There are 3900 more problems." in told


def test_hostile_words_cost_little() -> None:
    prose = "## A\n" + "".join(f"- clause {n} {'ab' * 40}\n" for n in range(2000))
    entries = "".join(f"  - {{says: clause {n}x {'ba' * 40}, rules: []}}\n" for n in range(1000))
    begun = time.process_time()

    told = problems(f"{HEAD}clauses:\n{entries}", prose)

    assert len(told) > 90
    assert time.process_time() - begun < 10


def test_the_path_of_the_prose_is_told_without_the_prose() -> None:
    files = {"gatekeeper.yaml": b"contract: a/b.md\nstage: nonsense\nclauses: 1\n"}

    assert "a/b.md" == contract_path(files, "gatekeeper.yaml")


@pytest.mark.parametrize("content", [b"", b"stage: open\n", b"contract: [a]\n", b"a: [", b"- a\n"])
def test_a_binding_that_names_no_prose_is_refused(content: bytes) -> None:
    with pytest.raises(ConfigurationError):
        contract_path({"gatekeeper.yaml": content}, "gatekeeper.yaml")


def test_sixty_clauses_are_loaded_in_a_blink() -> None:
    clauses = [f"The clause number {n} demands that nothing is broken." for n in range(60)]
    prose = "## Constraints\n" + "".join(f"- {each}\n" for each in clauses)
    entries = "".join(
        f'  - says: "{each}"\n    rules:\n      - thing-missing\n'
        f"      - thing-broken: {{paths: [a/**, b/**], minimum: 9{n % 10}}}\n"
        for n, each in enumerate(clauses)
    )
    load(HEAD)
    times = []
    for attempt in range(5):
        begun = time.process_time()
        load(f"{HEAD}clauses:\n{entries}# {attempt}\n", prose)
        times.append(time.process_time() - begun)

    assert min(times) < 0.08


KEYS = st.sampled_from(
    [
        "contract",
        "contracts",
        "stage",
        "modules",
        "scope",
        "migrations",
        "readings",
        "rules",
        "clauses",
        "waivers",
        "says",
        "clause",
        "judged-by",
        "thing-broken",
        "thing-missing",
        "paths",
        "modules",
        "reason",
        "until",
        "finding",
        "run",
    ]
)
WORDS = st.sampled_from(
    [
        "stage-9.md",
        "open",
        "Make it small.",
        "a person",
        "thing-broken",
        "2027-01-31",
        "src/**",
        "",
        "0",
    ]
)
VALUES = st.recursive(
    WORDS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4)
)


def written(value: object) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {written(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(written, value)) + "]"
    return f"'{value}'"


@given(st.dictionaries(KEYS, VALUES, max_size=6))
def test_any_mapping_becomes_a_contract_or_a_configuration_error(
    value: Mapping[str, object],
) -> None:
    told = problems(written(value))

    assert told or load(written(value)).prose.title == "Stage 9"


@given(st.text(max_size=80), st.text(max_size=80))
def test_any_text_becomes_a_contract_or_a_configuration_error(binding: str, prose: str) -> None:
    files = (HEAD + binding).encode("utf-8", "replace"), prose.encode("utf-8", "replace")

    told = problems(*files)

    assert told or load(*files).clauses
