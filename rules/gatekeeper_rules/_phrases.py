"""What stands in a clause's text: lists, paths, names and percentages."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

_FILE = (
    r"[\w@+~-][\w.@+~-]*\.(?:py|pyi|tsx?|jsx|mjs|cjs|jsonc?|toml|ya?ml|sql|md|rst|txt|ini|cfg|html"
    r"|css|sh|lock|csv|proto|wasm|js)"
)
_PUNCTUATION = " \t.,;:!?\"'"
_LIST_ENDS = (
    r"\b(?:in|during|within|as part of|for|while|when|by|at|until|with|through|under|is|are|may"
    r"|must|shall|should|will|can|do|does|has|have|that|which|without|before|after|remains?|left|exists?"
    r"|anywhere|survives?)\b|\s[-(]|[;:()]|\.(?!\w)"
)
_LEAD = (
    r"^(?:(?:(?:files|code|contents?|sources?) of|the|any|all|our|existing|current|either|both|each"
    r"|every|of|to|an?|what)\s+)+"
)


def listing(text: str, *, cut: bool = True) -> tuple[str, ...]:
    """The things that `text` lists, without articles: "the a, b, or c" gives a, b and c.

    With `cut`, what follows the list (where, when, how) is left out first.
    """
    if cut:
        text = re.split(_LIST_ENDS, re.sub(r"\([^)]*\)", "", text).strip(), maxsplit=1)[0]
    parts = re.split(r"\s*[,;]\s*(?:(?:and|or|nor)\s+)?", text.strip(" ."))
    parts[-1:] = re.split(r"\s+(?:and|or|nor|&)\s+", parts[-1]) if cut or len(parts) > 1 else parts
    bare = (re.sub(_LEAD, "", part.strip(" .\"'"), flags=re.IGNORECASE) for part in parts)
    return tuple(dict.fromkeys(part for part in bare if part))


def paths_in(text: str, known: Sequence[str]) -> tuple[str, ...]:
    """The paths that `text` names, as patterns: a folder stands for all that is in it.

    Prose writes slashes between words as well ("workflow/storage"), so what has neither an
    extension nor a wildcard must be among the paths that are `known`.
    """
    text = re.sub(r"\w+://\S+", " ", text)
    tokens = (token.strip(_PUNCTUATION) for token in re.split(r"[\s,;()\[\]\"'`]+", text))
    found = (_pattern(token.removeprefix("./"), known) for token in tokens)
    return tuple(dict.fromkeys(pattern for pattern in found if pattern))


def _pattern(token: str, known: Sequence[str]) -> str:
    if not re.fullmatch(r"/?[\w.@+~*?-]+(?:/[\w.@+~*?-]+)*/?", token) or ".." in token:
        return ""
    folder = token.strip("/") + "/"
    if "/" in token and any(path.startswith(folder) for path in known):
        return folder + "**"
    if token.endswith("/"):
        return token + "**" if "/" in token[:-1] or "*" in token else folder + "**"
    if "*" in token and ("/" in token or "." in token):
        return token
    if not re.fullmatch(_FILE, token.rpartition("/")[2]):
        return ""
    return token if "/" in token or not token.endswith(".js") or token in known else ""


def exists(pattern: str, known: Sequence[str]) -> bool:
    """Whether one of the paths is what `pattern`, as `paths_in` writes it, stands for."""
    if pattern.endswith("/**"):
        return any(path.startswith(pattern[:-2].lstrip("/")) for path in known)
    return any(path == pattern or path.endswith("/" + pattern) for path in known)


def test_folders(known: Sequence[str]) -> tuple[str, ...]:
    """The folders of tests at the root; `tests`, where there is none yet."""
    roots = dict.fromkeys(path.partition("/")[0] for path in known if "/" in path)
    found = tuple(f"{root}/**" for root in roots if re.fullmatch(r"_*tests?_*|specs?|e2e", root))
    return found or ("tests/**",)


def identifiers(items: Sequence[str]) -> tuple[str, ...] | None:
    """`items`, if each is a name as code has it; None where one of them is prose."""
    name = r"(?:[A-Za-z_]\w*\.)*(?:[A-Z][a-z0-9]+[A-Z]\w*|_?[a-z0-9]+_\w+|[A-Za-z_]\w*)(?:\(\))?"
    names = tuple(item.removesuffix("()") for item in items if re.fullmatch(name, item))
    told = all("." in name or "_" in name or re.search(r"[a-z0-9][A-Z]", name) for name in names)
    return names if names and told and len(names) == len(items) else None


def snake(name: str) -> str:
    """A thing's name as a table would have it: "audit events" gives audit_events."""
    return "_".join(re.findall(r"[a-z0-9]+", name.lower()))


def percentages(text: str) -> tuple[tuple[str, Decimal], ...]:
    """Each percentage of `text` with the words that belong to it."""
    parts = re.split(r"[,;()]|\.(?!\d)|\band\b", text)
    found = []
    for part in parts:
        numbers = re.findall(r"(\d{1,3}(?:\.\d+)?)\s*(?:%|percent\b|per cent\b)", part)
        found += [(part, Decimal(number)) for number in numbers]
    return tuple(found)
