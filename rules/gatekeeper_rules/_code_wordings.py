"""How people put what the rules about code prove."""

from __future__ import annotations

from collections.abc import Mapping

from gatekeeper import Wording
from gatekeeper_rules import _proposals as propose
from gatekeeper_rules._wording_parts import (
    DURABLE_OBJECTS,
    ORCHESTRATION,
    REMOVED,
    UPDATED,
    WHAT,
    WORKFLOWS,
    gap,
)

_ONLY = r"\b(?:only|exclusively|nothing but)\b"
_DURABLE_GONE = (
    rf"\bno (?:more |remaining |legacy )?{DURABLE_OBJECTS}"
    r"(?=\s*(?:$|[.,;)]|(?:class(?:es)?|bindings?|patterns?)?\s*(?:is|are|may|must)?\s*"
    r"(?:remains?|left|used|exists?|anywhere|bound|in use|takes? part)\b))"
    rf"|\b(?:not|without|instead of|rather than|and no|free of|replac(?:e|es|ed|ing))"
    rf"(?: the| any| all| legacy)* {DURABLE_OBJECTS}(?!\s+(?:class|migration)s?\b)"
    rf"|{DURABLE_OBJECTS}{gap(20)}\b(?:are|is|have been|has been|must be)\b{gap(10)}"
    r"\b(?:gone|removed|replaced|retired|no longer|not (?:used|involved|needed))\b"
    rf"|{DURABLE_OBJECTS} no longer\b"
    r"|\bno (?:references?|uses?|usages?|traces?|imports?) (?:to|of) (?:the |any )?"
    rf"{DURABLE_OBJECTS}"
)
_SUPPORTED = (
    rf"{_ONLY}{gap(60)}\b(?:supported|supports?|documented)\b{gap(30)}"
    rf"\b(?:modules?|patterns?|packages?|apis?|librar(?:y|ies)|features?)\b"
    rf"|{_ONLY}{gap(40)}\b(?:modules?|patterns?|packages?|apis?|librar(?:y|ies)|features?)\b{gap(40)}"
    r"\b(?:supported|supports?|documented)\b"
    rf"|\bno\b{gap(20)}\bunsupported\b{gap(20)}\b(?:modules?|patterns?|packages?|apis?)\b"
)
_WORKFLOWS_RUN = (
    rf"{ORCHESTRATION}{gap(40)}\b(?:handled|runs?|done|driven|performed|executed|lives?|goes)\b{gap(10)}"
    rf"\b(?:by|on|through|via|in|as|with)\b{gap(10)}{WORKFLOWS}"
    rf"|{WORKFLOWS} (?:run|handle|drive|perform|execute)s?\b{gap(30)}{ORCHESTRATION}"
    rf"|{WORKFLOWS} (?:run|handle|drive|perform|execute)s? (?:all|every|each)\b{gap(20)}{WORKFLOWS}"
)

CODE: Mapping[str, tuple[Wording, ...]] = {
    "durable-object-used": (Wording(_DURABLE_GONE, propose=propose.durable_objects),),
    "unsupported-module": (Wording(_SUPPORTED),),
    "workflow-missing": (
        Wording(rf"^(?!{UPDATED[1:]}).*(?:{_WORKFLOWS_RUN})", propose=propose.orchestration),
        Wording(
            rf"^(?:(?:new|added?)\s*:)?{gap(40)}(?:{WORKFLOWS} entrypoints?\b"
            rf"|\bentrypoints?\b{gap(60)}{WORKFLOWS})",
            propose=propose.orchestration,
        ),
    ),
    "workflow-step-unsafe": (
        Wording(rf"^(?=.*\bpatterns?\b).*?(?:{_SUPPORTED})"),
        Wording(r"\brules of workflows\b"),
    ),
    "legacy-remains": (
        Wording(
            rf"\b(?:legacy|experimental|deprecated|obsolete)\b{gap(40)}"
            rf"\b(?:code|modules?|files?)\b{gap(40)}(?:{REMOVED})"
            r"|^(?!.*\b(?:references?|imports?|mentions?)\b).*"
            rf"\b(?:no|none of)\b{gap(20)}\b(?:legacy|experiments?|experimental|deprecated"
            rf"|obsolete)\b{gap(40)}\b(?:left|remains?|exists?)\b",
            propose=propose.legacy_folders,
        ),
        Wording(
            r"\bno (?:more |remaining )?(?:references?|usages?|uses?|mentions?|imports?) (?:to|of) "
            rf"{WHAT}",
            propose=propose.legacy_names,
        ),
    ),
}
