"""The Workflows of staged scripts, found from these and never by a whole tree."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cached_property

from gatekeeper import Doubt, Finding
from gatekeeper.source.script_names import ScriptNames
from gatekeeper.source.script_text import is_script
from gatekeeper.value import dataclass, field
from gatekeeper_rules.code._production import Role
from gatekeeper_rules.code._script_sources import role_of
from gatekeeper_rules.code._workflow_classes import NEEDLE
from gatekeeper_rules.code._workflow_followed import MOST_FILES
from gatekeeper_rules.code._workflow_in_scripts import ScriptClass, Scripts

_EXTENDS = re.compile(rb"\bextends\s+[\w$.\s(]*?([\w$]+)\s*[<{(),]")


@dataclass(frozen=True, eq=False)
class StagedScripts(Scripts):
    """The staged scripts that speak of Workflows, and what they take, up to a bound.

    `cut` holds the files that were too many.
    """

    focus: frozenset[str] = frozenset()
    cut: list[str] = field(default_factory=list)

    @cached_property
    def saying(self) -> frozenset[str]:
        """The staged scripts of production that say the name of the base."""
        return frozenset(each for each in self.focus if self._speaks(each))

    def _speaks(self, path: str) -> bool:
        if not is_script(path) or path.endswith(".d.ts") or path not in self.snapshot:
            return False
        is_file = self.snapshot.entries[path].is_file and role_of(path) is Role.PRODUCTION
        return is_file and NEEDLE in self.snapshot.read(path)

    def _add(self, names: ScriptNames, path: str) -> bool:
        if len(names.files) >= MOST_FILES:
            self.cut.append(path)
            return False
        return super()._add(names, path)

    @cached_property
    def own(self) -> tuple[ScriptClass, ...]:
        """The Workflows of the staged scripts that no other script extends."""
        held = (each for each in self.workflows if each.path in self.saying)
        return tuple(each for each in held if not self._is_extended(each))

    def _is_extended(self, klass: ScriptClass) -> bool:
        """Whether another script may extend a Workflow, which is then judged in its place."""
        name = klass.name.encode()
        renamed = re.compile(rb"\b" + re.escape(name) + rb"\s+as\s+([\w$]+)")
        for path, content in self.sources.containing([name]):
            names = {name, *renamed.findall(content)}
            found = set(_EXTENDS.findall(content))
            if path != klass.path and found & names:
                return True
        return False

    def among(self, said: Iterable[Finding | Doubt]) -> Iterator[Finding | Doubt]:
        """What of all that is said is about the staged files."""
        return (each for each in said if each.path in self.focus)

    def unreadable(self) -> Iterator[Doubt]:
        """What of the staged scripts that speak of Workflows cannot be read."""
        return (each for path, each in self.doubts.items() if path in self.saying)
