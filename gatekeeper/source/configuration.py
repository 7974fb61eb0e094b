"""What a configuration file hides from the tools that read it, and what it makes them look at."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from gatekeeper.source.suppression import Suppression
from gatekeeper.source.tool_knobs import KNOBS, Effect, Knob
from gatekeeper.source.tool_settings import Setting, settings_in

_Roots = dict[str, str]


class Place(NamedTuple):
    """A file that tools read: pattern of its name, and under which keys each tool looks."""

    name: re.Pattern[str]
    roots: _Roots


def _place(name: str, roots: _Roots) -> Place:
    return Place(re.compile(name), roots)


_COVERAGE_INI = {r"coverage:(?=run|report)": "coverage"}
_PLACES = (
    _place(
        r"pyproject\.toml",
        {
            r"tool/ruff/": "ruff",
            r"tool/mypy/": "mypy",
            r"tool/(?:based)?pyright/": "pyright",
            r"tool/pylint/": "pylint",
            r"tool/coverage/": "coverage",
            r"tool/flake8/": "flake8",
            r"tool/bandit/": "bandit",
            r"tool/isort/": "isort",
            r"tool/black/": "black",
            r"tool/ty/": "ty",
        },
    ),
    _place(r"\.?ruff\.toml", {"": "ruff"}),
    _place(r"ty\.toml", {"": "ty"}),
    _place(r"\.?mypy\.ini", {r"mypy/|mypy-(?=[^/]+/)": "mypy"}),
    _place(r"pyrightconfig\.json", {"": "pyright"}),
    _place(r"\.flake8", {r"flake8/|pycodestyle/|pydocstyle/": "flake8"}),
    _place(
        r"(?:setup\.cfg|tox\.ini)",
        {
            r"flake8/|pycodestyle/|pep8/": "flake8",
            r"mypy/|mypy-(?=[^/]+/)": "mypy",
            r"(?:tool:)?isort/": "isort",
            r"pylint\.": "pylint",
            **_COVERAGE_INI,
        },
    ),
    _place(r"\.?pylintrc(?:\.toml)?", {r"(?:tool/pylint/)?": "pylint"}),
    _place(r"\.coveragerc", {r"(?=run/|report/)": "coverage", **_COVERAGE_INI}),
    _place(r"\.coveragerc\.toml", {r"(?:tool/coverage/)?": "coverage"}),
    _place(r"\.bandit", {"": "bandit"}),
    _place(r"\.isort\.cfg", {r"(?:settings|isort)/": "isort"}),
    _place(r"(?:ts|js)config[^/]*\.json", {"": "tsc"}),
    _place(r"\.eslintrc(?:\.json|\.ya?ml)?", {"": "eslint"}),
    _place(r"eslint-suppressions\.json", {"": "eslint suppressions"}),
    _place(r"\.?oxlintrc\.jsonc?", {"": "oxlint"}),
    _place(r"\.?biome\.jsonc?", {"": "biome"}),
    _place(r"deno\.jsonc?", {"": "deno"}),
    _place(r"\.(?:nyc|c8)rc(?:\.json|\.ya?ml)?", {"": "nyc"}),
    _place(r"jest\.config\.json", {"": "jest"}),
    _place(r"\.stylelintrc(?:\.json|\.ya?ml)?", {"": "stylelint"}),
    _place(
        r"package\.json",
        {
            r"eslintConfig/": "eslint",
            r"(?:nyc|c8)/": "nyc",
            r"jest/": "jest",
            r"stylelint/": "stylelint",
            r"eslintIgnore(?=$)": "eslintIgnore",
        },
    ),
)
_IGNORE_FILE = re.compile(r"\.(?:eslint|prettier|stylelint|biome|oxlint)ignore")
_LEVELS = {
    **dict.fromkeys(("off", "0", "none", "allow", "false", "no", "ignore"), "off"),
    **dict.fromkeys(("warn", "warning", "info", "information", "1"), "warn"),
    **dict.fromkeys(("error", "err", "deny", "2", "on", "true", "yes"), "on"),
}
_MYPY_SECTION = re.compile(r"mypy-(.+)")
_FLAKE_CODE = re.compile(r"[A-Z]+[0-9]*")
_WORD = re.compile(r"[^\s,]+")


def is_settings(path: str) -> bool:
    """Whether tools read their settings from a file of this name, and we as well."""
    name = path.rpartition("/")[2]
    return bool(_IGNORE_FILE.fullmatch(name)) or any(each.name.fullmatch(name) for each in _PLACES)


def hidden_by(content: bytes, path: str) -> tuple[Suppression, ...]:
    """What the file hides, and its guards; raises `Unreadable`."""
    name = path.rpartition("/")[2]
    if _IGNORE_FILE.fullmatch(name):
        return tuple(_ignored(content, name))
    place = next(each for each in _PLACES if each.name.fullmatch(name))
    found: list[Suppression] = []
    for setting in settings_in(content, path):
        for tool, keys, where in _told(place, setting):
            found += _effects(tool, keys, where, setting)
    return tuple(found)


def _told(place: Place, setting: Setting) -> Iterator[tuple[str, str, str]]:
    """The tool that a setting is for, the keys below the tool's own, and what it is about."""
    dotted = setting.dotted
    for root, tool in place.roots.items():
        if found := re.match(root, dotted):
            section = _MYPY_SECTION.fullmatch(setting.keys[0]) if tool == "mypy" else None
            where = section.group(1) if section else ""
            yield tool, setting.keys[-1] if section else dotted[found.end() :], where


