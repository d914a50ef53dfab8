"""Documents on disk: finding text files, reading them, and writing cleaned text back whole or not at all.

What is written is UTF-8. Two habits of a file are its own and stay: a byte order mark on UTF-8, and line ends, where
all of them are of one kind. A file whose name ends in `.gz` is read and written through gzip.
"""

from __future__ import annotations

import errno
import json
import os
import stat
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from cleaner.edits import Edit, apply
from cleaner.errors import CleanerError
from cleaner.result import CleanResult, Step

TEXT_ENDINGS = (".txt", ".md", ".text")
"""Endings of the files that are taken from a folder, each also with `.gz` behind it."""

_BOM = b"\xef\xbb\xbf"


# ------------------------------------------------------------------------------------------------------ finding files


@dataclass(frozen=True, slots=True)
class TextFile:
    """A file to clean: where it is, and its path below the folder that was named (its name, if it was named itself)."""

    path: Path
    below: Path


@dataclass(frozen=True, slots=True)
class Skipped:
    """What was met on the way and not taken: `error` says why a folder could not be read; empty: it is no text file."""

    path: Path
    error: str = ""


def is_text_name(name: str) -> bool:
    """Whether a file of this name is taken from a folder."""
    name = name.lower().removesuffix(".gz")
    return name.endswith(TEXT_ENDINGS)


def find(path: Path, leave_out: Path | None = None) -> Iterator[TextFile | Skipped]:
    """The file `path`, or the text files in the folder `path` and its subfolders, in a fixed order.

    Hidden files and folders are passed over, and so is the folder `leave_out` (where the output goes).
    Links to folders are not followed.
    """
    if not path.is_dir():
        yield TextFile(path, Path(path.name))
        return
    unreadable: list[OSError] = []
    for folder, folders, names in os.walk(path, onerror=unreadable.append):
        here = Path(folder)
        folders[:] = sorted(f for f in folders if not f.startswith(".") and not _same(here / f, leave_out))
        for name in sorted(names):
            if name.startswith("."):
                continue
            file = here / name
            yield TextFile(file, file.relative_to(path)) if is_text_name(name) else Skipped(file)
    for error in unreadable:
        yield Skipped(Path(error.filename), str(error.strerror))


def _same(path: Path, other: Path | None) -> bool:
    return other is not None and other.exists() and path.samefile(other)


# ------------------------------------------------------------------------------------------------ reading and writing


