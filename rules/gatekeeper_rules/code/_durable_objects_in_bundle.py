"""Durable Objects in what wrangler would upload: its modules as built, and its bindings."""

from __future__ import annotations

from collections.abc import Iterator

from gatekeeper import Doubt, Examined, Excerpt, Finding, Observation, Side, Snapshot, Trail
from gatekeeper.reading.bundled import Bundled, Upload
from gatekeeper.source.python_paths import is_python
from gatekeeper.source.script_text import is_script

_KIND = "durable_object"
_MOST = 20
_WIDTH = 300
_FIX = (
    "Find where it comes from (the comments in the bundle name the source files), keep the state "
    "in D1 and run the steps in a Workflow; then take it, or the package that brings it, out."
)


def observations(bundled: Bundled, path: str) -> Iterator[Observation]:
    """What is found, at `path`: the modules are no files of the tree."""
    for upload in bundled.uploads:
        yield Examined("modules that would be uploaded", len(upload.modules))
        for binding in upload.bindings:
            if binding.type.startswith(_KIND):
                about = f" of the class `{binding.about}`" if binding.about else ""
                message = f"`{upload.command}` binds `{binding.name}` to a Durable Object{about}"
                yield _finding(path, message, f"{binding.name}: {binding.type}")
        yield from _in_modules(upload, path)


def _in_modules(upload: Upload, path: str) -> Iterator[Observation]:
    from gatekeeper_rules.code import _durable_objects_in_python as python
    from gatekeeper_rules.code import _durable_objects_in_script as script

    built = Snapshot.of("what is built", {_named(name): t for name, t in upload.modules.items()})
    said = (
        *script.observations(built, tests=True, generated=True),
        *python.observations(built, tests=True, generated=True),
    )
    found = [each for each in said if isinstance(each, Finding)]
    for each in found[:_MOST]:
        message = f"`{upload.command}` uploads {each.path}, in which {each.line}: {each.message}"
        shown = (proof.text for proof in each.evidence if isinstance(proof, Excerpt))
        yield _finding(path, message, f"{each.path}:{each.line}  {next(shown, each.quoted)}")
    for doubt in (each for each in said if isinstance(each, Doubt)):
        where = f"{doubt.path}:{doubt.line}" if doubt.line else doubt.path
        yield Doubt(f"of what `{upload.command}` uploads, {where}: {doubt.reason}")
    for name in upload.opaque:
        if is_script(name) or is_python(name):
            yield Doubt(f"of what `{upload.command}` uploads, {name} is no text")


def _named(name: str) -> str:
    """The name of a module as a file's; one without a suffix is a script."""
    return name if "." in name.rpartition("/")[2] else f"{name}.js"


def _finding(path: str, message: str, shown: str) -> Finding:
    return Finding(
        message,
        Side.HEAD,
        path,
        (Trail((shown[:_WIDTH],)),),
        _FIX,
        symbol="readings",
        quoted=shown[:_WIDTH],
    )
