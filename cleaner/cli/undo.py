"""`cleaner undo`: the original bytes from a cleaned file and its ledger."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

import click

from cleaner.cli.sources import STDIN
from cleaner.cli.streams import Output, say, standard_input
from cleaner.errors import CleanerError
from cleaner.formats import reading, writing
from cleaner.formats.disk import Writable
from cleaner.ledger import find_entry, read_entries, undo
from cleaner.restore import find_file, undo_file

_FILE = click.Path(path_type=Path)


@click.command("undo")
@click.argument("cleaned", type=_FILE, metavar="CLEANED|-")
@click.option("--ledger", required=True, type=_FILE, metavar="FILE", help="The ledger that was written with it.")
@click.option("-o", "--output", type=_FILE, metavar="FILE", help="Write to this file, not to standard output.")
@click.option("--doc", default="", metavar="NAME", help="The document's name in the ledger, where several would fit.")
def command(cleaned: Path, ledger: Path, output: Path | None, doc: str) -> None:
    """Get back the original of a cleaned file, byte for byte.

    The file may have been moved or renamed since, but not changed: its digest must be in the ledger. Of a Parquet table
    the original texts come back, not the bytes; of a web page the text that was extracted from it.
    """
    if cleaned.is_dir():
        raise CleanerError(f"{cleaned}: a folder; give back its files one by one, all with this --ledger")
    content = _content(cleaned)
    with _named(cleaned), content() as stream:
        digest = sha256()
        while piece := stream.read(1 << 20):
            digest.update(piece)
    entry = find_file(ledger, digest.hexdigest(), str(cleaned), doc)
    with _named(cleaned), content() as stream, _named(output), _target(output) as target:
        if entry is not None:
            undo_file(stream, entry, ledger, target)
            return
        data = stream.read()
        document = find_entry(read_entries(ledger), data, str(cleaned), doc)
        target.write(undo(data, document))
        if document.record.get("extracted"):
            say(f"{document.doc}: this is the text that was extracted from the page, not the page")


class _Named(CleanerError):
    """An error whose message begins with the name of the file."""


@contextmanager
def _named(path: Path | None) -> Iterator[None]:
    """Put the file's name before what is wrong with it, where no name stands there yet."""
    try:
        yield
    except CleanerError as error:
        if path is None or type(error) is not CleanerError:
            raise
        raise _Named(f"{path}: {error}") from error


def _content(path: Path) -> Callable[[], AbstractContextManager[BinaryIO]]:
    """What opens the content of a file, unpacked, as often as one likes."""
    if path != STDIN:
        return lambda: _unpacked(path)
    with standard_input() as stream:
        data = stream.read()
    return lambda: nullcontext(BytesIO(data))


@contextmanager
def _unpacked(path: Path) -> Iterator[BinaryIO]:
    with reading(path) as (content, _):
        yield content


@contextmanager
def _target(path: Path | None) -> Iterator[Writable]:
    """Where the original goes."""
    if path is not None:
        with writing(path) as stream:
            yield stream
        return
    output = Output()
    yield output
    output.flush()
