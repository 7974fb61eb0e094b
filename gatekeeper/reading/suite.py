"""A room with all that belongs to it: the checkout, its environment, a place for output."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from pathlib import Path

from gatekeeper.git import printable
from gatekeeper.reading.command_line import programs
from gatekeeper.reading.environment import BLOCKED, block, furnish, neutral_programs, scrubbed
from gatekeeper.reading.ground import Ground, Spoiled, remove
from gatekeeper.reading.imports import check_imports
from gatekeeper.reading.output import told
from gatekeeper.reading.room import Room
from gatekeeper.reading.shadows import check_shadows
from gatekeeper.reading.unusable import Unusable
from gatekeeper.reading.virtual import make_environment
from gatekeeper.snapshot import Snapshot
from gatekeeper.strays import gathered
from gatekeeper.terms import ReadingPlan
from gatekeeper.tools import Ended, Limits, Outcome, run
from gatekeeper.value import dataclass

MINUTE = 60.0
"""Seconds."""

LARGEST_OUTPUT = 64_000_000
"""Bytes that a setup may print, and that a run may."""

LARGEST_FILE = 4 * 1024**3
"""Bytes of the largest file that either may write."""

_NODE = frozenset(
    {
        *("npm", "npx", "node", "pnpm", "pnpx", "yarn", "corepack", "bun", "bunx"),
        *("eslint", "tsc", "vitest", "jest", "wrangler"),
    }
)
_PYTHON = frozenset({*BLOCKED, "uv", "uvx", "poetry", "pdm", "hatch"})


@dataclass(frozen=True, slots=True)
class Lodging:
    """What a room is made for: one side's tree, and how it is set up.

    `base` is what tools of a head take their configuration from; None for the base itself.
    """

    tree: Snapshot
    base: Snapshot | None
    setup: str
    cwd: str
    env: tuple[tuple[str, str], ...]
    node: bool
    minutes: int

    @property
    def key(self) -> tuple[object, ...]:
        """What rooms are told apart by."""
        return (id(self.tree), self.setup, self.cwd, self.env, self.node)


def is_node(plan: ReadingPlan) -> bool:
    """Whether a plan is carried out by Node: it needs `node_modules`, and no Python.

    The first program decides that is known for either, those of `run` before those of `setup`.
    """
    if plan.format in ("eslint", "tsc"):
        return True
    named = (each for line in (plan.run, plan.setup) for each in programs(line))
    known = next((each for each in named if each in _NODE or _is_of_python(each)), "")
    return known in _NODE


def _is_of_python(program: str) -> bool:
    return program in _PYTHON or program.startswith("python")


class Suite:
    """What is on disk for one lodging; `set_up` comes first."""

    def __init__(
        self, lodging: Lodging, folder: Path, environ: Mapping[str, str], repository: Path | None
    ) -> None:
        self._lodging = lodging
        self._folder = folder
        self._out, self._tmp = folder / "out", folder / "tmp"
        self._base = Ground(folder / "base") if lodging.base is not None else None
        self._venv, self._home = folder / "ground" / "venv", folder / "ground" / "home"
        self._blocked = folder / "ground" / "blocked"
        self.ground = Ground(folder / "ground")
        self._env = scrubbed(environ, self._home, self._tmp)
        self._env["PATH"] = ":".join(
            (*self._own_programs(), *neutral_programs(environ, repository))
        )
        self._environ = environ

    def set_up(self) -> None:
        """Write the tree out, make the environment and run the setup; raises Unusable."""
        lodging = self._lodging
        self.ground.lay(lodging.tree)
        self._refuse_tracked_packages()
        furnish(self._home, self._environ)
        self._tidy()
        if not lodging.node:
            block(self._blocked)
            # Without a setup there is nothing to install.
            make_environment(self._venv, self._env, with_pip=bool(lodging.setup))
            self._env["VIRTUAL_ENV"] = str(self._venv)
        if lodging.setup:
            self._run_setup({**self._env, **dict(lodging.env)})
        self._settle()

    def _run_setup(self, env: Mapping[str, str]) -> None:
        lodging, tree = self._lodging, self.ground.tree
        ended = shell(lodging.setup, folder_in(tree, lodging.cwd), env, lodging.minutes)
        if ended.status or ended.ended is not Ended.BY_ITSELF:
            raise Unusable(f"its setup `{printable(lodging.setup)}` failed: {told(ended)}")
        if not lodging.node:
            # What the setup has installed may start something when Python starts.
            with gathered():
                check_imports(self._venv, tree, sorted(lodging.tree.entries), env)

    def _settle(self) -> None:
        try:
            self.ground.settle(self._lodging.tree)
        except Spoiled:
            raise Unusable("what its setup made was altered while it was looked at") from None

    def room(self, plan: ReadingPlan, content: Snapshot) -> Room:
        """The room as a plan finds it, its output folder empty."""
        self._tidy()
        self._lay_base()
        return Room(
            tree=self.ground.tree,
            out=self._out,
            cwd=folder_in(self.ground.tree, plan.cwd),
            env={**self._env, **plan.env},
            files=tuple(sorted(content.entries)),
            base=self._base.tree if self._base is not None else None,
        )

    def leave(self) -> None:
        """Remove all of it."""
        remove(self._folder)

    def _own_programs(self) -> tuple[str, ...]:
        tree = self.ground.tree
        if not self._lodging.node:
            return (str(self._venv / "bin"), str(self._blocked))
        folders = dict.fromkeys((tree / self._lodging.cwd, tree))
        return tuple(str(folder / "node_modules" / ".bin") for folder in folders)

    def _refuse_tracked_packages(self) -> None:
        """Programs that the change brings along must not stand in for those of the setup."""
        tree, base = self._lodging.tree, self._lodging.base
        if not self._lodging.node:
            if base is not None:
                check_shadows(tree.entries, base.entries, self._lodging.cwd)
            return
        for path in tree.entries:
            if "node_modules" in path.casefold().split("/"):
                raise Unusable(
                    f"the tree holds {printable(path)}, which would stand in for what is installed"
                )

    def _tidy(self) -> None:
        for folder in (self._out, self._tmp):
            remove(folder)
            folder.mkdir()

    def _lay_base(self) -> None:
        """Put right what an earlier run did to the base's files."""
        if self._base is None or self._lodging.base is None:
            return
        try:
            self._base.lay(self._lodging.base)
        except Spoiled as spoiled:
            raise Unusable(f"an earlier run has closed {spoiled} for good") from None


def shell(command: str, cwd: Path, env: Mapping[str, str], minutes: int) -> Outcome:
    """Run a shell line to its end, or until `minutes` are over, and end what it leaves running."""
    # Bounded from within, before anything else is started (POSIX: in blocks of 512 bytes).
    line = f"ulimit -f {LARGEST_FILE // 512}\n{command}"
    with gathered() as adopted:
        limits = Limits(MINUTE * minutes, LARGEST_OUTPUT)
        started = ["/bin/sh", "-c", line]
        return run(started, limits, cwd=str(cwd), env=env, meanwhile=adopted.bury)


def folder_in(tree: Path, cwd: str) -> Path:
    """The folder that a plan names; raises Unusable where it is none, or leads out of the tree."""
    folder = (tree / cwd).resolve()
    if not folder.is_relative_to(tree):
        raise Unusable(f"its `cwd` {shlex.quote(cwd)} leads out of the tree")
    if not folder.is_dir():
        raise Unusable(f"its `cwd` {shlex.quote(cwd)} is no folder of the tree")
    return folder
