"""Line endings: in memory every line ends in one LF."""

from __future__ import annotations

import re

from cleaner.edits import Edit

REASONS = {
    "line_ending": "In memory every line ends in one line feed; carriage returns are line endings of other systems."
}

_CARRIAGE_RETURNS = re.compile(r"(?:\r\n){8,}|\r+\n?")


def line_endings(text: str) -> tuple[Edit, ...]:
    """The edits that turn CR LF, CR CR LF and CR into one LF each; nothing to do costs one search."""
    if "\r" not in text:
        return ()
    return tuple(_line_ending(match) for match in _CARRIAGE_RETURNS.finditer(text))


def _line_ending(match: re.Match[str]) -> Edit:
    run = match.group()
    if run.endswith("\n"):  # the last LF stays; up to two CR before an LF belong to it
        blank = run.count("\n") - 1 or max(run.count("\r") - 2, 0)
        return Edit(match.start(), match.end() - 1, "\n" * blank, "decode", "line_ending")
    return Edit(match.start(), match.end(), "\n" * len(run), "decode", "line_ending")
