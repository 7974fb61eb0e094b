"""The steps that a Workflow's code makes in a script, and what it makes them of."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from gatekeeper.source.script_chains import bare, given_to, root_of
from gatekeeper.source.script_lexical import Declares
from gatekeeper.source.script_syntax import NOTHING, Syntax, string_of
from gatekeeper.value import dataclass
from gatekeeper_rules.code._script_code import imported
from gatekeeper_rules.code._script_following import method_of
from gatekeeper_rules.code._script_idle import does_nothing
from gatekeeper_rules.code._script_regions import Closure, Region

DO = "do"
WAITING = frozenset({"sleep", "sleepUntil", "waitForEvent"})
"""The methods of `step` that take no function (facts C2)."""

_CONFIGURED = 3


@dataclass(frozen=True, eq=False)
class ScriptStep:
    """A call of a method of `step`."""

    region: Region
    method: str
    call: Syntax

    @property
    def line(self) -> int:
        """Where it is made."""
        return self.call.line

    @property
    def is_live(self) -> bool:
        """Whether the code that makes it is reached, where its function is."""
        return not self.region.file.is_dead(self.call)

    @property
    def given(self) -> tuple[Syntax, ...]:
        """What it is given."""
        return given_to(self.call)

    @property
    def name(self) -> Syntax:
        """The expression that names it; NOTHING where there is none."""
        return self.given[0] if self.given else NOTHING

    @property
    def said(self) -> str | None:
        """Its name, where that is constant."""
        return string_of(bare(self.name))

    @property
    def shown(self) -> str:
        """What a reader calls it."""
        return self.said or f"step.{self.method}"

    @cached_property
    def _has_configuration(self) -> bool:
        """Whether the second argument is no function, and another one follows."""
        if len(self.given) < _CONFIGURED or self.method != DO:
            return False
        return not self.region.closures(self.given[1]) and (
            bare(self.given[1]).type == "object" or bool(self.region.closures(self.given[2]))
        )

    @property
    def configuration(self) -> Syntax:
        """The expression that configures it; NOTHING where there is none."""
        if self.method == DO:
            return self.given[1] if self._has_configuration else NOTHING
        return self.given[1] if len(self.given) > 1 else NOTHING

    @property
    def work(self) -> Syntax:
        """The expression of what it does; NOTHING where there is none."""
        place = 2 if self._has_configuration else 1
        return self.given[place] if self.method == DO and len(self.given) > place else NOTHING

    @cached_property
    def callbacks(self) -> tuple[Closure, ...]:
        """The functions of the repository that it runs."""
        return self.region.closures(self.work) if self.work.type else ()

    @cached_property
    def works(self) -> bool | None:
        """Whether it does more than nothing, a constant, or talk; None where nobody can tell."""
        if self.method != DO or not self.work.type:
            return False
        if not self.callbacks:
            return True if self._is_of_package() else None
        idle = [does_nothing(self.region, each) for each in self.callbacks]
        if all(each is False for each in idle):
            return True
        return False if all(idle) else None

    def _is_of_package(self) -> bool:
        """Whether what it does is a function of a package."""
        root = root_of(self.work)
        file = self.region.file
        held = file.lexical.declared(root) if root.type == "identifier" else None
        if held is None or held.role is not Declares.IMPORT or "call" in bare(self.work).type:
            return False
        specifier, _ = imported(file.lexical, held)
        found = self.region.code.scripts.sources.modules.find(file.path, specifier)
        return not found and not specifier.startswith((".", "/", "#", "@/", "~/"))


def steps_of(region: Region) -> Iterator[ScriptStep]:
    """The steps that a region makes itself, in order."""
    for node in region.nodes:
        if node.type == "call_expression":
            method = method_of(region, node)
            if method:
                yield ScriptStep(region, method, node)
