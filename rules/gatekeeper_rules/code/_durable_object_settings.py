"""The faults a wrangler configuration can have as to Durable Objects, each with its mending."""

from __future__ import annotations

from collections.abc import Iterator

from gatekeeper import Evidence, Excerpt, Finding, Side, Trail
from gatekeeper.source.located import Span
from gatekeeper.source.wrangler_lifecycle import trail
from gatekeeper.source.wrangler_terms import (
    Container,
    DurableObjectBinding,
    Environment,
    Export,
    Exports,
    ExportState,
    Fate,
    Migrations,
    Step,
    Text,
)
from gatekeeper.value import dataclass

_LINES = 12
_WIDTH = 160
_SHOWN = 80


@dataclass(frozen=True, slots=True)
class Sheet:
    """A configuration file's path and lines, from which findings quote."""

    path: str
    lines: tuple[str, ...]

    def excerpt(self, span: Span) -> Excerpt:
        """The lines of a value, the first `_LINES` of them."""
        end = min(span.end_line, span.line + _LINES - 1)
        lines = (line.rstrip("\r")[:_WIDTH] for line in self.lines[span.line - 1 : end])
        return Excerpt(span.line, "\n".join(lines))

    def step(self, span: Span, text: str) -> str:
        """A step of a trail."""
        return f"{self.path}:{span.line}  {text}"


def of_bindings(sheet: Sheet, environment: Environment) -> Iterator[Finding]:
    """Every Durable Object binding, whoever owns the class and whether it still lives."""
    for binding in environment.durable_objects:
        name, owned = shown(binding.name), shown(binding.class_name)
        message, fix, evidence = _binding(sheet, environment, binding)
        yield _finding(
            sheet,
            binding.where,
            (binding.class_name or binding).span,
            f"{name}: {owned}",
            message=f"`{binding.where}` binds {message} as `{name}`",
            fix=fix,
            evidence=(sheet.excerpt(binding.span), *evidence),
        )


def _binding(
    sheet: Sheet, environment: Environment, binding: DurableObjectBinding
) -> tuple[str, str, tuple[Evidence, ...]]:
    """What is bound, how to mend it, and what shows it besides the binding."""
    named = f"the Durable Object class `{shown(binding.class_name)}`"
    if binding.script:
        owner = shown(binding.script)
        fix = f"Remove the binding; `{owner}` cannot delete the class before that is deployed."
        return f"{named} of another Worker, `{owner}`,", fix, ()
    gone = _gone(environment, binding)
    if gone:
        fix = "Remove the binding: a deploy that deletes a class still bound is refused (10061)."
        step = sheet.step(gone.span, f"`{shown(gone)}` is deleted or renamed here")
        return f"{named}, which this Worker no longer has,", fix, (Trail((step,)),)
    return named, _retire(shown(binding.class_name), "Remove the binding. "), ()


def _gone(environment: Environment, binding: DurableObjectBinding) -> Text | None:
    """Where the binding's class left this Worker."""
    name = binding.class_name.value if binding.class_name else ""
    export = environment.exports.classes.get(name)
    if export:
        return export.name if export.state and not export.state.live else None
    left = environment.migrations.gone.get(name)
    return left.name if left else None


def of_migrations(sheet: Sheet, migrations: Migrations) -> Iterator[Finding]:
    """Every class that the migrations leave alive, at the line of its present name."""
    for name, step in migrations.live.items():
        steps = trail(step, lambda each: sheet.step(each.name.span, _told(each)))
        more = (Trail(steps),) if len(steps) > 1 else ()
        yield _finding(
            sheet,
            migrations.where,
            step.name.span,
            name,
            message=f"the Durable Object class {_told(step)} and never deleted after",
            fix=_retire(shown(step.name), ""),
            evidence=(sheet.excerpt(step.name.span), *more),
        )


def _told(step: Step) -> str:
    name, tag = shown(step.name), shorter(step.tag)
    match step.fate:
        case Fate.RENAMED_TO if step.before:
            return f"`{shown(step.before.name)}` is renamed to `{name}` by migration `{tag}`"
        case Fate.RENAMED_TO:
            return f"`{name}` takes another's place by migration `{tag}`"
        case Fate.TRANSFERRED_IN:
            return f"`{name}` is transferred in from another Worker by migration `{tag}`"
        case _:
            return f"`{name}` is {step.fate.value} by migration `{tag}`"


def of_exports(sheet: Sheet, exports: Exports) -> Iterator[Finding]:
    """Every live Durable Object class among the exports, at the line of its key."""
    for export in exports.entries:
        if export.is_durable_object and (export.state is None or export.state.live):
            yield _finding(
                sheet,
                exports.where,
                export.name.span,
                export.name.value,
                message=f"`{exports.where}` declares {_declared(export)}",
                fix=_TOMBSTONE.format(name=shown(export.name)),
                evidence=(sheet.excerpt(_whole(export)),),
            )


_TOMBSTONE = (
    "Make `{name}` a tombstone, `{{"
    '"type": "durable-object", "state": "deleted"'
    "}}`, in the deploy that removes the class from the code and every binding to it; "
    "deleting it deletes its data, so copy that elsewhere first."
)


def _declared(export: Export) -> str:
    named = f"the live Durable Object class `{shown(export.name)}`"
    if export.state is ExportState.EXPECTING_TRANSFER:
        return f"{named}, to be transferred from `{shown(export.other)}`"
    return named


def _whole(export: Export) -> Span:
    """From the key to the end of its table."""
    first = export.name.span
    return Span(first.line, first.column, max(first.line, export.span.end_line))


def of_containers(sheet: Sheet, environment: Environment) -> Iterator[Finding]:
    """Every container: it has no way to run but behind a Durable Object class."""
    for container in environment.containers:
        name = shown(container.name or container.class_name)
        yield _finding(
            sheet,
            container.where,
            (container.class_name or container).span,
            name,
            message=f"`{container.where}` runs the container `{name}` in {_class(container)}",
            fix="Remove the container, and retire the class that runs it.",
            evidence=(sheet.excerpt(container.span),),
        )


def _class(container: Container) -> str:
    if container.class_name:
        return f"the Durable Object class `{shown(container.class_name)}`"
    return "the Durable Object class whose export names it"


def _retire(name: str, first: str) -> str:
    return (
        f"{first}Delete the class by a new entry at the end of `migrations`, with a new tag and "
        f'`deleted_classes` = ["{name}"], in the deploy that removes the class from the code and '
        "every binding to it; deleting it deletes its data, so copy that elsewhere first."
    )


def _finding(
    sheet: Sheet,
    symbol: str,
    at: Span,
    quoted: str,
    *,
    message: str,
    fix: str,
    evidence: tuple[Evidence, ...],
) -> Finding:
    return Finding(
        message=message,
        side=Side.HEAD,
        path=sheet.path,
        evidence=evidence,
        fix=fix,
        line=at.line,
        end_line=at.line,
        column=at.column,
        symbol=symbol,
        quoted=quoted,
    )


def shown(text: Text | None) -> str:
    """A name as a sentence can hold it."""
    return shorter(text.value) if text else "?"


def shorter(text: str) -> str:
    """The beginning of a text that may be as long as its author likes."""
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
