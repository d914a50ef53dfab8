"""Reading files, and writing them whole or not at all."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from typing import Any, BinaryIO, Protocol, cast

from cleaner.errors import CleanerError
from cleaner.formats.packing import packed, packing_of, unpacked
from cleaner.formats.partial import partial_file


def why(error: OSError) -> str:
    """What the system says, in its words without number and name."""
    text = error.strerror or str(error)
    return text[:1].lower() + text[1:]


def read(path: Path) -> bytes:
    """The bytes of a file, unpacked if its name says that it is packed.

    Raises:
        CleanerError: the file cannot be read; the message says why, without the name.
    """
    with reading(path) as (content, _):
        return content.read()


@contextmanager
def reading(path: Path) -> Iterator[tuple[BinaryIO, BinaryIO]]:
    """The content of a file as a stream, unpacked, and the file itself, whose position tells how far one is.

    Raises:
        CleanerError: as `read`, also while it is read inside the block.
    """
    try:
        with path.open("rb") as raw, unpacked(raw, packing_of(path)) as content:
            yield content, raw
    except OSError as error:
        raise CleanerError(why(error)) from error


def write(path: Path, data: bytes) -> None:
    """Put `data` at `path`, packed if the name says so; a process that is killed leaves the old file or the new, and
    beside it perhaps a hidden one, which the next call for `path` removes.

    Args:
        path: the file; a link is followed, a missing folder is made. An old file's permissions and owner stay.
        data: the bytes before packing.

    Raises:
        CleanerError: the file cannot be written; the message says why, without the name.
    """
    with writing(path) as stream:
        stream.write(data)


@contextmanager
def writing(path: Path) -> Iterator[BinaryIO]:
    """A stream to write what shall stand at `path`: as `write`, but piece by piece.

    The file appears when the block ends; where the block fails, nothing has happened.
    """
    path = Path(os.path.realpath(path))
    with _in_words("cannot be written"), _replaced(path, like=path) as raw, packed(raw, packing_of(path)) as stream:
        yield stream


class Digested:
    """A stream to write to that takes the digest of what is written and counts its lines.

    Args:
        stream: where to; None: nowhere. It stays open when this one is closed.
    """

    closed = False

    def __init__(self, stream: Writable | None) -> None:
        self.digest = sha256()
        self.lines = 0
        self._stream = stream
        self._size = 0

    def write(self, data: Any) -> int:
        """Write all of `data`. A CleanerError says in words why that cannot be done."""
        data = bytes(data)
        self.digest.update(data)
        self.lines += data.count(b"\n")
        self._size += len(data)
        if self._stream:
            with _in_words("cannot be written"):
                self._stream.write(data)
        return len(data)

    def tell(self) -> int:
        """Bytes that were written."""
        return self._size

    def flush(self) -> None:
        """Nothing waits here."""

    def close(self) -> None:
        """The stream is closed by whoever has opened it."""


class Writable(Protocol):
    """What bytes can be written to."""

    def write(self, data: bytes, /) -> object: ...


def copy(path: Path, backup: Path) -> None:
    """Keep a file under another name, as it is, as safely as `write`.

    Raises:
        CleanerError: as `write`.
    """
    with _in_words(f"{backup.name} cannot be written"), path.open("rb") as old, _replaced(backup, like=path) as new:
        while piece := old.read(1 << 20):
            new.write(piece)


@contextmanager
def _in_words(what: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise CleanerError(f"{what}: {why(error)}") from error


@contextmanager
def _replaced(path: Path, like: Path) -> Iterator[BinaryIO]:
    if path.exists() and not path.is_file():  # a pipe or device has no old content to protect
        if path.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        with path.open("wb") as stream:
            yield stream
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    with partial_file(path) as (descriptor, partial):
        with open(descriptor, "wb") as stream:
            yield cast(BinaryIO, stream)
            stream.flush()
            if path.exists():  # the old content must not go before the new is on the disk
                os.fsync(stream.fileno())
        _take_mode(partial, like)
        os.replace(partial, path)


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
