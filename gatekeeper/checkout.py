"""What git itself may change in a file when it checks it out."""

from __future__ import annotations

import hashlib
import re

# https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md
_POINTER = re.compile(
    rb"version https://git-lfs\.github\.com/spec/v1\n(?:ext-[^\n]*\n)*"
    rb"oid sha256:([0-9a-f]{64})\nsize (\d{1,18})\n"
)


def checked_out(stored: bytes, content: bytes) -> bool:
    """Whether the file differs from its blob only by line ends, or is what its LFS pointer names.

    Line ends go one way: a checkout makes CR LF of LF (gitattributes(5), "eol").
    """
    if b"\r\n" in content and content.replace(b"\r\n", b"\n") == stored:
        return True
    pointer = _POINTER.fullmatch(stored)
    if pointer is None or int(pointer[2]) != len(content):
        return False
    return pointer[1].decode() == hashlib.sha256(content).hexdigest()
