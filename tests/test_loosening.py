"""Asking less is found, clause by clause and key by key; asking more never is."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatekeeper import Contract, LooseningKind, Side
from gatekeeper.contract.loosening import loosenings
from gatekeeper.contract.strictness import covers
from gatekeeper.patterns import Patterns
from gatekeeper.terms import Loosening, Place
from tests.bindings import PROSE, load

BINDING = """\
contract: stage-9.md
contracts: [contracts/*.md, "!contracts/draft.md"]
stage: complete
modules:
  artifact storage: [src/artifacts/**, "!src/artifacts/x", src/artifacts/x/y]
  github: [src/github/**]
scope: [src/**, "!src/artifacts/**"]
migrations: {up: migrations}
data-migrations:
  coordinator: {forward: there}
readings:
  tests: {run: pytest}
clauses:
  - says: No changes to artifact storage.
    rules:
      - thing-missing
      - thing-broken:
          modules: [artifact storage, github]
          excused: [a, b]
          semantic: true
          deep: true
          minimum: 90
          mode: strict
          replaced: {old: new}
          parts: {api: {tests: [t]}}
  - says: Keep it fast.
    clause: disallowed-1
    judged-by: a person
  - says: Make it small.
    rules: [pair-crossed: {low: 1}, pair-crossed: {low: 2}]
waivers:
  - {finding: 9c1f0a2e77b1d003, reason: Agreed., until: 2026-12-01}
"""
STORAGE = "No changes to artifact storage."
AGREED = load(BINDING)


def changed(*edits: tuple[str, str], prose: str = PROSE) -> Contract:
    text = BINDING
    for old, new in edits:
        assert old in text
        text = text.replace(old, new, 1)
    return load(text, prose)


def told(proposed: Contract) -> list[tuple[LooseningKind, str, int, str | None, str | None]]:
    return [
        (each.kind, each.side.value, each.place.line, each.before, each.after)
        for each in loosenings(AGREED, proposed)
    ]


K = LooseningKind
Case = tuple[tuple[str, str], tuple[LooseningKind, str, int, str | None, str | None]]
LOOSER: dict[str, Case] = {
    "a rule no longer bound": (
        ("      - thing-missing\n", ""),
        (K.TERM, "base", 16, "thing-missing", None),
    ),
    "one of two bindings of a rule changed": (
        ("pair-crossed: {low: 2}", "pair-crossed: {low: 3}"),
        (K.OPTION, "head", 30, "2", "1"),
    ),
    "a module less": (
        ("[artifact storage, github]", "[artifact storage]"),
        (K.OPTION, "head", 17, "[artifact storage, github]", "[artifact storage]"),
    ),
    "one more excuse": (
        ("excused: [a, b]", "excused: [a, b, c]"),
        (K.OPTION, "head", 17, "[a, b]", "[a, b, c]"),
    ),
    "an option that was false": (
        ("deep: true", "deep: false"),
        (K.OPTION, "head", 17, "true", "false"),
    ),
    "an option left out": (
        ("          deep: true\n", ""),
        (K.OPTION, "head", 17, "true", "false"),
    ),
    "a lower number": (
        ("minimum: 90", "minimum: 89.99"),
        (K.OPTION, "head", 17, "90", "89.99"),
    ),
    "no number": (
        ("          minimum: 90\n", ""),
        (K.OPTION, "head", 17, "90", None),
    ),
    "an option without a strict direction": (
        ("mode: strict", "mode: lax"),
        (K.OPTION, "head", 17, "strict", "lax"),
    ),
    "one more replacement": (
        ("{old: new}", "{old: new, older: new}"),
        (K.OPTION, "head", 17, "{old: new}", "{old: new, older: new}"),
    ),
    "another replacement": (
        ("{old: new}", "{old: newer}"),
        (K.OPTION, "head", 17, "{old: new}", "{old: newer}"),
    ),
    "a part gone": (
        ("{api: {tests: [t]}}", "{}"),
        (K.OPTION, "head", 17, "{api: {tests: [t]}}", "{}"),
    ),
    "a part that asks something else": (
        ("{api: {tests: [t]}}", "{api: {tests: [u]}}"),
        (K.OPTION, "head", 17, "{api: {tests: [t]}}", "{api: {tests: [u]}}"),
    ),
    "no person": (
        ("    judged-by: a person\n", "    rules: [thing-missing]\n"),
        (K.PERSON, "base", 26, "a person", None),
    ),
    "a path of a module gone": (
        (", src/artifacts/x/y]", "]"),
        (
            K.MODULE,
            "head",
            5,
            "[src/artifacts/**, !src/artifacts/x, src/artifacts/x/y]",
            "[src/artifacts/**, !src/artifacts/x]",
        ),
    ),
    "a path taken out of a module": (
        ("github: [src/github/**]", 'github: [src/github/**, "!src/github/api.py"]'),
        (K.MODULE, "head", 6, "[src/github/**]", "[src/github/**, !src/github/api.py]"),
    ),
    "a module in another order": (
        ('"!src/artifacts/x", src/artifacts/x/y', 'src/artifacts/x/y, "!src/artifacts/x"'),
        (
            K.MODULE,
            "head",
            5,
            "[src/artifacts/**, !src/artifacts/x, src/artifacts/x/y]",
            "[src/artifacts/**, src/artifacts/x/y, !src/artifacts/x]",
        ),
    ),
    "a wider scope": (
        ("scope: [src/**,", "scope: [src/**, docs/**,"),
        (K.SCOPE, "head", 7, "[src/**, !src/artifacts/**]", "[src/**, docs/**, !src/artifacts/**]"),
    ),
    "a scope that takes out less": (
        (', "!src/artifacts/**"]', "]"),
        (K.SCOPE, "head", 7, "[src/**, !src/artifacts/**]", "[src/**]"),
    ),
    "no scope": (
        ('scope: [src/**, "!src/artifacts/**"]\n', ""),
        (K.SCOPE, "base", 7, "[src/**, !src/artifacts/**]", None),
    ),
    "other contracts": (
        ("contracts/*.md", "contracts/stage-9.md"),
        (
            K.CONTRACTS,
            "head",
            2,
            "[contracts/*.md, !contracts/draft.md]",
            "[contracts/stage-9.md, !contracts/draft.md]",
        ),
    ),
    "an open stage": (
        ("stage: complete", "stage: open"),
        (K.STAGE, "head", 3, "complete", "open"),
    ),
    "another reading": (
        ("run: pytest", 'run: "true"'),
        (K.READING, "head", 12, "{run: pytest}", "{run: true}"),
    ),
    "a reading gone": (
        ("readings:\n  tests: {run: pytest}\n", ""),
        (K.READING, "base", 12, "{run: pytest}", None),
    ),
    "other migrations": (
        ("up: migrations", "up: empty"),
        (K.MIGRATIONS, "head", 8, "{up: migrations}", "{up: empty}"),
    ),
    "another data migration": (
        ("forward: there", "forward: nowhere"),
        (K.MIGRATIONS, "head", 10, "{forward: there}", "{forward: nowhere}"),
    ),
    "a waiver extended": (
        ("until: 2026-12-01", "until: 2026-12-02"),
        (K.WAIVER, "head", 32, "2026-12-01", "2026-12-02"),
    ),
    "a waiver for something else": (
        ("9c1f0a2e77b1d003", "9c1f0a2e77b1d004"),
        (K.WAIVER, "head", 32, None, "2026-12-01"),
    ),
}


@pytest.mark.parametrize(("edit", "expected"), LOOSER.values(), ids=LOOSER.keys())
def test_asking_less_is_one_loosening_with_its_place(
    edit: tuple[str, str], expected: tuple[LooseningKind, str, int, str | None, str | None]
) -> None:
    assert [expected] == told(changed(edit))


def test_the_loosening_of_an_option_reads_as_a_sentence() -> None:
    (found,) = loosenings(AGREED, changed(("minimum: 90", "minimum: 80")))

    assert (
        Loosening(
            K.OPTION,
            "The option minimum of thing-broken asks less than agreed for "
            'constraints-1 ("No changes to artifact storage.").',
            Side.HEAD,
            Place("gatekeeper.yaml", 17, 9),
            "90",
            "80",
            STORAGE,
            "thing-broken.minimum",
        )
        == found
    )


STRICTER = {
    "nothing": ("stage: complete", "stage: complete"),
    "a comment": ("stage: complete", "stage: complete # as agreed"),
    "a module more": ("modules:\n  artifact", "modules:\n  more: [a]\n  artifact"),
    "a path more in a module": ("[src/github/**]", "[src/github/**, src/gh/**]"),
    "less taken out of a module": ('"!src/artifacts/x", ', ""),
    "a narrower scope": ('"!src/artifacts/**"]', '"!src/artifacts/**", "!src/b"]'),
    "more contracts": ("[contracts/*.md,", "[contracts/*.md, more/*.md,"),
    "a reading more": ("readings:\n", "readings:\n  build: {run: make}\n"),
    "a data migration more": ("data-migrations:\n", "data-migrations:\n  b: {forward: x}\n"),
    "a rule more": (
        "      - thing-missing\n",
        "      - thing-missing\n      - pair-crossed: {low: 3}\n",
    ),
    "rules in another order": (
        "[pair-crossed: {low: 1}, pair-crossed: {low: 2}]",
        "[pair-crossed: {low: 2}, pair-crossed: {low: 1}]",
    ),
    "modules in another order": ("[artifact storage, github]", "[github, artifact storage]"),
    "one excuse less": ("excused: [a, b]", "excused: [b]"),
    "semantic no longer": ("          semantic: true\n", ""),
    "a higher number": ("minimum: 90", "minimum: 90.01"),
    "a part more": ("{api: {tests: [t]}}", "{api: {tests: [t]}, b: {tests: [u]}}"),
    "no replacement": ("{old: new}", "{}"),
    "a clause more": (
        "  - says: Make it small.\n",
        (
            "  - {says: This contract is committed before implementation., rules: []}\n"
            "  - says: Make it small.\n"
        ),
    ),
    "a person as well as rules": ("    rules: [pair", "    judged-by: a person\n    rules: [pair"),
    "a waiver that ends earlier": ("until: 2026-12-01", "until: 2026-11-30"),
    "another reason": ("reason: Agreed.", "reason: Agreed in review."),
    "no waiver": (
        "waivers:\n  - {finding: 9c1f0a2e77b1d003, reason: Agreed., until: 2026-12-01}\n",
        "",
    ),
}


@pytest.mark.parametrize(("old", "new"), STRICTER.values(), ids=STRICTER.keys())
def test_asking_as_much_or_more_is_no_loosening(old: str, new: str) -> None:
    assert [] == told(changed((old, new)))


def test_a_module_gone_is_told_beside_the_options_that_named_it() -> None:
    proposed = changed(
        ("  github: [src/github/**]\n", ""), ("[artifact storage, github]", "[artifact storage]")
    )

    assert [
        (K.OPTION, "head", 16, "[artifact storage, github]", "[artifact storage]"),
        (K.MODULE, "base", 6, "[src/github/**]", None),
    ] == told(proposed)


def test_a_clause_removed_is_shown_with_the_one_nearest_to_it() -> None:
    prose = PROSE.replace(STORAGE, "No changes to artifact storage without need.")
    binding = BINDING.replace(STORAGE, "No changes to artifact storage without need.")

    found = loosenings(AGREED, load(binding, prose))

    assert [
        Loosening(
            K.CLAUSE,
            'The contract no longer holds constraints-1 ("No changes to artifact storage.").',
            Side.BASE,
            Place("stage-9.md", 7, 1),
            STORAGE,
            "No changes to artifact storage without need.",
            STORAGE,
            "clause",
        )
    ] == list(found)


def test_a_clause_that_nobody_bound_is_missed_as_well() -> None:
    prose = PROSE.replace("- It reads “well” — ≥90 % of the time.\n", "- Something.\n")

    assert [(K.CLAUSE, "base", 14, "It reads “well” — ≥90 % of the time.", None)] == told(
        changed(prose=prose)
    )


def test_one_of_two_clauses_that_say_the_same_is_missed() -> None:
    prose = PROSE.replace("## Disallowed\n- Keep it fast.\n", "")
    edits = ("    clause: disallowed-1\n    judged-by: a person", "    rules: [thing-missing]")

    assert [(K.CLAUSE, "base", 11, "Keep it fast.", None)] == told(changed(edits, prose=prose))


def test_a_clause_moved_to_a_section_that_demands_nothing_is_found() -> None:
    says = "- It reads “well” — ≥90 % of the time.\n"
    prose = PROSE.replace(says, "- Something.\n").replace(
        "- Make it small.\n", f"- Make it small.\n{says}"
    )

    assert [(K.CLAUSE, "head", 5, "Validation", "Objective")] == told(changed(prose=prose))


def test_clauses_moved_and_folded_otherwise_are_the_same() -> None:
    prose = PROSE.replace("- Make it small.\n", "- Make it\n  **small**.\n").replace(
        "## Constraints\n", "## Constraints\n- Something new.\n"
    )

    assert [] == told(changed(prose=prose))


def test_another_prose_is_one_loosening_of_its_own_kind() -> None:
    proposed = load(
        "contract: stage-10.md\n"
        'contracts: [contracts/*.md, "!contracts/draft.md"]\n'
        "stage: open\n"
        "readings: {tests: {run: pytest}}\n",
        "## Constraints\n- Anything else.\n",
        "stage-10.md",
    )

    assert [(K.NEXT_STAGE, "head", 1, "stage-9.md", "stage-10.md")] == told(proposed)


def test_another_prose_hides_neither_readings_nor_waivers() -> None:
    proposed = load(
        "contract: stage-10.md\n"
        "readings: {tests: {run: 'true'}}\n"
        "waivers:\n  - {finding: 0000000000000000, reason: a, until: 2026-12-01}\n",
        "## Constraints\n- Anything else.\n",
        "stage-10.md",
    )

    assert [K.CONTRACTS, K.READING, K.NEXT_STAGE, K.WAIVER] == [each[0] for each in told(proposed)]


def test_migrations_told_where_they_were_found_before_is_a_loosening() -> None:
    agreed = changed(("migrations: {up: migrations}\n", ""))

    found = loosenings(agreed, AGREED)

    assert [(K.MIGRATIONS, None, "{up: migrations}")] == [
        (each.kind, each.before, each.after) for each in found
    ]


def test_a_clause_that_a_person_signed_may_move_within_the_prose() -> None:
    waiver = "waivers:\n  - {clause: disallowed-1, reason: a, until: 2026-12-01}\n"
    agreed = load(BINDING[: BINDING.index("waivers:")] + waiver)
    moved = BINDING[: BINDING.index("waivers:")] + waiver.replace("disallowed-1", "disallowed-2")
    prose = PROSE.replace("## Disallowed\n", "## Disallowed\n- First.\n")

    assert () == loosenings(agreed, load(moved.replace("disallowed-1", "disallowed-2"), prose))


@pytest.mark.parametrize("edit", [case[0] for case in LOOSER.values()], ids=LOOSER.keys())
def test_a_contract_is_never_looser_than_itself(edit: tuple[str, str]) -> None:
    contract = changed(edit)

    assert () == loosenings(contract, contract)
    assert () == loosenings(contract, replace(contract, source="elsewhere", places={}))


@given(st.lists(st.sampled_from(sorted(LOOSER)), min_size=1, max_size=4, unique=True))
def test_whatever_else_is_loosened_each_loosening_is_found(names: list[str]) -> None:
    text = BINDING
    applied = []
    for name in names:
        old, new = LOOSER[name][0]
        if old in text:
            text = text.replace(old, new, 1)
            applied.append(name)

    kinds = {each.kind for each in loosenings(AGREED, load(text))}

    assert kinds >= {LOOSER[name][1][0] for name in applied}


LINES = st.lists(
    st.sampled_from(["a/**", "b/**", "a/x", "!a/x", "!b/**", "!a/**", "**"]), max_size=5
)
PATHS = ("a/x", "a/y", "b/x", "c")


@given(LINES, LINES)
def test_patterns_that_cover_others_match_every_path_that_they_match(
    before: list[str], after: list[str]
) -> None:
    lost = [
        path
        for path in PATHS
        if Patterns(tuple(before)).match(path) and not Patterns(tuple(after)).match(path)
    ]

    assert not (covers(after, before) and lost)
