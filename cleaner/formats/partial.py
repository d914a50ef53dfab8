"""The hidden file that new content is written to before it takes its place.

Its name says which file it is for, and whoever writes it holds a lock on it. A process that is killed leaves the file,
but not the lock; so the next one that writes the same file finds what is left, sees that nobody writes it, and removes
it. What is locked, belongs to somebody else or is no plain file is left alone, and another name is taken; so it is
where there are no such locks (Windows, some network file systems).
"""

from __future__ import annotations

import os
import stat
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

if sys.platform != "win32":
    import fcntl

ENDING = ".cleaner.tmp"
_NAME = 40
"""Characters of the file's own name; the whole must not be too long."""


@contextmanager
def partial_file(path: Path) -> Iterator[tuple[int, Path]]:
    """A new, empty file beside `path`: its descriptor, which whoever gets it closes, and where it is.

    It is locked to the end of the block, and removed where the block fails.

    Raises:
        OSError: it cannot be made.
    """
    descriptor, partial = _made(path)
    lock = None if sys.platform == "win32" else os.dup(descriptor)  # an open file cannot be renamed there
    try:
        yield descriptor, partial
    except BaseException:
        with suppress(OSError):
            os.unlink(partial)
        raise
    finally:
        if lock is not None:
            os.close(lock)


def _made(path: Path) -> tuple[int, Path]:
    name = path.with_name(f".{path.name[:_NAME]}{ENDING}")
    descriptor = _claimed(name)
    if descriptor is not None:
        return descriptor, name
    descriptor, other = tempfile.mkstemp(prefix=f".{path.name[:_NAME]}.", suffix=".tmp", dir=path.parent)
    return descriptor, Path(other)


def _claimed(path: Path) -> int | None:
    """A new file at `path`, locked and open for writing; None where that cannot be had."""
    if sys.platform == "win32":
        return None
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
    try:
        try:
            descriptor = os.open(path, flags, 0o600)
        except FileExistsError:
            _remove_left_behind(path)
            descriptor = os.open(path, flags, 0o600)
    except OSError:
        return None
    try:
        _lock(descriptor, path)
    except OSError as error:
        os.close(descriptor)
        if not isinstance(error, (BlockingIOError, FileNotFoundError)):  # there are no locks here; it is still ours
            with suppress(OSError):
                os.unlink(path)
        return None
    return descriptor


def _remove_left_behind(path: Path) -> None:
    """Remove a file that nobody writes any more.

    Raises:
        OSError: somebody does, or it is not ours to remove.
    """
    flags = os.O_NOFOLLOW | os.O_NONBLOCK
    try:
        descriptor = os.open(path, os.O_RDWR | flags)  # network file systems lock only what may be written
    except PermissionError:
        descriptor = os.open(path, os.O_RDONLY | flags)
    try:
        if stat.S_ISREG(os.fstat(descriptor).st_mode):
            _lock(descriptor, path)
            os.unlink(path)
    finally:
        os.close(descriptor)


def _lock(descriptor: int, path: Path) -> None:
    """Lock an open file that stands at `path`, without waiting.

    Raises:
        BlockingIOError: somebody else has the lock.
        FileNotFoundError: it does not stand there any more.
        OSError: there are no locks here.
    """
    fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    if not os.path.samestat(os.fstat(descriptor), os.lstat(path)):
        raise FileNotFoundError(path)
