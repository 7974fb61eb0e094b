"""How people put what the rules about the change itself prove."""

from __future__ import annotations

from collections.abc import Mapping

from gatekeeper import Wording
from gatekeeper_rules import _proposals as propose
from gatekeeper_rules._wording_parts import (
    API,
    CHANGE,
    EARLIER,
    IMPLEMENTED,
    KEPT,
    LATER,
    NOT,
    ROWS,
    SAME,
    STAYS,
    UPDATED,
    WHAT,
    gap,
)

_NO_NEW = r"\b(?:no|not (?:add|introduce)|without) (?:any )?(?:new |additional )+"
_OUTPUTS = ("outputs", "output", "deliverables", "deliverable")
_SCENES = ("inputs", "input", "background", "context")
_FORBIDDEN = ("disallowed", "forbidden", "prohibited", "out-of-scope", "non-goals")
_LABEL = (
    r"^(?P<label>(?:new|added|add|created?|updated?|changed?|modif(?:y|ied)|extend(?:ed)?|reworked"
    r"|rewritten|adapt(?:ed)?|revised|deleted?|removed?)"
    r"(?:\s*(?:/|and|or|&)\s*(?:new|updated?|changed|modified))?)\s*(?::|-(?= ))\s*"
)
_ARTIFACTS = r"\b(?:and |or |, )?art[ei]facts?\b"
_THINGS = WHAT.replace("+)", "+?)")

CHANGE_RULES: Mapping[str, tuple[Wording, ...]] = {
    "protected-module-changed": (
        Wording(
            rf"\b(?:no|without(?: any)?) (?:changes?|modifications?|edits?) (?:to|in|of) {WHAT}",
            propose=propose.protected,
        ),
        Wording(
            r"(?:\b(?:do not|never|must not|may not|shall not|forbidden to|prohibited to"
            r"|not allowed to|not permitted to)|\bdon't) (?:modify|change|touch|alter|edit) "
            rf"{WHAT}",
            propose=propose.protected,
        ),
        Wording(
            rf"^{_THINGS} {STAYS}(?: completely| strictly| entirely)? {SAME}",
            propose=propose.protected,
        ),
        Wording(
            rf"^{_THINGS} (?:(?:must not|may not|shall not|cannot|is not to|are not to) "
            r"be|(?:is|are) not) (?:modified|changed|touched|altered|edited)\b",
            propose=propose.protected,
        ),
        Wording(
            rf"^(?:leave|keep) {_THINGS} (?:untouched|unchanged|alone|as)\b",
            propose=propose.protected,
        ),
        *(
            Wording(
                rf"^(?:any )?(?:modifying|changing|touching|altering|editing|(?:changes?"
                rf"|modifications?|edits?) (?:to|of|in)) {WHAT}",
                sections=(section,),
                propose=propose.protected,
            )
            for section in _FORBIDDEN
        ),
        Wording(
            rf"{ROWS}.*?(?:{_ARTIFACTS} integrity\b|\bintegrity of{gap(20)}{_ARTIFACTS}"
            rf"|{_ARTIFACTS}{gap(20)}{KEPT})",
            propose=propose.artifacts,
        ),
    ),
    "api-changed": (
        Wording(
            rf"^(?!.*\b(?:outside|beyond)\b).*{_NO_NEW}(?:[\w-]+ ){{0,2}}(?:features?|endpoints?"
            r"|routes?|apis?)\b",
            propose=propose.no_additions,
        ),
        Wording(
            rf"{NOT}{gap(60)}{API}{gap(70)}{CHANGE}|{NOT}{gap(40)}{CHANGE}{gap(60)}{API}"
            rf"|{API}{gap(60)}{NOT}{gap(30)}{CHANGE}"
            rf"|{API}{gap(40)}{STAYS}{gap(20)}(?:{SAME}|\b(?:stable|compatible|intact|identical)\b)"
        ),
        Wording(
            rf"\bno (?:user|client)[- ]facing regressions?\b"
            rf"|\b(?:users?|callers?|clients?)\b{gap(30)}\bno\b{gap(10)}\bregressions?\b"
            rf"|{API}{gap(60)}\bno(?:tices? no)? (?:difference|disruption|impact)\b"
            r"|\b(?:do not|don't|never|must not|may not) break (?:existing )?(?:clients|callers)\b"
        ),
        Wording(rf"{UPDATED}(?:the |all |existing |our )*{API}"),
        *(
            Wording(
                r"^(?:removing|altering|changing|breaking|modifying|renaming|deleting|dropping"
                rf"|taking away|changes? to|removal of){gap(60)}{API}",
                sections=(section,),
            )
            for section in _FORBIDDEN
        ),
    ),
    "out-of-scope-change": (
        Wording(
            rf"{_NO_NEW}(?:[\w-]+ ){{0,2}}features?\b|\bno scope creep\b", propose=propose.scope
        ),
        *(
            Wording(
                rf"^(?:introducing|adding|bringing in|building){gap(20)}"
                r"\b(?:features?|abstractions?)\b",
                sections=(section,),
                propose=propose.scope,
            )
            for section in _FORBIDDEN
        ),
        Wording(
            rf"(?:{NOT}|\b(?:features?|abstractions?)\b){gap(60)}\b(?:outside|beyond)\b{gap(60)}"
            rf"\b(?:migration|scope|stage|storage|workflows?|module)\b",
            propose=propose.scope,
        ),
        Wording(
            rf"\bonly\b{gap(60)}\b(?:may|can|is|are|will)(?: be)? "
            r"(?:changed?|touched|modified|edited)\b"
            rf"|{NOT}{gap(40)}\b(?:outside|beyond)\b",
            propose=propose.scope_named,
        ),
    ),
    "output-missing": (
        Wording(_LABEL, propose=propose.outputs),
        *(Wording(r"^", sections=(name,), propose=propose.unlabelled) for name in _OUTPUTS),
        Wording(
            rf"^(?:delete|remove) |^(?!.*(?:{NOT})).*\b(?:is|are|has been|have been|must be) "
            r"(?:deleted|removed|gone)\b",
            propose=propose.deleted,
        ),
    ),
    "input-missing": tuple(
        Wording(r"^", sections=(name,), propose=propose.inputs) for name in _SCENES
    ),
    "contract-after-code": (
        Wording(
            rf"\bcommitted\b.{{0,80}}?{EARLIER}.{{0,80}}?{IMPLEMENTED}"
            rf"|{EARLIER}.{{0,80}}?{IMPLEMENTED}.{{0,80}}?\bcommitted\b"
            rf"|{IMPLEMENTED}.{{0,80}}?{LATER}.{{0,80}}?\bcommitted\b"
        ),
    ),
    "contract-weakened": (
        Wording(
            r"\b(?:this |the )?contract\b (?:itself )?(?:is|must|may|shall) not (?:be )?"
            r"(?:changed|edited|weakened|altered|loosened)\b"
        ),
    ),
    "gate-tampered": (
        Wording(
            r"\b(?:lint|test|coverage|ci|hook|type)\b[^.;:]{0,60}\bconfigurations?\b[^.;:]{0,20}"
            rf"(?:{STAYS}{gap(10)}{SAME}|\bnot be (?:changed|loosened|weakened)\b)"
        ),
    ),
}
