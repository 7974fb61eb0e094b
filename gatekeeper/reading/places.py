"""Paths as tools write them, made relative to the root of the tree."""

from __future__ import annotations

import posixpath
from collections.abc import Callable
from functools import cache

from gatekeeper.reading.content import shown
from gatekeeper.reading.unusable import Unusable

Place = Callable[[str], str]


def placing(root: str, cwd: str = "") -> Place:
    """What makes a path relative to `root`, the absolute path of the checkout.

    Relative paths are taken from `cwd`, a path below the root. What is made raises Unusable
    for a path outside of the root: such a file was written for another tree.
    """
    base = posixpath.normpath(root)
    prefix = base if base.endswith("/") else f"{base}/"
    start = posixpath.normpath(posixpath.join(base, cwd))

    @cache
    def place(path: str) -> str:
        full = posixpath.normpath(posixpath.join(start, path))
        if not path or "\0" in path or not full.startswith(prefix):
            raise Unusable(f"it names {shown(path)}, which is not a file in {base}")
        return full[len(prefix) :]

    return place
