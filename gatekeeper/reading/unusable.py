"""The one error of every reader of a tool's output."""

from __future__ import annotations


class Unusable(Exception):
    """What a tool wrote cannot be taken for a reading; the text completes "it is missing: …".

    Raised for a file that is empty, cut off, too large, of another format or version, or at
    odds with itself: never is such a file taken for zero, or for a hundred.
    """
