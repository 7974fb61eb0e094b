"""From a folder and a request to a report: what every door does, in one place."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Protocol

from gatekeeper.adoption import standing_of, standing_outside, standing_unchanged
from gatekeeper.change import Change
from gatekeeper.comparison import Comparison, Request, compare
from gatekeeper.docket import docket
from gatekeeper.engine import Question, judge, needed
from gatekeeper.errors import UsageError
from gatekeeper.hearing import Matter
from gatekeeper.registry import Registered, load_rules
from gatekeeper.repository import Repository
from gatekeeper.rule import Missing, Need, Reading, Rule
from gatekeeper.snapshot import Snapshot
from gatekeeper.terms import ReadingPlan, Standing
from gatekeeper.value import dataclass, replace
from gatekeeper.verdict import Report

CONFIG = "gatekeeper.yaml"

Rules = Mapping[str, Rule[Any]]
Own = Callable[[Repository, Snapshot, Mapping[str, ReadingPlan]], Mapping[Need, Reading]]


@dataclass(frozen=True, slots=True)
class Wish:
    """What the user asks to have judged.

    `config` is the path of the binding inside the repository; `binding` a binding kept
    outside of it. `only` names the rules to ask; all of them, when empty. With
    `no_run`, nothing of the change is run, and what would have had to run is unproven.
    `given` are readings handed in, each `NAME=FILE`.
    """

    request: Request = Request()
    config: str = CONFIG
    binding: Path | None = None
    only: frozenset[str] = frozenset()
    no_run: bool = False
    given: tuple[str, ...] = ()


def report_on(
    wish: Wish,
    folder: Path,
    environ: Mapping[str, str],
    today: date,
    registered: Mapping[str, Registered] | None = None,
    own: Own | None = None,
) -> Report:
    """Judge what is asked for, in the repository that `folder` lies in.

    With `own`, whoever asks brings readings of the head, and nothing else is run. Raises the
    errors of `gatekeeper.errors`, each ready to be shown.
    """
    known = load_rules() if registered is None else registered
    rules = {name: each.rule for name, each in known.items()}
    _refuse_unknown(wish.only, rules)
    with Repository.find(folder, environ, local=wish.request.staged) as repository:
        comparison = compare(repository, wish.request, environ)
        standing = _standing(wish, comparison.change, repository, rules)
        _refuse_unbound(wish.only, standing)
        matter = _matter(wish, comparison, repository, standing)
        matter = _measured(matter, wish, repository, rules, environ, own)
        question = Question(matter, comparison.base, comparison.head, (comparison.how,), wish.only)
        report = judge(question, rules, today)
        if wish == Wish(Request(staged=True)):
            from gatekeeper.idle_memo import keep

            keep(repository, matter, rules, report, today.isoformat())
        return report


def _refuse_unknown(only: frozenset[str], rules: Rules) -> None:
    unknown = sorted(only - rules.keys())
    if unknown:
        from gatekeeper.contract.nearest import did_you_mean

        hint = did_you_mean(unknown[0], tuple(rules))
        raise UsageError(
            f"there is no rule {unknown[0]!r}. {hint or 'List them: gatekeeper explain'}"
        )


def _refuse_unbound(only: frozenset[str], standing: Standing) -> None:
    """Of a rule that proves no clause nothing would be heard, and that is no pass."""
    bound = {term.rule for charge in docket(standing) for term in charge.bound.terms}
    if unbound := sorted(only - bound):
        raise UsageError(
            f"no clause is bound to {', '.join(unbound)}, so there would be nothing to rule on; "
            f"bind one under `clauses:` in {standing.agreed.binding_path}"
        )


def _standing(wish: Wish, change: Change, repository: Repository, rules: Rules) -> Standing:
    if wish.binding is None:
        return standing_of(change, rules, wish.config, repository.commit)
    if not wish.binding.is_file():
        raise UsageError(f"--binding {wish.binding}: there is no such file")
    if not repository.bare and _lies_within(wish.binding, repository.root.resolve()):
        raise UsageError(
            f"--binding {wish.binding} lies inside the repository, where the change can edit it; "
            "name it with --config to have it read from the base"
        )
    return standing_outside(wish.binding, change, rules)


def _lies_within(file: Path, root: Path) -> bool:
    """Whether a file is in the folder `root`, or a link on the way to it is."""
    at = Path.cwd()
    for part in file.parts:
        at /= part
        if part != ".." and at.is_symlink() and at.is_relative_to(root):
            return True
        at = at.resolve()
    return at.is_relative_to(root)


def _matter(
    wish: Wish, comparison: Comparison, repository: Repository, standing: Standing
) -> Matter:
    change = comparison.change
    return Matter(
        change,
        _stage_change(change, repository, standing),
        standing,
        lambda: standing_unchanged(standing, change),
        staged=wish.request.staged,
    )


def _measured(
    matter: Matter,
    wish: Wish,
    repository: Repository,
    rules: Rules,
    environ: Mapping[str, str],
    own: Own | None,
) -> Matter:
    """The matter with what its rules need measured; a local preview runs nothing."""
    if matter.staged and wish.given:
        raise UsageError("--reading: a local check (--staged) uses no readings; leave one out")
    needs = frozenset[Need]() if matter.staged else needed(matter.standing, rules, wish.only)
    if not needs and not wish.given:
        return matter
    from gatekeeper.migrations.carried import DATA_PROOFS
    from gatekeeper.migrations.proofs import PROOFS, QUERIES
    from gatekeeper.reading.handed import handed_in
    from gatekeeper.reading.kept import kept_readings
    from gatekeeper.reading.measuring import Means, measure

    plans, change = matter.standing.agreed.readings, matter.change
    run = not wish.no_run and own is None

    def proofs(ways: Mapping[str, Way]) -> Mapping[Need, Reading]:
        asked = {need: ways[need.name] for need in needs if need.name in ways}
        return {need: way(matter, repository, environ, run=run) for need, way in asked.items()}

    # What runs code of the head comes after what runs none, and what starts it most often last:
    # it could alter what is run after it, and what is kept.
    proven = proofs({PROOFS: _proven, QUERIES: _queried})
    means = Means(
        environ,
        None if repository.bare else repository.root,
        kept_readings(repository.location.git_directory, environ),
        handed_in(wish.given, plans),
        run=run,
        recall=own is not None,
    )
    brought = own(repository, change.head, plans) if own is not None else {}
    own_ways = (PROOFS, QUERIES, DATA_PROOFS)
    wanted = {need for need in needs if need.name not in own_ways} - brought.keys()
    taken = measure(wanted, plans, change.base, change.head, means)
    carried = proofs({DATA_PROOFS: _carried})
    return replace(matter, readings={**taken, **brought, **proven, **carried})


class Way(Protocol):
    """How a proof that is no reading of a plan is made."""

    def __call__(
        self, matter: Matter, repository: Repository, environ: Mapping[str, str], *, run: bool
    ) -> Reading:
        """The proof, or why there is none."""
        ...


def _proven(
    matter: Matter, repository: Repository, environ: Mapping[str, str], *, run: bool
) -> Reading:
    """The proof of the head's migrations, or why there is none."""
    if not run:
        return Missing("--no-run was given")
    from gatekeeper.migrations.proofs import ChainProof
    from gatekeeper.migrations.proving import Means, proven
    from gatekeeper.reading.circumstances import circumstances
    from gatekeeper.reading.kept import kept_readings

    kept = kept_readings(repository.location.git_directory, environ, ChainProof)
    ground = tuple(circumstances((), environ)) if kept else ()
    change, plan = matter.change, matter.standing.agreed.migrations
    means = Means(environ, repository.root, kept, ground)
    return proven(change.base, change.head, plan, means)


