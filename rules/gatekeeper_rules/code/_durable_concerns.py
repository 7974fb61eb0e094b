"""What of a staged change can matter to Durable Objects: a preview looks at nothing else."""

from __future__ import annotations

import re
from collections import deque
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, NamedTuple

from gatekeeper import Change, Entry, Extractor, FileChange, Sieve, Snapshot
from gatekeeper.source.python_modules import Nearby
from gatekeeper.source.python_paths import is_python
from gatekeeper.source.python_taken import Wanted, imports_of, taken
from gatekeeper.source.source_paths import MARKUP, SCRIPTS
from gatekeeper.source.wrangler_commands import is_command_file
from gatekeeper.watch import Watch
from gatekeeper_rules.code._durable_elsewhere import DOCUMENTS, RUST, may_say
from gatekeeper_rules.code._durable_elsewhere import PIECES as _PIECES_ELSEWHERE

if TYPE_CHECKING:
    from gatekeeper_rules.code._durable_trail import Trails

_CONFIGURATION = (".toml", ".json", ".jsonc")
_SCRIPTS = (*SCRIPTS, *MARKUP)
INFRASTRUCTURE = (
    *(".tf", ".tofu", ".tfvars", ".hcl", ".tf.json", ".tofu.json", ".tfvars.json", ".capnp"),
)
"""What deploys Workers without wrangler: Terraform's files, and workerd's own configuration."""

_TYPES = ".d.ts"
"""What wrangler generates them as."""

_MAKES_CLASSES = (b"class", b"type", b"new_class")
_SPECIAL = re.compile(r"[\\*?\[\]]")
_QUOTED = r"\\\g<0>"

_COMMANDS = (("wrangler", "--config"), ("wrangler", "-c "), ("wrangler", "-c="))
"""What a command says that names wrangler's configuration."""


class Taken(NamedTuple):
    """Whether a file's own bytes can matter, and what it takes from other modules."""

    matters: bool
    wanted: tuple[Wanted, ...]


@lru_cache(maxsize=1)
def can_concern(change: Change) -> bool:
    """Whether the changed files can matter on either side; cheap, and never wrongly no.

    Where all files take the same as before, they lead to the same on both sides.
    """
    alike = all(_take_alike(change, each) for each in change.files.values())
    sights = [sight_of(change.head)]
    if not alike:
        sights.append(_sight_of_base(change))
    return any(sight.can_matter(path) for sight in sights for path in change.files)


def watched(change: Change) -> Watch | None:
    """What would make an edited file matter, as plain data; None where any file could.

    Files that take nothing but what is known to lead nowhere lead nowhere themselves.
    """
    from gatekeeper_rules.code._python_candidates import PIECES, WORDS

    head = change.head
    sight = sight_of(head)
    edited = (path for path in change.files if path in head.entries and is_python(path))
    led_nowhere = [path for path in edited if not sight.through(path)]
    if head.passing(_ELSEWHERE) or sight.is_cut:
        return None
    imports = (imports_of(path, head.read(path)) for path in led_nowhere)
    mains, names = sight.ties
    return Watch(
        paths=tuple((f"/{_SPECIAL.sub(_QUOTED, main)}",) for main in sorted(mains)),
        suffixes=(*_CONFIGURATION, *_SCRIPTS, *INFRASTRUCTURE),
        pieces=(
            *(tuple(each.decode("latin-1") for each in some) for some in PIECES),
            *_PIECES_ELSEWHERE,
            *((name.encode("utf-8", "replace").decode("latin-1"),) for name in sorted(names)),
            *_COMMANDS,
        ),
        words=WORDS,
        imports=frozenset().union(*imports),
    )


def _sight_of_base(change: Change) -> Sight:
    """The sight of the base; where only contents differ, most of it is what the head's is."""
    sight, files = sight_of(change.base), change.files.values()
    if all(each.before and each.after and each.before.mode == each.after.mode for each in files):
        sight.after = sight_of(change.head), frozenset(change.files)
    return sight


def _take_alike(change: Change, changed: FileChange) -> bool:
    path, before, after = changed.path, changed.before, changed.after
    if before is None or after is None or before.mode != after.mode or not is_python(path):
        return False
    return before.is_file and change.base.facts(_TAKEN, path) == change.head.facts(_TAKEN, path)


