"""Findings and doubts about the code of scripts, with the line that they are about."""

from __future__ import annotations

from gatekeeper import Doubt, Excerpt, Finding, Side
from gatekeeper.source.script_syntax import Syntax, said
from gatekeeper_rules.code._script_code import ScriptFile

_LONGEST = 80


def finding_at(
    file: ScriptFile, node: Syntax, message: str, fix: str, *, symbol: str = "", quoted: str = ""
) -> Finding:
    """A fault at a piece of a script."""
    line = node.line
    return Finding(
        message,
        Side.HEAD,
        file.path,
        (Excerpt(line, file.text(line)),),
        fix,
        line=line,
        symbol=symbol,
        quoted=quoted or brief(node),
    )


def doubt_at(file: ScriptFile, node: Syntax, reason: str) -> Doubt:
    """Something of a script that cannot be followed."""
    return Doubt(reason, file.path, node.line)


def brief(node: Syntax) -> str:
    """A piece of code on one line, cut where it is long."""
    text = said(node)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