def read(path: Path) -> bytes:
    """The bytes of a text file, unpacked if its name ends in `.gz`.

    Raises:
        CleanerError: the file cannot be read; the message says why, without the name.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise CleanerError(why(error)) from error
    return unpack(data) if is_packed(path) else data


RECORD_ENDINGS = (".jsonl", ".ndjson", ".json", ".csv", ".tsv", ".parquet", ".html", ".htm", ".xml")


def refuse_records(name: str, data: bytes) -> bytes:
    """`data`, unless it is a table, records or markup: cleaned as one text it would be broken.

    Raises:
        CleanerError: the name has such an ending, or the first line is a JSON object; the message says what to do.
    """
    ending = next((e for e in RECORD_ENDINGS if name.lower().removesuffix(".gz").endswith(e)), "")
    if ending or _is_json_object(data.lstrip()[:MOST_OF_A_RECORD].split(b"\n", 1)[0]):
        what = f"a {ending} file" if ending else "JSON Lines"
        raise CleanerError(f"{what} is not plain text and is left as it is; clean its texts with Cleaner().clean_many")
    return data


MOST_OF_A_RECORD = 1 << 20


def _is_json_object(line: bytes) -> bool:
    try:
        return line.startswith(b"{") and isinstance(json.loads(line), dict)
    except (ValueError, RecursionError):
        return False


def write(path: Path, data: bytes) -> None:
    """Put `data` at `path`, packed if the name ends in `.gz`; a process that is killed leaves the old file or the new.

    Args:
        path: the file; a link is followed, a missing folder is made. An old file's permissions and owner stay.
        data: the bytes before packing.

    Raises:
        CleanerError: the file cannot be written; the message says why, without the name.
    """
    path = Path(os.path.realpath(path))
    with _in_words("cannot be written"):
        _replace(path, pack(data) if is_packed(path) else data, like=path)


def copy(path: Path, backup: Path) -> None:
    """Keep a file under another name, as it is, as safely as `write`.

    Raises:
        CleanerError: as `write`.
    """
    with _in_words(f"{backup.name} cannot be written"):
        _replace(backup, path.read_bytes(), like=path)


@contextmanager
def _in_words(what: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise CleanerError(f"{what}: {why(error)}") from error


def _replace(path: Path, data: bytes, like: Path) -> None:
    if path.exists() and not path.is_file():  # a pipe or device has no old content to protect
        if path.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        path.write_bytes(data)
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, temporary = tempfile.mkstemp(prefix=f".{path.name[:40]}.", suffix=".tmp", dir=path.parent)
    try:
        with open(descriptor, "wb") as stream:
            stream.write(data)
            stream.flush()
            if path.exists():  # the old content must not go before the new is on the disk
                os.fsync(stream.fileno())
        _take_mode(Path(temporary), like)
        os.replace(temporary, path)
    except BaseException:
        with suppress(OSError):
            os.unlink(temporary)
        raise


def _take_mode(path: Path, like: Path) -> None:
    try:
        old = like.stat()
    except FileNotFoundError:
        mask = os.umask(0)
        os.umask(mask)
        path.chmod(0o666 & ~mask)
        return
    with suppress(OSError):  # only root may give a file away
        os.chown(path, old.st_uid, old.st_gid)
    path.chmod(stat.S_IMODE(old.st_mode))


def is_packed(path: Path) -> bool:
    """Whether the name says that the file is packed with gzip."""
    return path.name.lower().endswith(".gz")


def unpack(data: bytes) -> bytes:
    """What gzip has packed.

    Raises:
        CleanerError: `data` is no gzip file, or a damaged one.
    """
    import gzip
    import zlib

    try:
        return gzip.decompress(data)
    except (OSError, EOFError, zlib.error) as error:
        raise CleanerError(f"not a whole gzip file ({error})") from error


def pack(data: bytes) -> bytes:
    """`data` packed with gzip, the same bytes each time."""
    import gzip

    return gzip.compress(data, mtime=0)


def why(error: OSError) -> str:
    """What the system says, in its words without number and name."""
    text = error.strerror or str(error)
    return text[:1].lower() + text[1:]


# ----------------------------------------------------------------------------------------- what a file keeps of its own


def encoded(result: CleanResult) -> bytes:
    """The cleaned text as bytes: UTF-8, with a byte order mark where the source was UTF-8 with one."""
    mark = _BOM if result.decoded.bom and result.decoded.encoding == "utf-8" else b""
    return mark + result.text.encode("utf-8", "surrogatepass")


def decoded_output(data: bytes, bom: bool, encoding: str) -> str:
    """The text of what `encoded` gave for a source with this `bom` and `encoding`."""
    if bom and encoding == "utf-8":
        data = data.removeprefix(_BOM)
    return data.decode("utf-8", "surrogatepass")


def in_own_line_ends(result: CleanResult) -> CleanResult:
    """The result as it would be if the stages had worked in the line ends of the source.

    Where all line ends of the source are CR LF, or all are CR, every step is carried over to a text with these line
    ends, and the step that made them LF is gone: replay, changes and marks then say nothing of line ends. Where they
    are mixed, the output has LF, and the result stays as it is.
    """
    source = result.decoded.text
    ending = _line_end(source)
    if ending == "\n" or not result.steps or result.steps[0].stage != "decode":
        return result
    text = apply(source, result.steps[0].applied)
    steps: list[Step] = []
    for step in result.steps[1:]:
        steps.append(Step(step.stage, _carried(text, step.applied, ending), _carried(text, step.withheld, ending)))
        text = apply(text, step.applied)
    return replace(result, text=text.replace("\n", ending), steps=tuple(steps))


def _line_end(text: str) -> str:
    """The one line end of a text; LF where there are several kinds, or none."""
    returns = text.count("\r")
    if not returns:
        return "\n"
    feeds = text.count("\n")
    if not feeds:
        return "\r"
    return "\r\n" if returns == feeds == text.count("\r\n") else "\n"


def _carried(text: str, edits: Iterable[Edit], ending: str) -> tuple[Edit, ...]:
    carried, last, shift, wider = [], 0, 0, len(ending) - 1
    for edit in edits:
        shift += wider * text.count("\n", last, edit.start)
        start = edit.start + shift
        shift += wider * text.count("\n", edit.start, edit.end)
        replacement = edit.replacement.replace("\n", ending)
        carried.append(edit._replace(start=start, end=edit.end + shift, replacement=replacement))
        last = edit.end
    return tuple(carried)
