"""The scripts of a tree that are staged, and of others those alone that their names lead to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property

from gatekeeper import Doubt, Finding
from gatekeeper.source.script_supplied import SuppliedScripts
from gatekeeper.source.script_text import is_script
from gatekeeper.value import dataclass, field
from gatekeeper_rules.code._production import Role
from gatekeeper_rules.code._script_sources import role_of
from gatekeeper_rules.code._workflow_classes import NEEDLE, Kin
from gatekeeper_rules.code._workflow_followed import MOST_FILES
from gatekeeper_rules.code._workflow_in_scripts import ScriptClass, Scripts

_EXTENDS = b"extends"


@dataclass(frozen=True, eq=False)
class StagedScripts(Scripts):
    """Scripts that are taken in when something in them is asked for; `cut` are those too many."""

    focus: frozenset[str] = frozenset()
    cut: list[str] = field(default_factory=list)

    @cached_property
    def staged(self) -> tuple[str, ...]:
        """The staged scripts of production."""
        named = (each for each in sorted(self.focus) if is_script(each) and each in self.snapshot)
        files = (each for each in named if self.snapshot.entries[each].is_file)
        held = (each for each in files if role_of(each) is Role.PRODUCTION)
        return tuple(each for each in held if not each.endswith(".d.ts"))

    @cached_property
    def saying(self) -> frozenset[str]:
        """The staged ones that say the name of the base."""
        return frozenset(each for each in self.staged if NEEDLE in self.snapshot.read(each))

    @cached_property
    def names(self) -> SuppliedScripts:
        """What names stand for, of the staged scripts and where they lead."""
        names = SuppliedScripts(self.sources.modules, self._supply)
        for path in sorted(self.saying):
            self._add(names, path)
        return names

    def has(self, path: str | None) -> bool:
        """Whether a script was read; it is read now if it was not."""
        if path is not None and path not in self.names.files:
            self._supply(path)
        return super().has(path)

    def _supply(self, path: str) -> None:
        if len(self.trees) + len(self.doubts) >= MOST_FILES:
            self.cut.append(path)
        elif path not in self.doubts:
            self._add(self.names, path)

    @cached_property
    def own(self) -> tuple[ScriptClass, ...]:
        """The Workflows of the staged scripts that speak of them, and that nothing extends."""
        held = [each for path in sorted(self.saying) if self.has(path) for each in self._of(path)]
        return tuple(each for each in held if not self._is_extended(each))

    def _of(self, path: str) -> list[ScriptClass]:
        return [each for each in self._classes(path) if self.kind(each.value).kin is Kin.WORKFLOW]

    def _is_extended(self, klass: ScriptClass) -> bool:
        """Whether another class may extend a Workflow, which is judged in its place."""
        if klass.name not in self.exports_of(klass.path, klass.value):
            return True
        name = klass.name.encode()
        for path, content in self.sources.containing([name]):
            if path.endswith(".d.ts") or role_of(path) is not Role.PRODUCTION:
                continue
            if name + b" as " in content or (path != klass.path and self._may_rename(path, name)):
                return True
            held = self._classes(path) if _EXTENDS in content and self.has(path) else ()
            if any(klass.value in self.names.bases(each.value) for each in held):
                return True
        return False

    def _may_rename(self, path: str, name: bytes) -> bool:
        """Whether a script gives the class another name, so that it must be sought by that one."""
        content = self.sources.content(path)
        return b"= " + name in content or b"." + name in content

    # -- what is said

    def among(self, said: Iterable[Finding | Doubt]) -> Iterator[Finding | Doubt]:
        """What of all that is said is about the staged files."""
        return (each for each in said if each.path in self.focus)

    def unreadable(self) -> Iterator[Doubt]:
        """What of the staged scripts that speak of Workflows cannot be read."""
        return (each for path, each in sorted(self.doubts.items()) if path in self.saying)