class Sight:
    """One side of a change: which of its files can matter, by themselves or through imports.

    `after` may be the sight of what has the same paths, and the files whose contents differ.
    """

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self.modules = Nearby(snapshot)
        self._through: dict[str, frozenset[str]] = {}
        self.after: tuple[Sight, frozenset[str]] | None = None

    def can_matter(self, path: str) -> bool:
        """Whether a path can hold, or configure, a Durable Object: what was not followed can."""
        return self.matters(path) or (self.is_cut and self._is_python(path))

    def matters(self, path: str) -> bool:
        """The same as far as imports were followed; what lies beyond is left to CI."""
        entry = self._snapshot.entries.get(path)
        if entry is None:
            return False
        if not entry.is_file or may_configure(self._snapshot, path):
            return True
        if path.lower().endswith(_SCRIPTS):
            return self._script_can_matter(path)
        if path.lower().endswith((RUST, *DOCUMENTS)):
            return may_say(path, self._snapshot.read(path))
        if not _is_python(self._snapshot, path):
            return False
        return self.says_so(path) or bool(self.through(path)) or self._is_entry(path)

    def _is_python(self, path: str) -> bool:
        return path in self._snapshot and _is_python(self._snapshot, path)

    def says_so(self, path: str) -> bool:
        """Whether a Python file's own bytes can matter; raises `Unreadable`."""
        return self._snapshot.facts(_TAKEN, path).matters

    def _is_entry(self, path: str) -> bool:
        """Whether a Worker starts a Python file, or its configuration names a class in it."""
        content = self._snapshot.read(path)
        if not any(each in content for each in _MAKES_CLASSES):
            return False
        mains, names = self.ties
        return path in mains or any(name.encode("utf-8", "replace") in content for name in names)

    @cached_property
    def ties(self) -> tuple[frozenset[str], frozenset[str]]:
        """The Python files that Workers start, and the classes that these are said to have."""
        from gatekeeper_rules.code._durable_entries import python_ties

        return python_ties(self._snapshot)

    def _script_can_matter(self, path: str) -> bool:
        from gatekeeper_rules.code._script_candidates import can_matter

        content = self._snapshot.read(path)
        if can_matter(content):
            return True
        from gatekeeper_rules.code._durable_entries import may_be_exported

        if may_be_exported(self._snapshot, content):
            return True
        from gatekeeper_rules.code._durable_script_search import ScriptSearch

        search = ScriptSearch(self._snapshot)
        return bool(search.leading(path)) or search.is_cut

    def through(self, path: str) -> frozenset[str]:
        """The files through which what a Python file imports leads to a Durable Object."""
        if path not in self._through:
            is_file = self._snapshot.entries[path].is_file
            wanted = self._snapshot.facts(_TAKEN, path).wanted if is_file else ()
            self._through[path] = self._trails.files(path, wanted) if wanted else frozenset()
        return self._through[path]

    @property
    def is_cut(self) -> bool:
        """Whether imports were not followed to their ends, which is left to CI."""
        return "_trails" in vars(self) and self._trails.is_cut

    @cached_property
    def _trails(self) -> Trails:
        # Imported only where something is imported from: it parses.
        from gatekeeper_rules.code._durable_trail import Trails

        if self.after is not None:
            sight, changed = self.after
            return sight._trails.of(self._snapshot, changed)
        return Trails(self._snapshot, self.modules)


# Base and head; a snapshot is a mapping, which has no hash.
_REMEMBERED: deque[tuple[Snapshot, Sight]] = deque(maxlen=2)


def sight_of(snapshot: Snapshot) -> Sight:
    """The sight of a snapshot, the same one for everybody who asks."""
    for known, sight in _REMEMBERED:
        if known is snapshot:
            return sight
    _REMEMBERED.append((snapshot, Sight(snapshot)))
    return _REMEMBERED[-1][1]


def _is_python(snapshot: Snapshot, path: str) -> bool:
    if "." in path.rpartition("/")[2]:
        return is_python(path)
    return is_python(path, snapshot.read(path))


def may_configure(snapshot: Snapshot, path: str) -> bool:
    """Whether a path may be wrangler's; asked closer only where that is not plain."""
    if path.lower().endswith((_TYPES, *INFRASTRUCTURE)):
        return True
    is_named = path.lower().endswith(_CONFIGURATION) or is_command_file(path)
    if not is_named and not snapshot.passing(_ELSEWHERE):
        return False
    from gatekeeper.source import wrangler_files

    return wrangler_files.may_configure(snapshot, path)


def _leads_elsewhere(path: str, entry: Entry) -> bool:
    name = path.lower()
    return "wrangler" in name and (name.endswith("config.json") or not entry.is_file)


_ELSEWHERE = Sieve("could lead to wrangler configuration", 1, _leads_elsewhere)


def _read(content: bytes, _: str) -> Taken:
    from gatekeeper_rules.code._python_candidates import can_matter

    return Taken(can_matter(content), taken(content))


def _unpack(data: object) -> Taken:
    match data:
        case [bool(matters), list(wanted)] if all(map(_is_pair, wanted)):
            return Taken(matters, tuple((module, name) for module, name in wanted))
    raise ValueError("this is not what a file takes from others")


def _is_pair(data: object) -> bool:
    match data:
        case [str(), str()]:
            return True
    return False


_TAKEN = Extractor("what a python file takes", 5, _read, list, _unpack)
