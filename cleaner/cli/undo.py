"""`cleaner undo`: the original bytes from cleaned files and their ledger."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

import click

from cleaner.cli.sources import STDIN
from cleaner.cli.streams import FAILED, Output, say, standard_input
from cleaner.errors import CleanerError
from cleaner.formats import reading, writing
from cleaner.formats.disk import Writable
from cleaner.formats.folders import Skipped, find
from cleaner.ledger import undo
from cleaner.restore import Documents, Known, undo_file

_FILE = click.Path(path_type=Path)


@click.command("undo")
@click.argument("cleaned", type=_FILE, metavar="CLEANED|-")
@click.option("--ledger", required=True, type=_FILE, metavar="FILE", help="The ledger that was written with it.")
@click.option("-o", "--output", type=_FILE, metavar="PATH", help="Write to this file, or below this folder.")
@click.option("--doc", default="", metavar="NAME", help="The document's name in the ledger, where several would fit.")
@click.pass_context
def command(context: click.Context, cleaned: Path, ledger: Path, output: Path | None, doc: str) -> None:
    """Get back the original of a cleaned file, or of all those of a folder, byte for byte.

    The files may have been moved or renamed since, but not changed: their digests must be in the ledger. Of a folder
    each original goes to the same place below the folder that -o names. Of a Parquet table the original texts come
    back, not the bytes; of a web page the text that was extracted from it.
    """
    if cleaned.is_dir():
        context.exit(_undo_folder(cleaned, ledger, output, doc))
    content = _content(cleaned)
    with _named(cleaned):
        digest = _digest(content)
    known = Known.of(ledger, {digest}, {cleaned.name, Path(doc).name})
    _undo(content, digest, known, Documents(ledger), output, str(cleaned), doc)


def _undo_folder(cleaned: Path, ledger: Path, output: Path | None, doc: str) -> int:
    """The originals of all files of a folder; what cannot be given back is said, and the rest goes on."""
    if output is None or doc:
        what = "name a folder for the originals with -o" if output is None else "--doc names one document, of one file"
        raise click.UsageError(f"{cleaned} is a folder: {what}")
    if output.exists() and not output.is_dir():
        raise CleanerError(f"{output}: a file; the originals of a folder need a folder")
    in_place = output.resolve() == cleaned.resolve()
    digests: dict[Path, str] = {}
    given = failed = passed_over = 0
    for file in find(cleaned, None if in_place else output):
        try:
            if not isinstance(file, Skipped) and _same_file(file.path, ledger):
                continue
            if isinstance(file, Skipped):
                if file.error:
                    raise CleanerError(f"{file.path}: {file.error}")
                passed_over += 1
            else:
                with _named(file.path):
                    digests[file.below] = _digest(_content(file.path))
        except CleanerError as error:
            failed += 1
            say(str(error))
    known = Known.of(ledger, set(digests.values()), {path.name for path in digests})
    documents = Documents(ledger)
    for path, digest in sorted(digests.items(), key=lambda item: known.first_row(item[1], str(item[0]))):
        try:
            if _same_file(output / path, ledger):
                raise CleanerError(f"{output / path}: the ledger; choose another folder")
            _undo(_content(cleaned / path), digest, known, documents, output / path, str(path), doc)
            given += 1
        except CleanerError as error:
            failed += 1
            say(str(error))
    rest = f", {failed} not" if failed else ""
    rest += f", {passed_over} passed over (their endings tell no format)" if passed_over else ""
    say(f"{given} given back{rest}")
    return FAILED if failed else 0


def _same_file(path: Path, other: Path) -> bool:
    return path.exists() and other.exists() and path.samefile(other)


def _digest(content: Callable[[], AbstractContextManager[BinaryIO]]) -> str:
    digest = sha256()
    with content() as stream:
        while piece := stream.read(1 << 20):
            digest.update(piece)
    return digest.hexdigest()


def _undo(
    content: Callable[[], AbstractContextManager[BinaryIO]],
    digest: str,
    known: Known,
    documents: Documents,
    output: Path | None,
    name: str,
    doc: str,
) -> None:
    """Write the original of one file."""
    entry = known.file(digest, name, doc)
    if entry is None:
        with _named(Path(name)), content() as stream:
            data = stream.read()
        document = known.document(data, name, doc)
        with _named(output), _target(output) as target:
            target.write(undo(data, document))
        if document.record.get("extracted"):
            say(f"{document.doc}: this is the text that was extracted from the page, not the page")
        return
    with _named(Path(name)), content() as stream, _named(output), _target(output) as target:
        undo_file(stream, entry, documents, target)


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
