"""`cleaner undo`: the original bytes from a cleaned file and its ledger."""

from __future__ import annotations

from pathlib import Path

import click

from cleaner.cli.sources import Source
from cleaner.cli.streams import emit
from cleaner.errors import CleanerError
from cleaner.formats import write
from cleaner.ledger import find_entry, read_entries, undo

_FILE = click.Path(path_type=Path)


@click.command("undo")
@click.argument("cleaned", type=_FILE, metavar="CLEANED|-")
@click.option("--ledger", required=True, type=_FILE, metavar="FILE", help="The ledger that was written with it.")
@click.option("-o", "--output", type=_FILE, metavar="FILE", help="Write to this file, not to standard output.")
@click.option("--doc", default="", metavar="NAME", help="The document's name in the ledger, where several would fit.")
def command(cleaned: Path, ledger: Path, output: Path | None, doc: str) -> None:
    """Get back the original of a cleaned file, byte for byte.

    The file may have been moved or renamed since, but not changed: its digest must be in the ledger.
    """
    try:
        data = Source(str(cleaned), cleaned, cleaned).read()
    except CleanerError as error:
        raise CleanerError(f"{cleaned}: {error}") from error
    original = undo(data, find_entry(read_entries(ledger), data, str(cleaned), doc))
    if output is None:
        emit(original)
        return
    try:
        write(output, original)
    except CleanerError as error:
        raise CleanerError(f"{output}: {error}") from error
