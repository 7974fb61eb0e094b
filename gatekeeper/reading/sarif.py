"""SARIF 2.1.0, the results of any linter."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import unquote, urlsplit

from gatekeeper.reading.content import json_of, shown
from gatekeeper.reading.lint import Linted, Warned
from gatekeeper.reading.places import Place, placing
from gatekeeper.reading.shapes import Table
from gatekeeper.reading.unusable import Unusable

_VERSION = "2.1.0"
_NO_FAULT = ("pass", "notApplicable", "informational")


def read(content: bytes, root: str, cwd: str = "") -> tuple[Warned, ...]:
    """The results of all runs in it that are warnings, errors or notes.

    What a comment in the code suppresses is left out, as the tools do; what is suppressed
    outside of the code is not. Raises Unusable for another version, for a run that says it
    did not succeed, and for a file without any run.
    """
    return linted(content, root, cwd).warnings


def linted(content: bytes, root: str, cwd: str = "") -> Linted:
    """The same, with the tools' names and the files that they are known to have looked at."""
    log = Table(json_of(content), "the file")
    if log.text("version") != _VERSION:
        raise Unusable(f"it is SARIF {shown(log.get('version'))}, and {_VERSION} is read")
    runs = list(log.tables("runs"))
    if not runs:
        raise Unusable("not one run is in it")
    place = placing(root, cwd)
    warnings = tuple(each for run in runs for each in _run(run, place))
    listed = (place(path) for run in runs for path in _artifacts(run))
    files = frozenset([*listed, *(each.path for each in warnings if each.path)])
    return Linted(", ".join(_tool(run) for run in runs), warnings, files)


def _tool(run: Table) -> str:
    driver = run.table("tool").table("driver")
    version = driver.text_or_none("semanticVersion") or driver.text_or_none("version") or ""
    return f"{driver.text('name')} {version}".rstrip()


def _artifacts(run: Table) -> Iterator[str]:
    for each in run.tables("artifacts") if "artifacts" in run else ():
        if "location" in each and "uri" in each.table("location"):
            yield _path(run, each.table("location"))


def _run(run: Table, place: Place) -> Iterator[Warned]:
    driver = run.table("tool").table("driver")
    for invocation in run.tables("invocations") if "invocations" in run else ():
        if not invocation.truth("executionSuccessful"):
            raise Unusable(f"it says that {shown(driver.text('name'))} did not come to an end")
    if "results" not in run:
        raise Unusable(f"it says that {shown(driver.text('name'))} looked at nothing")
    for result in run.tables("results"):
        if not _is_faultless(result):
            yield _warned(run, result, place)


def _is_faultless(result: Table) -> bool:
    if result.get("kind") in _NO_FAULT:
        return True
    given = result.tables("suppressions") if "suppressions" in result else ()
    return any(
        each.text("kind") == "inSource" and each.get("status") in (None, "accepted")
        for each in given
    )


def _warned(run: Table, result: Table, place: Place) -> Warned:
    code = _code(run, result)
    message = _message(result.table("message"))
    locations = list(result.tables("locations")) if "locations" in result else []
    if not locations or "physicalLocation" not in locations[0]:
        return Warned("", None, None, code, message)
    at = locations[0].table("physicalLocation")
    path = place(_path(run, at.table("artifactLocation")))
    if "region" not in at:
        return Warned(path, None, None, code, message)
    region = at.table("region")
    return Warned(path, region.place("startLine"), region.place("startColumn"), code, message)


def _code(run: Table, result: Table) -> str:
    if "ruleId" in result:
        return result.text("ruleId")
    rule = result.table("rule") if "rule" in result else result
    if "id" in rule:
        return rule.text("id")
    key = "index" if "rule" in result else "ruleIndex"
    return _nth(run.table("tool").table("driver"), "rules", rule.count(key)).text("id")


def _message(message: Table) -> str:
    for key in ("text", "markdown", "id"):
        if key in message:
            return message.text(key)
    raise Unusable("a result says nothing")


def _path(run: Table, artifact: Table) -> str:
    """The path of a file, out of its address and those that addresses are relative to."""
    if "uri" not in artifact:
        artifact = _nth(run, "artifacts", artifact.count("index")).table("location")
    path = _of_uri(artifact.text("uri"))
    base = artifact.text_or_none("uriBaseId")
    bases = run.table("originalUriBaseIds") if "originalUriBaseIds" in run else None
    seen: set[str] = set()
    while base is not None and bases is not None and base in bases and base not in seen:
        seen.add(base)
        above = bases.table(base)
        if "uri" in above:
            path = f"{_of_uri(above.text('uri')).rstrip('/')}/{path}" if path[:1] != "/" else path
        base = above.text_or_none("uriBaseId")
    return path


def _of_uri(uri: str) -> str:
    try:
        parts = urlsplit(uri)
    except ValueError:
        raise Unusable(f"it names {shown(uri)}, which is no address") from None
    if parts.scheme not in ("", "file") or parts.netloc not in ("", "localhost"):
        raise Unusable(f"it names {shown(uri)}, which is not a file in the tree")
    return unquote(parts.path)


def _nth(table: Table, key: str, n: int) -> Table:
    items = list(table.tables(key)) if key in table else []
    if n >= len(items):
        raise Unusable(f"it points at number {n} of its {key}, and holds {len(items)}")
    return items[n]
