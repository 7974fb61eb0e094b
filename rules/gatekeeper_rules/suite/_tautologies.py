"""Whether an expression that is asserted holds whatever happens."""

from __future__ import annotations

import ast

from gatekeeper.source.python_walk import every


def truth(node: ast.expr) -> bool | None:
    """What the expression is worth whatever happens; None where that depends."""
    match node:
        case ast.Constant():
            return bool(node.value)
        case ast.Lambda() | ast.GeneratorExp():
            return True
        case ast.Tuple() | ast.List() | ast.Set() | ast.Dict():
            return _of_literal(node)
        case ast.JoinedStr():
            return True if any(isinstance(each, ast.Constant) for each in node.values) else None
        case _:
            return _of_operation(node)


def _of_operation(node: ast.expr) -> bool | None:
    match node:
        case ast.UnaryOp(op=ast.Not()):
            held = truth(node.operand)
            return None if held is None else not held
        case ast.BoolOp():
            return _of_choice(node)
        case ast.Compare():
            return _of_comparison(node)
        case _:
            return _of_choosing(node)


def _of_choosing(node: ast.expr) -> bool | None:
    match node:
        case ast.IfExp():
            return _of_condition(node)
        case ast.NamedExpr():
            return truth(node.value)
        case ast.Call():
            return _of_call(node)
        case _:
            return None


def _of_condition(node: ast.IfExp) -> bool | None:
    tested = truth(node.test)
    if tested is not None:
        return truth(node.body if tested else node.orelse)
    one, other = truth(node.body), truth(node.orelse)
    return one if one == other else None


def _of_call(node: ast.Call) -> bool | None:
    """`bool(x)` of a constant, and `isinstance(x, object)`."""
    match node:
        case ast.Call(func=ast.Name("bool"), args=[held], keywords=[]):
            return truth(held)
        case ast.Call(func=ast.Name("isinstance"), args=[_, ast.Name("object")]):
            return True
        case ast.Call(func=ast.Name("all" | "any" as name), args=[held], keywords=[]):
            return _of_all_or_any(name, held)
        case _:
            return None


def _of_all_or_any(name: str, held: ast.expr) -> bool | None:
    """`all(…)` of what is empty, and `any([…])` with something in it that is always true."""
    if isinstance(held, ast.GeneratorExp | ast.ListComp | ast.SetComp):
        empty = any(truth(each.iter) is False for each in held.generators)
        return (name == "all") if empty else None
    if not isinstance(held, ast.Tuple | ast.List | ast.Set):
        return None
    worth = [truth(each) for each in held.elts]
    if name == "any":
        return True if True in worth else None
    return True if all(worth) else None


def _of_literal(node: ast.Tuple | ast.List | ast.Set | ast.Dict) -> bool | None:
    held = node.keys if isinstance(node, ast.Dict) else node.elts
    if any(each is None or isinstance(each, ast.Starred) for each in held):
        return None
    return bool(held)


def _of_choice(node: ast.BoolOp) -> bool | None:
    worth = [truth(each) for each in node.values]
    decisive = isinstance(node.op, ast.Or)
    if decisive in worth:
        return decisive
    if decisive and _excluded_middle(node.values):
        return True
    return None if None in worth else not decisive


def _excluded_middle(values: list[ast.expr]) -> bool:
    """Whether something and its opposite are among the values: `x or not x`."""
    texts = {ast.dump(each) for each in values}
    return any(
        isinstance(each, ast.UnaryOp)
        and isinstance(each.op, ast.Not)
        and ast.dump(each.operand) in texts
        for each in values
    )


def _of_comparison(node: ast.Compare) -> bool | None:
    if len(node.ops) != 1:
        return None
    left, op, right = node.left, node.ops[0], node.comparators[0]
    if isinstance(left, ast.Constant) and isinstance(right, ast.Constant):
        return _of_constants(left, op, right)
    if isinstance(op, ast.Eq | ast.Is | ast.LtE | ast.GtE) and _is_the_same(left, right):
        return True
    if isinstance(op, ast.In) and _is_among(left, right):
        return True
    if isinstance(op, ast.Eq) and (_is_anything(left) or _is_anything(right)):
        return True
    return True if _is_any_length(left, op, right) else None


def _is_anything(node: ast.expr) -> bool:
    """`unittest.mock.ANY`, which is equal to everything."""
    if isinstance(node, ast.Attribute):
        return node.attr == "ANY"
    return isinstance(node, ast.Name) and node.id == "ANY"


def _is_among(left: ast.expr, right: ast.expr) -> bool:
    """`x in [x, …]`."""
    if not isinstance(right, ast.List | ast.Tuple | ast.Set):
        return False
    return any(_is_the_same(left, each) for each in right.elts)


def _of_constants(left: ast.Constant, op: ast.cmpop, right: ast.Constant) -> bool | None:
    if isinstance(op, ast.Eq | ast.Is):
        return bool(left.value == right.value)
    if isinstance(op, ast.NotEq | ast.IsNot):
        return bool(left.value != right.value)
    return None


def _is_the_same(left: ast.expr, right: ast.expr) -> bool:
    """Whether both sides are one name; what is asked twice may well answer twice."""
    asking = ast.Call | ast.Await | ast.Subscript
    calls = any(isinstance(each, asking) for each in every(left))
    return not calls and ast.dump(left) == ast.dump(right)


def _is_any_length(left: ast.expr, op: ast.cmpop, right: ast.expr) -> bool:
    """`len(x) >= 0`, `len(x) > -1`, and the same turned round."""
    if isinstance(op, ast.LtE | ast.Lt):
        left, right = right, left
    elif not isinstance(op, ast.GtE | ast.Gt):
        return False
    counted = isinstance(left, ast.Call) and isinstance(left.func, ast.Name)
    if not counted or ast.unparse(left).partition("(")[0] != "len":
        return False
    least = ast.unparse(right)
    return least == ("0" if isinstance(op, ast.LtE | ast.GtE) else "-1")
