"""Which files a Python file imports or runs by a string, however the string is put together."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from gatekeeper import Doubt
from gatekeeper.source.code_scopes import Scopes
from gatekeeper.source.code_tree import Kind
from gatekeeper.source.code_values import Sort
from gatekeeper.source.python_lookalikes import plain
from gatekeeper.source.python_modules import Modules, module_of
from gatekeeper.source.python_names import Names
from gatekeeper.source.python_spelling import says
from gatekeeper.source.python_text import python_text
from gatekeeper_rules.code._code_strings import code_strings
from gatekeeper_rules.code._durable_sheet import sheet_of
from gatekeeper_rules.code._durable_view import View
from gatekeeper_rules.code._python_sources import Sources

STARTS = (b"__import__", b"compile", b"eval", b"exec", b"importlib", b"resolve_name", b"runpy")
"""Words of which a file has one that imports or runs something by a string."""

_CALLED = frozenset({Kind.CALL, Kind.ATTRIBUTE, Kind.SUBSCRIPT})
_TEXTS = frozenset({Kind.STRING, Kind.JOINED, Kind.BINARY})


def started_by_name(path: str, sources: Sources, modules: Modules) -> frozenset[str]:
    """The modules that a file imports or runs so; raises `Unreadable`."""
    content = sources.content(path)
    said = plain(content)
    if not any(says(word, said) for word in STARTS):
        return frozenset()
    names = Names(modules)
    names.add(path, sources.facts(path).tree)
    view = View(names, path, sheet_of(path, python_text(content, path)))
    return frozenset([*_imported(view, modules), *_opened(view, sources)])


def _imported(view: View, modules: Modules) -> Iterator[str]:
    for use in view.scopes.uses:
        if use.node.kind in _CALLED:
            found = view.all_values(use.node, use.scope)
            yield from (each.text for each in found if each.sort is Sort.MODULE)
    for number, code in enumerate(code_strings(view)):
        if not isinstance(code, Doubt):
            inside = f"{view.path}\0{number}"
            view.names.add(inside, code[1])
            yield from _imports(view.names.files[inside], view.path, modules)


def _imports(scopes: Scopes, path: str, modules: Modules) -> Iterator[str]:
    for binding, _ in scopes.imports:
        for dotted in (binding.module, f"{binding.module.rstrip('.')}.{binding.name}"):
            yield from modules.find(path, dotted)


def _opened(view: View, sources: Sources) -> Iterator[str]:
    """Files of which a string says the path, or the end of it, as `open` and `runpy` take it."""
    for use in view.scopes.uses:
        if use.node.kind in _TEXTS:
            for text in view.texts(use.node, use.scope)[0]:
                end = posixpath.normpath(f"/{text}") if text.endswith(".py") else ""
                called = sources.called.get(end.rpartition("/")[2], ()) if end else ()
                yield from (module_of(each) for each in called if f"/{each}".endswith(end))
