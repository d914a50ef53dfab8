"""`cleaner explain`: why each span was changed, removed or flagged."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import click

from cleaner.cli.settings import Settings, with_settings
from cleaner.cli.sources import STDIN, Source
from cleaner.cli.streams import coloured, emit_text, say
from cleaner.config import NoiseConfig
from cleaner.edits import Change, Edit, Span, apply, compose, locate_all
from cleaner.errors import CleanerError
from cleaner.reasons import reason
from cleaner.result import CleanResult

FEATURES = 6
"""The features that are shown for a span: the strongest ones; the others add little."""

_WIDTH = 88

_LINE_END = re.compile(r"\r\n?|\n")


@dataclass(frozen=True, slots=True)
class Finding:
    """One proposal of a stage: its place in the source, the text that the stage saw, and whether it was carried out."""

    span: Span
    edit: Edit
    seen: str
    applied: bool

    @property
    def verdict(self) -> str:
        """What became of the span."""
        if self.edit.label:
            return "removed" if self.applied else "flagged"
        return "changed" if self.applied else "left"


@click.command("explain")
@click.argument("path", required=False, type=click.Path(path_type=Path), metavar="[PATH|-]")
@with_settings
def command(path: Path | None, settings: Settings) -> None:
    """Say of one text why each span would be changed, removed or flagged.

    Each finding has its place (line:column in the source), the verdict, the label or the stage, the score, the text,
    the reason and the rule. Where the model found it, the features that spoke loudest for it (+) and against it (-).
    """
    path = path or STDIN
    source = Source(str(path), path, path)
    cleaner = settings.cleaner()
    try:
        result = cleaner.clean(source.read())
    except CleanerError as error:
        raise CleanerError(f"{source.name}: {error}") from error
    for warning in result.warnings:
        say(f"{source.name}: {warning}")
    found = sorted(findings(result), key=lambda finding: (finding.span.start, finding.span.end))
    if not found:
        say(f"{source.name}: nothing was found")
    emit_text("".join(_paragraphs(found, result.decoded.text, source.name, cleaner.config.noise)))


def findings(result: CleanResult) -> Iterator[Finding]:
    """Every proposal of every stage."""
    text = result.decoded.text
    before: tuple[Change, ...] = ()
    for step in result.steps:
        if step.stage != "decode":  # line ends are no finding
            edits = [(edit, True) for edit in step.applied] + [(edit, False) for edit in step.withheld]
            spans = locate_all(before, [_without_separator(text, edit) for edit, _ in edits])
            for (edit, applied), span in zip(edits, spans, strict=True):
                yield Finding(span, edit, text, applied)
        before, text = compose(before, step.applied), apply(text, step.applied)


def _without_separator(text: str, edit: Edit) -> Span:
    """Where the text of an edit begins and ends: a removal often takes the line end before it along."""
    span = text[edit.start : edit.end]
    blank = len(span) - len(span.lstrip()) if edit.label and not span.isspace() else 0
    return Span(edit.start + blank, edit.end)


def _paragraphs(found: list[Finding], source: str, name: str, config: NoiseConfig) -> Iterator[str]:
    starts = [0, *(match.end() for match in _LINE_END.finditer(source))]
    colour = coloured()
    for finding in found:
        row = bisect_right(starts, finding.span.start)
        place = f"{name}:{row}:{finding.span.start - starts[row - 1] + 1}"
        edit = finding.edit
        head = f"{place}: {finding.verdict}: {edit.label or edit.stage}, score {edit.score:.3g}"
        yield (click.style(head, bold=True) if colour else head) + "\n"
        yield f"    {_quoted(finding)}\n"
        yield f"    {reason(edit)} ({edit.stage}/{edit.rule})\n"
        for feature, weight in _features(finding, config):
            yield f"    {weight:+.2f}  {feature}\n"
        yield "\n"


def _quoted(finding: Finding) -> str:
    """A removal as its text; another edit as the words around it, before and after."""
    edit, seen = finding.edit, finding.seen
    if edit.label:
        return _short(seen[edit.start : edit.end].strip())
    start, end = edit.start, edit.end
    while start > 0 and edit.start - start < 20 and not seen[start - 1].isspace():
        start -= 1
    while end < len(seen) and end - edit.end < 20 and not seen[end].isspace():
        end += 1
    after = seen[start : edit.start] + edit.replacement + seen[edit.end : end]
    return f"{_short(seen[start:end])} -> {_short(after)}"


def _short(text: str) -> str:
    """A text in quotes, on one line, its middle left out if it is long; what cannot be seen is named."""
    if len(text) > _WIDTH:
        half = _WIDTH // 2 - 3
        text = f"{text[:half]} ... {text[-half:]}"
    shown = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
    return f"\N{LEFT DOUBLE QUOTATION MARK}{shown}\N{RIGHT DOUBLE QUOTATION MARK}"


def _features(finding: Finding, config: NoiseConfig) -> list[tuple[str, float]]:
    """The strongest features of a span that the noise model found; nothing where a rule speaks for itself."""
    if finding.edit.stage != "noise":
        return []
    from cleaner.noise import explain

    weights = explain(finding.seen, finding.edit, config)
    return sorted(weights, key=lambda weight: -abs(weight[1]))[:FEATURES]
