"""`cleaner labels`: the noise policy, and the labelled documents that are written by it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import click

from cleaner.cli.streams import FAILED, emit_text, say
from cleaner.errors import CleanerError, DataError
from cleaner.formats import read, why
from cleaner.policy import labels

_FILE = click.Path(path_type=Path)


@click.group("labels", invoke_without_command=True)
@click.pass_context
def command(context: click.Context) -> None:
    """Show the noise policy: each label, what is done with it, what it means, and examples."""
    if context.invoked_subcommand is None:
        for label in labels().values():
            examples = "".join(f"    e.g. {example}\n" for example in label.examples)
            emit_text(f"{label.name} ({label.action})\n    {label.definition}\n{examples}\n")


@command.command("check")
@click.argument("files", nargs=-1, required=True, type=_FILE, metavar="FILE...")
def check(files: Sequence[Path]) -> None:
    """Check files of labelled documents (JSON Lines): fields, offsets, quotes, labels."""
    from cleaner.dataset import read_documents

    failed = False
    for file in files:
        try:
            documents = list(read_documents(file))
        except (DataError, OSError, UnicodeDecodeError) as error:
            say(_said(file, error))
            failed = True
            continue
        counts = Counter(span.label for document in documents for span in document.spans)
        spans = ", ".join(f"{label} {count}" for label, count in counts.most_common())
        others = f"{sum(len(d.keeps) for d in documents)} keeps, {sum(len(d.typos) for d in documents)} typos"
        emit_text(f"{file}: {len(documents)} documents, {counts.total()} spans ({spans}), {others}\n")
    if failed:
        raise click.exceptions.Exit(FAILED)


@command.command("import")
@click.argument("marked", type=_FILE, metavar="MARKED")
@click.option("-o", "--output", type=_FILE, metavar="FILE", help="Write to this file, not to standard output.")
def import_marked(marked: Path, output: Path | None) -> None:
    """Turn marked text into labelled documents (JSON Lines).

    Marked text is an article with its spans in brackets, so that nobody counts offsets:

    \b
    === id: harbour-01 | site: courier.example
    The strike ends today.⟦keyword_spam: cheap ferry tickets⟧ ⟦keep: Not a moment too soon.⟧
    """
    from cleaner.dataset import parse_marked, to_record, write_documents

    try:
        text = read(marked).decode()
    except (CleanerError, UnicodeDecodeError) as error:
        raise CleanerError(f"{marked}: {error}") from error
    documents = parse_marked(text, str(marked))
    if output is None:
        emit_text("".join(json.dumps(to_record(document), ensure_ascii=False) + "\n" for document in documents))
        return
    try:
        say(f"{output}: {write_documents(output, documents)} documents")
    except OSError as error:
        raise CleanerError(f"{output}: {why(error)}") from error


def _said(file: Path, error: Exception) -> str:
    if isinstance(error, DataError):
        return str(error)
    return f"{file}: {why(error) if isinstance(error, OSError) else error}"
