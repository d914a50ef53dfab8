"""A progress line on standard error: share of the bytes, documents a second, time left."""

from __future__ import annotations

import sys
import time
from contextlib import suppress
from shutil import get_terminal_size

_TERMINAL_EVERY = 0.2
_FILE_EVERY = 10.0
"""Seconds between two lines, on a terminal that redraws one line, and in a log that keeps them all."""

_BAR = 20


class Progress:
    """Shows how far a long run is.

    Args:
        shown: True: always; False: never; None: on a terminal.
        total: bytes that will be read; 0: not known.
    """

    def __init__(self, shown: bool | None, total: int) -> None:
        self._terminal = sys.stderr is not None and sys.stderr.isatty()
        self._shown = sys.stderr is not None and (self._terminal if shown is None else shown)
        self._total = total
        self._start = self._last = time.monotonic()
        self._drawn = False

    def at(self, read: int, documents: int) -> None:
        """So many bytes have been read, and so many documents are done."""
        now = time.monotonic()
        if not self._shown or now - self._last < (_TERMINAL_EVERY if self._terminal else _FILE_EVERY):
            return
        self._last = now
        line = self._line(read, documents, now - self._start)
        width = get_terminal_size().columns - 1  # a line that wraps could not be drawn over
        self._put(f"\r{line[:width]}\x1b[K" if self._terminal else f"cleaner: {line}\n")
        self._drawn = self._terminal

    def clear(self) -> None:
        """Take the line away, so that something else can be said."""
        if self._drawn:
            self._put("\r\x1b[K")
            self._drawn = False

    def _line(self, read: int, documents: int, seconds: float) -> str:
        rate = f"{documents} documents, {documents / seconds:.0f}/s, {size(read)}"
        if not self._total:
            return rate
        share = min(read / self._total, 1.0)
        full = round(share * _BAR)
        left = _duration(seconds / share - seconds) if share > 0.001 else "?"
        return f"{'#' * full}{'.' * (_BAR - full)} {share:4.0%}  {rate} of {size(self._total)}, {left} left"

    def _put(self, text: str) -> None:
        with suppress(OSError, ValueError):
            sys.stderr.write(text)
            sys.stderr.flush()


def size(count: int) -> str:
    """Bytes in words, e.g. "3.4 MB"."""
    for unit, power in (("GB", 9), ("MB", 6), ("kB", 3)):
        if count >= 10**power:
            return f"{count / 10**power:.1f} {unit}"
    return f"{count} bytes"


def _duration(seconds: float) -> str:
    minutes, seconds = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"