def _queried(
    matter: Matter, repository: Repository, environ: Mapping[str, str], *, run: bool
) -> Reading:
    """What the head's migrated databases say of its SQL, or why they say nothing."""
    if not run:
        return Missing("--no-run was given")
    from gatekeeper.migrations.proving import Means
    from gatekeeper.migrations.querying import queried

    plan = matter.standing.agreed.migrations
    return queried(matter.change.head, plan, Means(environ, repository.root))


def _carried(
    matter: Matter, repository: Repository, environ: Mapping[str, str], *, run: bool
) -> Reading:
    """The proof of the contract's data migrations on the head, or why there is none."""
    if not run:
        return Missing("--no-run was given")
    from gatekeeper.carrying.measuring import Means, carried
    from gatekeeper.reading.kept import kept_readings

    change, agreed = matter.change, matter.standing.agreed
    root = None if repository.bare else repository.root
    kept = kept_readings(repository.location.git_directory, environ)
    try:
        return carried(change.base, change.head, agreed, Means(environ, root))
    finally:
        if kept is not None:
            kept.sweep()


def _stage_change(
    change: Change, repository: Repository, standing: Standing
) -> Callable[[], Change]:
    """The change since the stage began, for the goals."""

    @cache
    def since_the_stage_began() -> Change:
        from gatekeeper.beginning import beginning

        start = beginning(repository, change, standing)
        return change if start is change.base else repository.change(start, change.head)

    return since_the_stage_began
