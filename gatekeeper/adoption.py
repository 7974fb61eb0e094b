"""Which contract judges a change: the one at base, or the one that the range adopts first."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from gatekeeper.change import Change
from gatekeeper.contract.binding import contract_path, load_contract
from gatekeeper.contract.kept import prose_of
from gatekeeper.errors import ConfigurationError, HistoryMissing, Unreadable, UsageError
from gatekeeper.patterns import Patterns
from gatekeeper.rule import Rule
from gatekeeper.snapshot import Snapshot
from gatekeeper.terms import Adoption, Contract, Standing
from gatekeeper.value import replace

Rules = Mapping[str, Rule[Any]]
CommitReader = Callable[[str], Snapshot]


def standing_of(change: Change, rules: Rules, config: str, read_commit: CommitReader) -> Standing:
    """The contract that judges `change`, and what the head makes of it (DESIGN section 2).

    `config` is the path of the binding, the same in every snapshot. `read_commit` gives the
    snapshot of a commit of the range. Raises ConfigurationError when the contract that
    judges cannot be used, UsageError when there is none, HistoryMissing when the clone is
    too shallow to tell.
    """
    if _is_complete(change.base, config):
        agreed = load_contract(change.base, config, rules, change.base.label)
        if _is_untouched(agreed, change):
            empty = _empty_contracts(change.head, (agreed,))
            return Standing(Adoption.AT_BASE, agreed, proposed=agreed, empty=empty)
        return against_head(Adoption.AT_BASE, agreed, change, rules, None)
    if change.head.commit is None:
        agreed = _draft(change, config, rules)
        return against_head(Adoption.PREVIEW, agreed, change, rules, None)
    adopting = _first_adopting(change, config, read_commit)
    agreed = load_contract(adopting, config, rules, adopting.label)
    return against_head(Adoption.IN_RANGE, agreed, change, rules, adopting.commit)


def standing_outside(binding: Path, change: Change, rules: Rules) -> Standing:
    """The standing of a binding that is kept outside the repository, trusted as given.

    The prose it names is read beside it, else from the base. What the head makes of the prose
    is judged as with a binding of its own: refused where the binding no longer fits it.
    """
    name = str(binding)
    agreed = load_contract(Beside(binding, change.base), name, rules, f"the file {name}")
    files = Beside(binding, change.head)
    return against_head(Adoption.OUTSIDE, agreed, change, rules, None, files)


class Beside(Mapping[str, bytes]):
    """The files of a snapshot, with a binding and what lies beside it laid over them."""

    def __init__(self, binding: Path, snapshot: Snapshot) -> None:
        self._binding = binding
        self._snapshot = snapshot

    def __getitem__(self, path: str) -> bytes:
        file = self._file(path)
        if file is None:
            return self._snapshot[path]
        try:
            return file.read_bytes()
        except OSError as error:
            raise UsageError(f"{file} cannot be read: {error.strerror}") from None

    def __iter__(self) -> Iterator[str]:
        yield str(self._binding)
        yield from self._snapshot

    def __len__(self) -> int:
        return len(self._snapshot) + 1

    def __contains__(self, path: object) -> bool:
        return isinstance(path, str) and (self._file(path) is not None or path in self._snapshot)

    def _file(self, path: str) -> Path | None:
        if path == str(self._binding):
            return self._binding
        beside = self._binding.parent / path
        return beside if beside.is_file() else None


def standing_unchanged(standing: Standing, change: Change) -> Standing:
    """The standing that a head would have which is the base, for telling what a change adds."""
    return replace(
        standing,
        proposed=standing.agreed,
        refused=(),
        loosened=(),
        empty=_empty_contracts(change.base, (standing.agreed,)),
    )


def against_head(
    adoption: Adoption,
    agreed: Contract,
    change: Change,
    rules: Rules,
    commit: str | None,
    files: Mapping[str, bytes] | None = None,
) -> Standing:
    """The standing of `agreed` with what the head proposes in its place.

    `files` are those that the proposed contract is read from: the head's, where not given.
    """
    # Imported here: most changes leave the contract as it is.
    from gatekeeper.contract.loosening import loosenings

    proposed, refused = _proposed(agreed, change.head if files is None else files, change, rules)
    return Standing(
        adoption,
        agreed,
        proposed=proposed,
        refused=refused.problems if refused else (),
        loosened=loosenings(agreed, proposed) if proposed else (),
        commit=commit,
        empty=_empty_contracts(change.head, (agreed, proposed)),
    )


def _proposed(
    agreed: Contract, files: Mapping[str, bytes], change: Change, rules: Rules
) -> tuple[Contract | None, ConfigurationError | None]:
    if agreed.binding_path not in files:
        return None, None
    try:
        return load_contract(files, agreed.binding_path, rules, change.head.label), None
    except ConfigurationError as refused:
        return None, refused


def _is_untouched(agreed: Contract, change: Change) -> bool:
    """Whether the head has the very files that the contract at base was read from."""
    files = (agreed.binding_path, agreed.prose.path)
    return all(change.base.entries[path] == change.head.entries.get(path) for path in files)


def _is_complete(snapshot: Snapshot, config: str) -> bool:
    """Whether the snapshot has a binding and the prose it names."""
    return config in snapshot and contract_path(snapshot, config) in snapshot


def _draft(change: Change, config: str, rules: Rules) -> Contract:
    if config not in change.head:
        raise UsageError(_no_contract(config))
    return load_contract(change.head, config, rules, change.head.label)


def _first_adopting(change: Change, config: str, read_commit: CommitReader) -> Snapshot:
    history = change.history
    if history.missing is not None and config in change.head:
        raise HistoryMissing(
            "the base has no contract, and the commit that adopted it cannot be seen: "
            f"{history.missing}"
        )
    bound = config in change.base
    for commit in history.commits:
        bound = bound or config in commit.paths
        if bound and _is_complete(snapshot := read_commit(commit.id), config):
            return snapshot
    if config in change.base:
        return change.base
    raise UsageError(_no_contract(config))


def _no_contract(config: str) -> str:
    return (
        f"there is no {config} at base or in the change, so nothing was agreed that could be "
        "judged; write the contract in Markdown, then run: gatekeeper init CONTRACT.md"
    )


def _empty_contracts(
    head: Snapshot, contracts: tuple[Contract | None, ...]
) -> tuple[tuple[str, str], ...]:
    """The stage contracts at head that hold no clause: nothing could be judged by them."""
    lines = dict.fromkeys(line for each in contracts if each for line in each.contracts)
    patterns = Patterns(tuple(lines))
    found = ((path, _emptiness(head, path)) for path in sorted(head.meant(patterns)))
    return tuple((path, reason) for path, reason in found if reason)


def _emptiness(head: Snapshot, path: str) -> str:
    if not head.entries[path].is_file:
        return "it is no ordinary file"
    try:
        clauses = prose_of(head, path).clauses
    except ConfigurationError as refused:
        return refused.problems[0].message
    except Unreadable as unreadable:
        return unreadable.reason
    if not clauses:
        return "it holds no clause"
    return "it demands nothing" if all(each.context for each in clauses) else ""