def _effects(tool: str, keys: str, where: str, setting: Setting) -> Iterator[Suppression]:
    if tool == "eslintIgnore":
        yield _suppression("eslint: eslintIgnore", setting, setting.value, "")
        return
    keys = keys.replace("_", "-") if tool in ("flake8", "pylint") else keys
    # Where ruff's settings stood before they were those of its linter.
    keys = keys.removeprefix("lint/") if tool == "ruff" else keys
    for knob in KNOBS[tool]:
        found = knob.keys.fullmatch(keys)
        if found:
            about = found.groupdict().get("where") or where
            yield from _values(tool, knob, keys, about, setting)


def _values(
    tool: str, knob: Knob, keys: str, where: str, setting: Setting
) -> Iterator[Suppression]:
    inner = _without(keys, where)
    # What stands in `[mypy-tests.*]` elsewhere is an override in TOML.
    name = f"{tool}: {_named(inner.removeprefix('overrides/') if tool == 'mypy' else inner)}"
    if tool == "flake8" and keys == "per-file-ignores":
        for path, code in _exceptions(setting.value):
            yield _suppression(name, setting, code, path, prefixed=True)
        return
    values = [setting.value] if setting.listed else re.split(knob.split.value, setting.value)
    for value in filter(None, values):
        if knob.when.fullmatch(value):
            guard = knob.effect is Effect.GUARDS
            said = value if tool == "eslint suppressions" else _LEVELS.get(value.lower(), value)
            yield _suppression(name, setting, said, where, guard=guard, prefixed=knob.prefixed)


def _exceptions(said: str) -> Iterator[tuple[str, str]]:
    """The pairs of `a.py: F401,E501 b.py:W291`."""
    path = ""
    for word in _WORD.findall(said.replace(" :", ":")):
        before, colon, after = word.rpartition(":")
        path, code = (before, after) if colon else (path, word)
        if _FLAKE_CODE.fullmatch(code):
            yield path, code


def _without(keys: str, where: str) -> str:
    """The keys without what the setting is about."""
    if not where:
        return keys
    return keys.replace(f"<{where}>/", "").replace(f"/{where}", "").removeprefix(f"{where}/")


def _named(keys: str) -> str:
    """The keys as people write them; names of rules have slashes of their own."""
    outer, rules, rule = keys.partition("rules/")
    return outer.replace("/", ".") + (f"rule {rule}" if rules else "")


def _suppression(
    kind: str,
    setting: Setting,
    value: str,
    where: str,
    *,
    guard: bool = False,
    prefixed: bool = False,
) -> Suppression:
    around = ("prefixed",) if prefixed else ()
    return Suppression(kind, (value,), where, "", setting.line, setting.column, around, guard)


def _ignored(content: bytes, name: str) -> Iterator[Suppression]:
    for number, line in enumerate(content.decode("utf-8", "replace").splitlines(), 1):
        if line.strip() and not line.startswith("#"):
            kind = f"{name}: pattern"
            yield Suppression(kind, (line.strip(),), "", "", number, 1, (), line.startswith("!"))
