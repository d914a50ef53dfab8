"""The file that broken records go to."""

from __future__ import annotations

import os
from pathlib import Path
from typing import BinaryIO, cast

from cleaner.errors import CleanerError
from cleaner.formats import why


class Rejects:
    """The file that broken records go to, as they stand in their files; made when the first one comes.

    Args:
        path: the file.
        go_on: add to what an earlier run has put there: in place, there is no other copy of it.
    """

    def __init__(self, path: Path, go_on: bool) -> None:
        self.path = path
        self._mode = "ab" if go_on else "wb"
        self._stream: BinaryIO | None = None

    def write(self, raw: bytes) -> None:
        """Put in a broken record."""
        try:
            if self._stream is None:
                self._stream = cast(BinaryIO, self.path.open(self._mode))
            self._stream.write(raw if raw.endswith(b"\n") else raw + b"\n")
        except OSError as error:
            raise CleanerError(f"{self.path}: the rejects cannot be written: {why(error)}") from error

    def to_disk(self) -> None:
        """Return when all that was written is on the disk."""
        if self._stream:
            try:
                self._stream.flush()
                os.fsync(self._stream.fileno())
            except OSError as error:
                raise CleanerError(f"{self.path}: the rejects cannot be written: {why(error)}") from error

    def close(self) -> None:
        """Finish the file."""
        if self._stream:
            self._stream.close()
