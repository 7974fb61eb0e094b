"""Findings and doubts about Workflows, with the line that they are about."""

from __future__ import annotations

import ast

from gatekeeper import Doubt, Excerpt, Finding, Side
from gatekeeper_rules.code._workflow_code import Code
from gatekeeper_rules.code._workflow_regions import Region

_LONGEST = 80


def finding_in(
    code: Code, path: str, line: int, message: str, fix: str, *, symbol: str = "", quoted: str = ""
) -> Finding:
    """A fault at a line of a file that was taken in."""
    text = code.module(path).text(line)
    return Finding(
        message,
        Side.HEAD,
        path,
        (Excerpt(line, text),),
        fix,
        line=line,
        symbol=symbol,
        quoted=quoted or text,
    )


def fault(region: Region, node: ast.expr | ast.stmt, message: str, fix: str) -> Finding:
    """A fault of a region's code, at the node."""
    return finding_in(
        region.code,
        region.path,
        node.lineno,
        message,
        fix,
        symbol=region.symbol,
        quoted=shown(node),
    )


def doubt(region: Region, node: ast.expr | ast.stmt, reason: str) -> Doubt:
    """Something of a region's code that cannot be followed."""
    return Doubt(reason, region.path, node.lineno)


def shown(node: ast.AST) -> str:
    """An expression or statement, put briefly."""
    first, _, rest = ast.unparse(node).partition("\n")
    short = first if len(first) <= _LONGEST else f"{first[:_LONGEST]}…"
    return f"{short} …" if rest else short
