"""Standard input, output and error: text goes to output as bytes, everything said to a person goes to error."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import BinaryIO

import click

from cleaner.errors import CleanerError
from cleaner.formats import why

FOUND, USAGE, FAILED, INTERRUPTED = 1, 2, 123, 130


class BrokenOutput(Exception):
    """Nobody reads our output any more (`reason` is empty), or it cannot be written."""

    def __init__(self, reason: str = "") -> None:
        super().__init__(reason)
        self.reason = reason


def say(message: str) -> None:
    """One line for a person, on standard error."""
    line = "".join(c if c.isprintable() else ascii(c)[1:-1] for c in message)
    with suppress(OSError, ValueError):  # standard error is closed: nobody is left to be told
        click.echo(f"cleaner: {line}", err=True)


def emit(data: bytes) -> None:
    """Write to standard output."""
    if sys.stdout is None:
        raise BrokenOutput("closed")
    rest = memoryview(data)
    try:
        while rest:  # without a buffer (PYTHONUNBUFFERED) one call may write a part
            rest = rest[sys.stdout.buffer.write(rest) :]
        sys.stdout.buffer.flush()
    except BrokenPipeError as error:
        raise BrokenOutput from error
    except OSError as error:
        raise BrokenOutput(why(error)) from error


def emit_text(text: str) -> None:
    """Write text to standard output, as UTF-8 whatever the locale says."""
    emit(text.encode("utf-8", "surrogatepass"))


def abandon_output() -> None:
    """Send what is still in the buffer nowhere, so that the interpreter does not try again at its end."""
    with suppress(OSError, ValueError, AttributeError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)


@contextmanager
def standard_input() -> Iterator[BinaryIO]:
    """Standard input as bytes.

    Raises:
        CleanerError: it is closed or cannot be read.
    """
    if sys.stdin is None:
        raise CleanerError("closed")
    if sys.stdin.isatty():
        say("reading from the terminal; end with Ctrl-D")
    try:
        yield sys.stdin.buffer
    except OSError as error:
        raise CleanerError(why(error)) from error


class Output:
    """Standard output as a stream of bytes that are kept until they are many, or `flush` is called."""

    def __init__(self) -> None:
        self._waiting: list[bytes] = []
        self._size = 0

    def write(self, data: bytes) -> None:
        """Write all of `data`, now or later."""
        self._waiting.append(data)
        self._size += len(data)
        if self._size > 1 << 20:
            self.flush()

    def flush(self) -> None:
        """Write what is waiting."""
        if self._waiting:
            emit(b"".join(self._waiting))
        self._waiting, self._size = [], 0


def coloured() -> bool:
    """Whether standard output is a terminal whose user has not asked for no colours (https://no-color.org)."""
    return sys.stdout is not None and sys.stdout.isatty() and not os.environ.get("NO_COLOR")
