"""Whether an edit of a file adds nothing that hides from a tool: from the edit alone if it can."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable

from gatekeeper.errors import Unreadable
from gatekeeper.source.python_paths import is_python
from gatekeeper.source.source_paths import is_source
from gatekeeper.source.suppression_pieces import may_hide

# `typing` takes longer to import than all that a hook asks of it.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from gatekeeper.source.suppression import Suppression


def adds_none(
    path: str,
    before: bytes,
    after: bytes,
    read: Callable[[], Iterable[tuple[Suppression, ...]]],
    *,
    sound: bool = False,
) -> bool:
    """Whether all that a file hides after an edit it hid before, in the same places.

    No also where nobody can tell. `path` is that of an ordinary file on both sides; `read` gives
    the suppressions before and after, or raises `Unreadable`: asked where nothing else helps.
    With `sound`, what was there before is known to be Python that can be parsed.
    """
    if not is_source(path, after if "." not in path.rpartition("/")[2] else None):
        return True
    if is_python(path):
        from gatekeeper.source.python_inert import is_inert

        if is_inert(before, after, sound=sound):
            return True
    if not may_hide(after):
        return True
    try:
        return _includes(*read())
    except Unreadable:
        return False


def hides_the_same(path: str, before: bytes, after: bytes) -> bool:
    """Whether the edit of an ordinary file surely neither adds nor takes away what hides.

    Told from the edit alone; no is no answer.
    """
    if not is_python(path):
        return False
    from gatekeeper.source.python_inert import is_inert

    # The first can be parsed just when the other can.
    return is_inert(before, after, sound=True) and is_inert(after, before)


def _includes(old: tuple[Suppression, ...], new: tuple[Suppression, ...]) -> bool:
    """Whether nothing is new, and whatever ended a suppression still does."""
    return _hidden(new) <= _hidden(old) and _ends(new) >= _ends(old)


def _hidden(found: tuple[Suppression, ...]) -> Counter[tuple[str, tuple[str, ...], str, str]]:
    return Counter(
        (each.kind, each.codes, each.text, each.symbol) for each in found if not each.guard
    )


def _ends(found: tuple[Suppression, ...]) -> Counter[str]:
    return Counter(each.kind for each in found if each.guard)
